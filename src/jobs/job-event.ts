import type { Job, Outcome } from './job.js';

/** The parts of a job's life whose duration is measured. */
export type JobStage = 'fetch' | 'wait' | 'compute' | 'delivery';

/** Something that happened to a job, for metrics to count. */
export type JobEvent =
  | { readonly kind: 'accepted'; readonly job: Job }
  /** The job was taken back, since its person could not be told that it was accepted. */
  | { readonly kind: 'withdrawn'; readonly job: Job }
  /**
   * A stage of the job ended. `fetch`: its pictures are here; `wait`: from acceptance until computing began; `compute`:
   * from the task's start to the encoded result; `delivery`: from the outcome until its person was told, attempts
   * included.
   */
  | { readonly kind: 'stage'; readonly job: Job; readonly stage: JobStage; readonly seconds: number }
  /** The job came to a result, for which the network was evaluated so often. */
  | { readonly kind: 'computed'; readonly job: Job; readonly evaluations: number }
  /** The job's computation crashed. */
  | { readonly kind: 'crashed'; readonly job: Job }
  /** The job's person has been told its outcome, `seconds` after it was accepted. */
  | { readonly kind: 'closed'; readonly job: Job; readonly outcome: Outcome; readonly seconds: number };

/** A function that is told of each event; it returns at once and never throws. */
export type JobListener = (event: JobEvent) => void;
