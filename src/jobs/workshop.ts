import type { NetworkName } from '../engine/topology.js';
import type { JobProgress } from '../works/progress.js';
import type { Task } from '../works/works.js';
import type { Job, Outcome } from './job.js';

/** The part of a job that a workshop knows: enough to be fair, to count and to estimate. */
export interface QueuedJob {
  readonly id: string;
  /** Discord id of the person who asked for the job: the queue is fair between people. */
  readonly ownerId: string;
  readonly guildId: string | undefined;
  readonly task: Task;
}

/** Where a job stands in the queue. Times are estimates from measured speed, in milliseconds since 1970. */
export interface Place {
  readonly job: QueuedJob;
  readonly state: 'waiting' | 'running';
  /** How many jobs begin before this one, plus one: 1 is next. 0 while the job runs. */
  readonly position: number;
  readonly startsAt: number;
  readonly endsAt: number;
}

/** A whole job with its pictures, by the names of its task's inputs, as it is needed for computing. */
export interface JobWithInputs {
  readonly job: Job;
  readonly inputs: ReadonlyMap<string, Uint8Array>;
}

/** The outcome of a job as it leaves the workshop. */
export interface ComputedOutcome {
  /** The outcome, which is never `cancelled`: to cancel a job, it is stopped. */
  readonly outcome: Outcome;
  /** The result's files, by their names; empty where the job's person has been told. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Whether the job's person has been told the outcome already. */
  readonly isTold: boolean;
  /** How often the network was evaluated; undefined where that isn't known. */
  readonly evaluations?: number | undefined;
}

/** Hears what happens to the jobs of a workshop. None of its methods may throw. */
export interface WorkshopListener {
  /**
   * Hears that computing of a job begins, perhaps once more after a worker has died with it.
   * @returns false where the job has an outcome already: then the workshop lets go of it.
   */
  begun(jobId: string): boolean;
  /** Hears the progress of a running job. */
  progress(jobId: string, progress: JobProgress): void;
  /** Hears that a job's computation crashed. @returns how often it has done so by now, this time included. */
  crashed(jobId: string, error: unknown): number;
  /** Hears that a job came to its outcome. The job keeps its slot until the returned promise settles. */
  outcome(jobId: string, computed: ComputedOutcome): Promise<void>;
  /** Hears that the workshop lets go of a running job, since it closes; the job goes on after the next start. */
  suspended(jobId: string): void;
  /** Hears that places may have changed, since jobs came, began or went. Called often. */
  placesChanged(): void;
  /**
   * Hears that a worker is about to tell a job's outcome: nothing more of the job may be shown by the bot. Settles once
   * nothing is on its way. @returns whether the bot has shown anything of the job before.
   */
  hush(jobId: string): Promise<boolean>;
}

/** A worker as operators see it: another machine that computes for the bot. */
export interface WorkerSummary {
  /** How many jobs the worker computes at once. */
  readonly slots: number;
}

/** A check of something without which no job can be computed. */
export interface WorkshopCheck {
  /** The name of what is checked, in one word: `compute`, `redis`. */
  readonly name: string;
  /** Makes the check, without changing anything. @throws Error with a sentence that says what is wrong. */
  look(): void;
}

/**
 * A workshop takes jobs, computes each when it is its turn, and tells its listener the outcome. There are two: one
 * computes on this machine, the other has workers on other machines compute.
 */
export interface Workshop {
  /** Whether jobs go on while the bot doesn't run. */
  readonly goesOnWithoutBot: boolean;
  /** How many jobs are computed at once, as far as is known now. */
  readonly slots: number;
  /** The workers that are connected; undefined where none are needed. */
  readonly workers: readonly WorkerSummary[] | undefined;
  readonly checks: readonly WorkshopCheck[];
  /** Whether tasks can be computed with this network, as far as is known now. */
  hasNetwork(network: NetworkName): boolean;

  /** Sets the listener that hears of all jobs. To be called once, before the first job is taken. */
  listen(listener: WorkshopListener): void;
  /**
   * Takes a job into the queue. It never turns one away: how many jobs may wait is limited where they are accepted.
   * @param isResumed - whether an earlier process took the job before. Then this settles once its state is certain.
   * @throws RangeError for an id that is in the queue already.
   */
  take(job: QueuedJob, isResumed?: boolean): Promise<void>;
  /**
   * Stops a job, waiting or running, so that it can't come to an outcome of its own any more. Settles once its slot is
   * free; a running job leaves it within two seconds.
   * @param settle - gives the job another outcome instead; it is called before the slot is free. It is not called where
   *   the job has come to its own outcome already, which is on its way to the listener.
   * @returns whether the job was in the queue and has left it.
   */
  stop(jobId: string, settle: () => void): Promise<boolean>;
  /** Returns a job's place; undefined where the job is neither waiting nor running. */
  place(jobId: string): Place | undefined;
  /** Returns all places: running jobs first, then waiting ones in the order in which they will begin. */
  places(): readonly Place[];
  /** Returns when a job that is taken now would end, in milliseconds since 1970. */
  estimateEnd(job: Pick<QueuedJob, 'ownerId' | 'task'>): number;

  /** Gets ready to compute. To be called once all jobs that an earlier process left have been taken. Never rejects. */
  start(): Promise<void>;
  /**
   * Ends: begins no job any more, lets running jobs come to their outcome within `graceMs`, and lets go of the others,
   * which stay in the journal. Settles once nothing runs in this process any more.
   */
  close(graceMs: number): Promise<void>;
}
