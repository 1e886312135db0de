import { readFileSync } from 'node:fs';
import type { Ajv2020, ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import type { Problem } from './api-error.js';
import {
  type Body,
  type OpenApiDocument,
  type Operation,
  resolved,
  type Schema,
  validatorOf,
} from './openapi-schemas.js';

/** What a check of a request has found. */
export interface OpenApiFindings {
  /** What Discord would refuse. */
  readonly problems: readonly Problem[];
  /** Fields that Discord would ignore, but that are most likely misspelt. */
  readonly oddities: readonly Problem[];
}

/**
 * Fields that are in order in requests although Discord's OpenAPI description does not know them there:
 * - `file_types` is too new for the description;
 * - `nsfw`, `dm_permission` and `handler` stand in its answers, but not in every request;
 * - discord.js gives all kinds of messages the same fields, those from `tts` on.
 */
const knownFields = new Set([
  'file_types',
  ...['nsfw', 'dm_permission', 'handler'],
  ...['tts', 'nonce', 'enforce_nonce', 'message_reference', 'sticker_ids', 'poll', 'shared_client_theme'],
  ...['username', 'avatar_url', 'thread_name', 'applied_tags'],
]);

/**
 * JSON pointers of objects that may have fields unknown to the description: discord.js lists an attachment that is to
 * stay with all that it knows of it.
 */
const openPlaces = /^\/(data\/)?attachments\/\d+$/;

/** Checks by the path of their description: preparing one takes so long that it is done only once. */
const checks = new Map<string, OpenApiCheck>();

/** Checks requests, and answers, against Discord's OpenAPI description of itself. */
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
      // Paths with fixed parts are looked up before those with variables: /users/@me before /users/{user_id}.
      .sort((a, b) => a.template.split('{').length - b.template.split('{').length);
  }

  /**
   * Returns the check by the description at `path`, or at the path in DISCORD_OPENAPI; undefined without one.
   */
  static find(path: string | undefined): OpenApiCheck | undefined {
    const chosen = path ?? process.env.DISCORD_OPENAPI ?? '';
    if (chosen === '') return undefined;
    const check = checks.get(chosen) ?? new OpenApiCheck(chosen);
    checks.set(chosen, check);
    // Compiling takes time that a measured bot must not wait for, so the first validator is compiled here.
    check.check('POST', '/interactions/0/0/callback', new URLSearchParams(), { type: 1 });
    return check;
  }

  /** Checks a request against the description. */
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

  /** Checks an answer of the local Discord against the description; returns what is wrong with it. */
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
      // A query has numbers and booleans as text, so each value is tried as text and as JSON.
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

  /** Returns a value's errors. Validators are compiled at first use, which takes up to a few hundred milliseconds. */
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

/** Leaves out errors of unions that only say that there is another error, at the same field or further inside. */
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
