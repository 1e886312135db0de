import type { JobProgress } from '../works/progress.js';
import type { Job, Outcome } from './job.js';

/** What came of a job's turn. */
export interface TurnResult {
  /** Never `cancelled`: who cancels stops the turn. */
  readonly outcome: Outcome;
  /** A result's files, by their names; none where the job's person has been told. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Whether the job's person knows of it already. */
  readonly isTold: boolean;
  /** Of the network; undefined where that isn't known. */
  readonly evaluations?: number | undefined;
}

export interface TurnOptions {
  readonly signal: AbortSignal;
  /** Computing begins, be it again. Not called where it is over already. */
  readonly onBegun: () => void;
  readonly onProgress: (progress: JobProgress) => void;
}

/** Does what a job asks for, on this machine or on another one. */
export interface Turns {
  /**
   * Does a job's turn.
   * @throws what `Compute.run` throws, or the signal's reason.
   */
  run(job: Job, options: TurnOptions): Promise<TurnResult>;
}
