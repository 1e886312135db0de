import { Ajv2020 } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';

export interface Schema {
  readonly [keyword: string]: unknown;
}

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Schema;
}

export interface Body {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

export interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Body;
  readonly responses: Readonly<Record<string, Body>>;
}

/** The parts of an OpenAPI 3.1 description that are used here. */
export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** Schema of permissions: the description says a number, but Discord takes and sends a text of digits. */
const permissionsSchema = { type: ['string', 'integer', 'null'], pattern: '^\\d+$' };

/**
 * Returns a validator that knows the description by the name `discord`. The description is changed so that findings are
 * better:
 * - unions of components, options and callbacks are told apart by their `type`, and unions with null by whether the
 *   value is null, so that a finding is about the schema that was meant;
 * - objects have no fields beyond those named.
 */
export function validatorOf(document: OpenApiDocument): Ajv2020 {
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false, code: { optimize: false } });
  ajvFormats.default(ajv, ['date-time', 'uri', 'double', 'int32', 'int64']);
  ajv.addFormat('snowflake', /^\d{1,20}$/);
  ajv.addFormat('nonce', true);
  return ajv.addSchema(sharpened(document) as Schema, 'discord');
}

/** Returns a copy of a schema whose references lead into the description, so that it can be compiled by itself. */
export function resolved(schema: Schema): Schema {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"discord#/')) as Schema;
}

function sharpened(document: OpenApiDocument): unknown {
  const typesOf = (schema: unknown): readonly number[] | undefined => {
    const name = (schema as { $ref?: string }).$ref?.split('/').at(-1) ?? '';
    return (document.components.schemas[name] as Typed | undefined)?.properties?.type?.enum;
  };
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit);
    if (typeof value !== 'object' || value === null) return value;
    const schema = Object.fromEntries(
      Object.entries(value).map(([key, inside]) => [
        key,
        key === 'default_member_permissions' ? permissionsSchema : visit(inside),
      ]),
    );
    const union = schema.oneOf ?? schema.anyOf;
    if (Array.isArray(union) && union.length > 1 && union.every(typesOf)) {
      const { oneOf, anyOf, ...rest } = schema;
      const types = union.flatMap((each) => typesOf(each) ?? []);
      const isNot = (each: unknown) => ({ properties: { type: { not: { enum: typesOf(each) } } } });
      const allOf = union.map((each) => ({ if: isNot(each), else: each }));
      return { ...rest, type: 'object', required: ['type'], properties: { type: { enum: types } }, allOf };
    }
    const [first, second, ...others] = Array.isArray(union) ? (union as readonly Schema[]) : [];
    if (first?.type === 'null' && second && others.length === 0) {
      const { oneOf, anyOf, ...rest } = schema;
      return { ...rest, if: { type: 'null' }, else: second };
    }
    const isOpen = schema.type !== 'object' || !schema.properties || schema.additionalProperties !== undefined;
    return isOpen ? schema : { ...schema, additionalProperties: false };
  };
  return visit(document);
}

interface Typed {
  readonly properties?: { readonly type?: { readonly enum?: readonly number[] } };
}
