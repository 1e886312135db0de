import type { z } from 'zod';
import { CodedError } from '../../coded-error.js';

/**
 * Version of all that bot and workers tell each other in Redis: jobs, outcomes, news. A worker takes jobs of its own
 * version only, so this goes up with every change after which bot and worker could not understand each other.
 */
export const jobSchemaVersion = 2;

/** Parses JSON that the other side wrote, with a reviver as for `JSON.parse`; undefined where it isn't understood. */
export function understood<Schema extends z.ZodType>(
  text: string | null,
  schema: Schema,
  revive?: (key: string, value: unknown) => unknown,
): z.infer<Schema> | undefined {
  try {
    return schema.safeParse(JSON.parse(text ?? 'null', revive)).data;
  } catch {
    return undefined;
  }
}

/** Makes the error of a worker whose bot speaks another version of the job schema. */
export function schemaMismatch(botVersion: number): CodedError {
  return new CodedError(
    'worker',
    'schema-mismatch',
    `The bot speaks version ${botVersion} of the job schema, and this worker version ${jobSchemaVersion}: ` +
      `update ${botVersion > jobSchemaVersion ? 'this worker' : 'the bot'} to the other's version of whitewalker.`,
  );
}
