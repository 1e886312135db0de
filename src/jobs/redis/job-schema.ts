import { CodedError } from '../../coded-error.js';

/**
 * Counts changes of what bot and workers tell each other in Redis: jobs, outcomes, messages. A worker takes jobs of its own
 * version only, so this goes up with every change after which the one could not understand the other.
 */
export const jobSchemaVersion = 1;

/** The error of a worker whose bot speaks another version of the job schema. */
export function schemaMismatch(botVersion: number): CodedError {
  return new CodedError(
    'worker',
    'schema-mismatch',
    `The bot speaks version ${botVersion} of the job schema, and this worker version ${jobSchemaVersion}: ` +
      `update ${botVersion > jobSchemaVersion ? 'this worker' : 'the bot'} to the other's version of whitewalker.`,
  );
}
