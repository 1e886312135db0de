import type { JobProgress } from '../works/progress.js';
import type { Job } from './job.js';

/** A courier tells people the progress and the outcome of their jobs. */
export interface Courier {
  /** Shows that a job got a place in the queue, began, or came further. Called often; returns at once. */
  moved(job: Job, progress?: JobProgress): void;
  /** Shows the places of waiting jobs anew, since they may have changed. Called often; returns at once. */
  placesChanged(): void;
  /**
   * Stops showing a job here, since a worker is to tell its outcome. Settles once nothing is on its way. Never throws.
   * @returns whether this courier has ever shown anything of the job.
   */
  hush(jobId: string): Promise<boolean>;
  /** Tells people that their job goes on at the bot's next start. Settles once that is done or failed. Never throws. */
  suspended(job: Job): Promise<void>;
  /**
   * Tells a job's person that it was accepted, unless they know already. This is for after a restart, when the journal
   * can't say whether they were told.
   * @returns whether they know of the job now, or knew before.
   * @throws where that can't be found out just now.
   */
  announce(job: Job): Promise<boolean>;
  /**
   * Tells a job's outcome. Settles once its person has been told, or can't be told any more. It may be called again for
   * the same job after a restart, and must not tell twice.
   * @throws where it makes sense to try again later.
   */
  deliver(job: Job, files: ReadonlyMap<string, Uint8Array>): Promise<void>;
}
