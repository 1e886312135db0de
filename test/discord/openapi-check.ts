import { readFileSync } from 'node:fs';
import type { Ajv2020, ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { discordDescription } from '../shared-folder.js';
import type { Problem } from './api-error.js';
import {
  type Body,
  type OpenApiDocument,
  type Operation,
  resolved,
  type Schema,
  validatorOf,
} from './openapi-schemas.js';

/** What was found against a request. */
export interface OpenApiFindings {
  /** What Discord would refuse. */
  readonly problems: readonly Problem[];
  /** What it would pass over, but what is most likely a misspelling. */
  readonly oddities: readonly Problem[];
}

/**
 * Fields that the description does not know where they stand, and that are nevertheless no misspellings:
 * - `file_types` is too new for it;
 * - `nsfw`, `dm_permission` and `handler` stand in its answers, but not in every request;
 * - discord.js gives all kinds of messages the same fields, those of the last two lines.
 */
const knownFields = new Set([
  'file_types',
  ...['nsfw', 'dm_permission', 'handler'],
  ...['tts', 'nonce', 'enforce_nonce', 'message_reference', 'sticker_ids', 'poll', 'shared_client_theme'],
  ...['username', 'avatar_url', 'thread_name', 'applied_tags'],
]);

/**
 * Places where fields that the description does not know are in order: discord.js lists an attachment that is to stay with
 * all that it knows of it.
 */
const openPlaces = /^\/(data\/)?attachments\/\d+$/;

/** Preparing a description takes long enough to do it once only. */
const checks = new Map<string, OpenApiCheck>();

/** Discord's OpenAPI description of itself, held against requests. */
export class OpenApiCheck {
  readonly #document: OpenApiDocument;
  readonly #ajv: Ajv2020;
  readonly #templates: readonly { readonly template: string; readonly parts: readonly string[] }[];
  readonly #validators = new Map<string, ValidateFunction>();

  constructor(path: string) {
    this.#document = JSON.parse(readFileSync(path, 'utf8')) as OpenApiDocument;
    this.#ajv = validatorOf(this.#document);
    this.#templates = Object.keys(this.#document.paths)
      .map((template) => ({ template, parts: template.split('/') }))
      // Fixed parts go before variable ones: /users/@me before /users/{user_id}.
      .sort((a, b) => a.template.split('{').length - b.template.split('{').length);
  }

  /** The check by the description that is named, by the environment or beside the repository; undefined without one. */
  static find(path: string | undefined): OpenApiCheck | undefined {
    const chosen = path ?? process.env.DISCORD_OPENAPI ?? discordDescription.path;
    if (chosen === '' || (chosen === discordDescription.path && discordDescription.isMissing)) return undefined;
    const check = checks.get(chosen) ?? new OpenApiCheck(chosen);
    checks.set(chosen, check);
    // A bot that is measured is not to wait for this.
    check.check('POST', '/interactions/0/0/callback', new URLSearchParams(), { type: 1 });
    return check;
  }

  /** Holds a request against the description. */
  check(method: string, path: string, query: URLSearchParams, body: unknown): OpenApiFindings {
    const template = this.#template(path);
    const operation = template === undefined ? undefined : this.#document.paths[template]?.[method.toLowerCase()];
    if (template === undefined || !operation) {
      return { problems: [{ path: '', message: 'Discord has no such operation' }], oddities: [] };
    }
    const found = this.#queryProblems(template, method, operation, query);
    const schema = bodySchema(operation.requestBody, `${pointerTo(template, method)}/requestBody`);
    if (!schema) return { problems: found, oddities: [] };
    const errors = deepest(this.#errors(`${method} ${template}`, schema, body)).filter(isOfInterest);
    const oddities = errors.filter(isUnknownField);
    const wrong = errors.filter((error) => !isUnknownField(error));
    return { problems: [...found, ...wrong.map(toProblem)], oddities: oddities.map(toProblem) };
  }

  /** Holds an answer of the local Discord against the description. */
  checkAnswer(method: string, path: string, status: number, body: unknown): readonly Problem[] {
    const template = this.#template(path);
    const answer = this.#document.paths[template ?? '']?.[method.toLowerCase()]?.responses[status];
    if (template === undefined || !answer) return [{ path: '', message: `Discord does not answer ${status} to this` }];
    const schema = bodySchema(answer, `${pointerTo(template, method)}/responses/${status}`);
    const errors = schema ? this.#errors(`${status} of ${method} ${template}`, schema, body) : [];
    return deepest(errors)
      .filter((error) => !isUnknownField(error))
      .map(toProblem);
  }

  #template(path: string): string | undefined {
    const parts = path.split('/');
    return this.#templates.find(
      (candidate) =>
        candidate.parts.length === parts.length &&
        candidate.parts.every((part, index) => part.startsWith('{') || part === parts[index]),
    )?.template;
  }

  #queryProblems(template: string, method: string, operation: Operation, query: URLSearchParams): Problem[] {
    const parameters = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query');
    const problems: Problem[] = [];
    for (const [name, text] of query) {
      const parameter = parameters.find((each) => each.name === name);
      if (!parameter) {
        problems.push({ path: `query.${name}`, message: 'there is no such parameter' });
        continue;
      }
      const key = `${method} ${template}?${name}`;
      // Numbers and booleans stand in a query as text.
      const isRight = [text, parsed(text)].some(
        (value) => this.#errors(key, resolved(parameter.schema), value).length === 0,
      );
      if (!isRight) {
        problems.push({ path: `query.${name}`, message: `is not what it should be: "${text}"` });
      }
    }
    for (const { name, required } of parameters) {
      if (required && !query.has(name)) problems.push({ path: `query.${name}`, message: 'is missing' });
    }
    return problems;
  }

  /** Validators are compiled when they are first needed, which takes as much as a few hundred milliseconds. */
  #errors(key: string, schema: Schema, value: unknown): readonly ErrorObject[] {
    const validate = this.#validators.get(key) ?? this.#ajv.compile(schema);
    this.#validators.set(key, validate);
    return validate(value) ? [] : (validate.errors ?? []);
  }
}

function pointerTo(template: string, method: string): string {
  return `discord#/paths/${encodeURI(template.replaceAll('~', '~0').replaceAll('/', '~1'))}/${method.toLowerCase()}`;
}

function bodySchema(body: Body | undefined, pointer: string): Schema | undefined {
  return body?.content?.['application/json'] && { $ref: `${pointer}/content/application~1json/schema` };
}

function unknownField({ keyword, params }: ErrorObject): string | undefined {
  return keyword === 'additionalProperties' ? (params as { additionalProperty: string }).additionalProperty : undefined;
}

function isUnknownField(error: ErrorObject): boolean {
  return unknownField(error) !== undefined;
}

function isOfInterest(error: ErrorObject): boolean {
  const field = unknownField(error);
  return field === undefined || !(knownFields.has(field) || openPlaces.test(error.instancePath));
}

/** Errors without those that only say that there is another one, at the same place or further inside. */
function deepest(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const isOfUnion = ({ keyword }: ErrorObject) => keyword === 'oneOf' || keyword === 'anyOf' || keyword === 'if';
  return errors.filter(
    (error) =>
      !isOfUnion(error) ||
      !errors.some((other) => !isOfUnion(other) && `${other.instancePath}/`.startsWith(`${error.instancePath}/`)),
  );
}

function toProblem(error: ErrorObject): Problem {
  const { instancePath, message, keyword } = error;
  const path = instancePath.split('/').filter(Boolean).join('.');
  const field = unknownField(error);
  return { path, message: field === undefined ? (message ?? keyword) : `Discord knows no field "${field}" here` };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
