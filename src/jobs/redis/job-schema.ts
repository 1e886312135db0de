/**
 * Counts changes of what bot and workers tell each other in Redis: jobs, outcomes, messages. A worker takes jobs of its own
 * version only, so this goes up with every change after which the one could not understand the other.
 */
export const jobSchemaVersion = 1;

/** A worker and the bot don't speak the same version. */
export class SchemaMismatchError extends Error {
  override readonly name = 'SchemaMismatchError';

  constructor(bots: number) {
    super(
      `The bot speaks version ${bots} of the job schema, and this worker version ${jobSchemaVersion}: ` +
        `update ${bots > jobSchemaVersion ? 'this worker' : 'the bot'} to the other's version of whitewalker.`,
    );
  }
}
