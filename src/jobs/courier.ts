import type { JobProgress } from '../works/progress.js';
import type { Job } from './job.js';

/** What tells people about their jobs. */
export interface Courier {
  /** A job moved: it got a place in the queue, began, or came further. Called often; returns at once. */
  moved(job: Job, progress?: JobProgress): void;
  /** The places of waiting jobs may have changed. Called often; returns at once. */
  placesChanged(): void;
  /**
   * Shows nothing more of a job, since others are about to tell its outcome. Settles once nothing is on its way. Never throws.
   * @returns whether anything of it was shown here, at whatever time.
   */
  hush(jobId: string): Promise<boolean>;
  /** Tells that a job goes on after the bot's next start. Settles once it was told, or can't be. Never throws. */
  suspended(job: Job): Promise<void>;
  /**
   * Tells a job's person that it was accepted, if that has not happened yet; for after a restart, where the journal doesn't
   * know.
   * @returns whether they know of it now, or did before.
   * @throws where nobody can say now.
   */
  announce(job: Job): Promise<boolean>;
  /**
   * Tells what became of a job. Settles once its person has been told, or can't be told any more; may be called again for
   * the same job after a restart, and must not tell twice.
   * @throws where it makes sense to try again later.
   */
  deliver(job: Job, files: ReadonlyMap<string, Uint8Array>): Promise<void>;
}
