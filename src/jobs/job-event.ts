import type { Job, Outcome } from './job.js';

/** The parts of a job's life whose duration is measured. */
export type JobStage = 'fetch' | 'wait' | 'compute' | 'delivery';

/** What happens to jobs, for whoever counts it. */
export type JobEvent =
  | { readonly kind: 'accepted'; readonly job: Job }
  /** Its person could not be told of it, so that it was taken back. */
  | { readonly kind: 'withdrawn'; readonly job: Job }
  /**
   * A stage came to its end. `fetch`: its pictures are here; `wait`: from acceptance until its computation began; `compute`:
   * from the task's start to the encoded result; `delivery`: from the outcome until its person was told, attempts included.
   */
  | { readonly kind: 'stage'; readonly job: Job; readonly stage: JobStage; readonly seconds: number }
  /** A result came of so many evaluations of the network. */
  | { readonly kind: 'computed'; readonly job: Job; readonly evaluations: number }
  /** Its computation crashed. */
  | { readonly kind: 'crashed'; readonly job: Job }
  /** Its person knows what became of it. `seconds` are since its acceptance. */
  | { readonly kind: 'closed'; readonly job: Job; readonly outcome: Outcome; readonly seconds: number };

/** Told of each event; returns at once and never throws. */
export type JobListener = (event: JobEvent) => void;
