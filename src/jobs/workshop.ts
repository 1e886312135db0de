import type { NetworkName } from '../engine/topology.js';
import type { JobProgress } from '../works/progress.js';
import type { Task } from '../works/works.js';
import type { Job, Outcome } from './job.js';

/** What a workshop knows of a job: enough to be fair, to count and to estimate. */
export interface QueuedJob {
  readonly id: string;
  /** The person that fairness counts the job for. */
  readonly ownerId: string;
  readonly guildId: string | undefined;
  readonly task: Task;
}

/** Where a job stands in the queue. Times are estimates from measured speed, in milliseconds since 1970. */
export interface Place {
  readonly job: QueuedJob;
  readonly state: 'waiting' | 'running';
  /** How many jobs begin before it, plus one: 1 is next. 0 while it runs. */
  readonly position: number;
  readonly startsAt: number;
  readonly endsAt: number;
}

/** A job as it is computed: the whole of it, and its pictures by the names of its task's inputs. */
export interface JobWithInputs {
  readonly job: Job;
  readonly inputs: ReadonlyMap<string, Uint8Array>;
}

/** What came of computing a job. */
export interface ComputedOutcome {
  /** Never `cancelled`: whoever cancels a job stops it. */
  readonly outcome: Outcome;
  /** The result's files, by their names; empty where the job's person has been told. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Whether the job's person has been told the outcome already. */
  readonly isTold: boolean;
  /** Evaluations of the network; undefined where that isn't known. */
  readonly evaluations?: number | undefined;
}

/** Hears what happens to the jobs of a workshop. Nothing here may throw. */
export interface WorkshopListener {
  /**
   * Computing of a job begins, perhaps once more after a worker has died with it.
   * @returns false where the job has an outcome already: then the workshop lets go of it.
   */
  begun(jobId: string): boolean;
  /** A running job came further. */
  progress(jobId: string, progress: JobProgress): void;
  /** The computation of a job crashed. @returns how often it has done so by now, this time included. */
  crashed(jobId: string, error: unknown): number;
  /** A job came to its outcome. The job keeps its slot until the returned promise settles. */
  outcome(jobId: string, computed: ComputedOutcome): Promise<void>;
  /** A running job is let go because the workshop closes; it goes on after the next start. */
  suspended(jobId: string): void;
  /** Jobs came, began or went, so that places may have changed. Called often. */
  placesChanged(): void;
  /**
   * The outcome of a job is about to be told by a worker: nothing more may be shown of it here. Settles once nothing is on its way.
   * @returns whether anything of the job was shown here before.
   */
  hush(jobId: string): Promise<boolean>;
}

/** Another machine that computes for the bot. */
export interface WorkerSummary {
  /** Jobs that it computes at once. */
  readonly slots: number;
}

/** Something that has to be well for jobs to be computed. */
export interface WorkshopCheck {
  /** In a word: `compute`, `redis`. */
  readonly name: string;
  /** Looks at it, without changing anything. @throws Error with a sentence that says what is wrong. */
  look(): void;
}

/**
 * Takes jobs, computes each when it is its turn, and tells what came of it. There are two: one computes on this machine, the
 * other has workers on other machines compute.
 */
export interface Workshop {
  /** Whether jobs go on while the bot is down. */
  readonly goesOnWithoutBot: boolean;
  /** Jobs that are computed at once, as far as is known now. */
  readonly slots: number;
  /** The workers that are connected; undefined where none are needed. */
  readonly workers: readonly WorkerSummary[] | undefined;
  readonly checks: readonly WorkshopCheck[];
  /** Whether something can be computed with a network, as far as is known now. */
  hasNetwork(network: NetworkName): boolean;

  /** Says who hears of its jobs. To be called once, before the first job is taken. */
  listen(listener: WorkshopListener): void;
  /**
   * Takes a job into the queue. How many may wait is held where jobs are accepted: what was accepted is never turned away here.
   * @param isResumed - whether an earlier process took it before. Then this settles only once it is certain where the job stands.
   * @throws RangeError for an id that is in the queue already.
   */
  take(job: QueuedJob, isResumed?: boolean): Promise<void>;
  /**
   * Stops a job, waiting or running, so that no outcome of its own can come any more. Settles once its slot is free, which a
   * running job leaves within two seconds.
   * @param settle - gives the job the outcome that it has instead; called before its slot is free. Not called where the job's
   *   own outcome stands already and is on its way.
   * @returns whether the job was in the queue and has left it.
   */
  stop(jobId: string, settle: () => void): Promise<boolean>;
  /** Where a job stands; undefined where it is neither waiting nor running. */
  place(jobId: string): Place | undefined;
  /** All places: running jobs first, then waiting ones in the order in which they will begin. */
  places(): readonly Place[];
  /** When a job would end that is taken now, in milliseconds since 1970. */
  estimateEnd(job: Pick<QueuedJob, 'ownerId' | 'task'>): number;

  /** Gets ready to compute, once all jobs that an earlier process left have been taken. Never rejects. */
  start(): Promise<void>;
  /**
   * Ends: begins nothing more, lets running jobs come to their outcome within that time, and lets go of the rest. Waiting jobs stay in the
   * journal. Settles once nothing runs here.
   */
  close(graceMs: number): Promise<void>;
}
