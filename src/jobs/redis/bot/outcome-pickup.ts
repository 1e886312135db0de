import type { Logger } from 'pino';
import { resultFileNames } from '../../kept-result.js';
import { type JobStore, storedFiles } from '../../store/job-store.js';
import type { ComputedOutcome } from '../../workshop.js';
import type { Run } from '../run-ledger.js';
import type { DispatchedJob } from './dispatched-job.js';

/**
 * How long a worker may take to tell an outcome before the bot tells it: longer than it takes until another worker goes
 * on with what a dead one left.
 */
const tellingMs = 90_000;

/**
 * Picks up a job's outcome from Redis: once its worker has told it, or has had {@link tellingMs} for that.
 * @param wasShown - whether the bot has shown anything of the job.
 * @returns undefined where its worker is still to tell it; `lost` where the files of its result are missing.
 * @throws where the store can't be used just now.
 */
export async function pickUpOutcome(
  entry: DispatchedJob,
  { outcome, told }: Run,
  wasShown: boolean,
  { store, log }: { readonly store: JobStore; readonly log: Logger },
): Promise<ComputedOutcome | 'lost' | undefined> {
  if (outcome === undefined) return undefined;
  const { id } = entry.job;
  entry.outcomeSeenAt ??= performance.now();
  if (told === undefined && performance.now() - entry.outcomeSeenAt < tellingMs) return undefined;
  // A worker that took this bot for gone didn't ask for the message: then the bot may have overwritten what it told.
  const isTold = told === true && (!wasShown || entry.isQuiet);
  const names = isTold ? [] : resultFileNames(outcome);
  const files = await storedFiles(store, id, names);
  if (files.size === names.length) return { outcome, files, isTold };
  log.warn({ job: id }, 'the files of a result are missing in the store: it is computed again');
  return 'lost';
}
