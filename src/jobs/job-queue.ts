import type { Task } from '../works/works.js';

/** What a queue knows of a job: enough to be fair, to count and to estimate. */
export interface QueuedJob {
  readonly id: string;
  /** Whom fairness is between. */
  readonly ownerId: string;
  readonly guildId: string | undefined;
  readonly task: Task;
}

/** Where a job stands. Times are estimates from measured speed, in milliseconds since 1970. */
export interface Place {
  readonly job: QueuedJob;
  readonly state: 'waiting' | 'running';
  /** How many jobs begin before it, plus one: 1 is next. 0 while it runs. */
  readonly position: number;
  readonly startsAt: number;
  readonly endsAt: number;
}

/** Jobs between acceptance and outcome, each begun as soon as there is a slot and it is its turn. */
export interface JobQueue {
  /**
   * Takes a job in. How many may wait is held where jobs are accepted: what was accepted is never turned away here.
   * @throws RangeError for an id that is in the queue already.
   */
  add(job: QueuedJob): Promise<void>;
  /**
   * Settles once it is certain where a job of an earlier process stands, or once it is here no more: until then, its person may
   * have been told an outcome by others. Missing where there are no others.
   */
  certain?(jobId: string): Promise<void>;
  /**
   * Stops a waiting or running job, with the reason that its `AbortSignal` then has.
   * @returns whether it was there. A running one leaves its slot within two seconds.
   */
  cancel(jobId: string, reason: unknown): Promise<boolean>;
  /**
   * Takes a job back that is to get another outcome than its own; to be cancelled next. Settles when that is certain, be it late.
   * Missing where that always works.
   * @returns false where its own stands already, and is on its way.
   */
  recall?(jobId: string): Promise<boolean>;
  /** Where a job stands; undefined where it is neither waiting nor running. */
  place(jobId: string): Place | undefined;
  /** All places: running jobs first, then in the order in which they will begin. */
  places(): readonly Place[];
  /** When a job would end that is added now, in milliseconds since 1970. */
  estimateEnd(job: Pick<QueuedJob, 'ownerId' | 'task'>): number;
  /** Begins nothing more, and settles once nothing runs. Waiting jobs stay in the journal. */
  close(): Promise<void>;
}
