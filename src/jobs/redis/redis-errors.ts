import { CodedError } from '../../coded-error.js';

/** Names of the errors that stand for Redis itself: what it answered, or that its answer didn't come. */
const names = /^(ReplyError|AbortError|MaxRetriesPerRequestError)$/;

/**
 * Refusals that waiting doesn't heal: the password, the user's rights or the number of the database are wrong. There is
 * no code for some of them.
 */
const lasting = /^(WRONGPASS|NOAUTH|NOPERM|ERR (invalid|AUTH|Client sent AUTH|DB index))/;

/** Refusals by a Redis that isn't the one to write to, or no longer: a new connection may lead to another one. */
const misled = /^(READONLY|MASTERDOWN|LOADING)\b/;

/** Whether Redis has answered with this error, be it to a command alone, in a script or in a transaction. */
export function isReply(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError';
}

/** Whether an error comes from Redis or from the connection to it, so that it makes sense to try again. */
export function isOfRedis(error: unknown): boolean {
  return error instanceof Error && names.test(error.name);
}

/** Whether a refusal came from a Redis that another one may have taken over from. */
export function isMisled(error: Error): boolean {
  return isReply(error) && misled.test(error.message);
}

/** Returns the error of a start whose Redis refuses it for good; undefined where waiting may help. */
export function lastingRefusal(error: Error): CodedError | undefined {
  if (!isReply(error) || !lasting.test(error.message)) return undefined;
  return new CodedError(
    'redis',
    'refused',
    `Redis doesn't let us in: ${error.message.replace(/\.?$/, '.')} Check the user, the password and the database in REDIS_URL, and in Redis ` +
      'what that user may do.',
    { cause: error },
  );
}

/** Returns what kind of trouble an error is: Redis' own code, such as `OOM`, the system's, or the error's name. */
export function troubleOf(error: Error): string {
  if (isReply(error)) return error.message.split(' ', 1)[0] ?? error.name;
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

/** Returns the results of a transaction. @throws the first error in it, since ioredis only lists it. */
export function transacted(results: readonly (readonly [Error | null, unknown])[] | null): readonly unknown[] {
  return (results ?? []).map(([error, result]) => {
    if (error !== null) throw error;
    return result;
  });
}
