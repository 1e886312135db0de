import type { Compute, ComputeOptions, ComputeRequest, ComputeResult } from '../../src/compute/compute.js';
import type { ComputedOutcome, JobWithInputs, WorkshopListener } from '../../src/jobs/workshop.js';
import type { JobProgress } from '../../src/works/progress.js';
import { inputsOf, type Task } from '../../src/works/works.js';
import { eventually, until } from '../patience.js';
import { acceptedJob } from './accepted-job.js';
import { transferTask } from './some-jobs.js';

/** A computation that goes on until the test ends it. */
interface HeldJob {
  readonly signal: AbortSignal;
  readonly report: (progress: JobProgress) => void;
  readonly finish: () => void;
  readonly fail: (error: unknown) => void;
  /** Whether the computation was asked to pause, and whether it stands still. */
  isAskedToPause: boolean;
  isPaused: boolean;
}

const at = { kind: 'pixels', width: 128, height: 128, found: 0 } as const;

/** A result whose picture has a few bytes. */
export const tinyResult: ComputeResult = {
  picture: { format: 'png', width: 1, height: 1, bytes: Uint8Array.of(1, 2, 3) },
  animation: undefined,
  epochs: 1,
  evaluations: 1,
  seconds: 1,
};

/** Reads a job as a workshop does: the bytes of its pictures are its id, by which {@link HeldJobs} knows the job. */
export async function readHeldJob(id: string, task: Task = transferTask()): Promise<JobWithInputs> {
  const job = acceptedJob({ id, task });
  return { job, inputs: new Map(inputsOf(task).map((name) => [name, Buffer.from(id)])) };
}

/** Computes jobs until the test ends them, whatever their signal says, and records what a workshop tells of them. */
export class HeldJobs implements Compute {
  readonly slots: number;
  /** Ids of all jobs that began, in that order. */
  readonly begun: string[] = [];
  /** Ids of jobs in the order in which they began, and went on after pauses. */
  readonly turns: string[] = [];
  /** How long each of these may be computed, in seconds. */
  readonly maxSeconds: (number | undefined)[] = [];
  /** Outcomes of jobs, in the order in which they were told. */
  readonly outcomes: { readonly id: string; readonly computed: ComputedOutcome }[] = [];
  /** Ids of running jobs that the workshop let go. */
  readonly suspended: string[] = [];
  /** Number of times that places were told to have changed. */
  changes = 0;
  /** If it is set, every outcome is rejected with this error, as if it could not be kept. */
  keepingFault: Error | undefined;
  /** Whether jobs that are asked to pause do so, as at the end of an epoch; else they compute on. */
  isAtEpochsEnd = true;
  readonly #running = new Map<string, HeldJob>();
  #isOver = false;

  /** @param sharedThreads - the threads that jobs are said to share. */
  constructor(
    slots: number,
    readonly sharedThreads?: number,
  ) {
    this.slots = slots;
  }

  readonly listener: WorkshopListener = {
    begun: (id) => {
      this.begun.push(id);
      return true;
    },
    progress: () => {},
    crashed: () => 1,
    outcome: async (id, computed) => {
      if (this.keepingFault !== undefined) throw this.keepingFault;
      this.outcomes.push({ id, computed });
    },
    suspended: (id) => this.suspended.push(id),
    placesChanged: () => {
      this.changes++;
    },
    hush: async () => false,
  };

  run(
    { inputs, maxSeconds }: ComputeRequest,
    { signal, onProgress, pauses }: ComputeOptions = {},
  ): Promise<ComputeResult> {
    const id = Buffer.from(inputs.content ?? inputs.first ?? []).toString();
    let latest: JobProgress = { epoch: 1, epochs: 100, at, loss: 1, secondsLeft: 1000 };
    let stopListening = () => {};
    return new Promise<ComputeResult>((resolve, reject) => {
      if (this.#isOver) reject(new Error('the test is over'));
      const job: HeldJob = {
        signal: signal ?? new AbortController().signal,
        report: (progress) => {
          latest = progress;
          onProgress?.(progress);
        },
        finish: () => resolve(tinyResult),
        fail: reject,
        isAskedToPause: false,
        isPaused: false,
      };
      this.#running.set(id, job);
      this.turns.push(id);
      this.maxSeconds.push(maxSeconds);
      stopListening =
        pauses?.onTurn((isOff) => {
          job.isAskedToPause = isOff;
          if (isOff && !this.isAtEpochsEnd) return;
          job.isPaused = isOff;
          if (!isOff) this.turns.push(id);
          onProgress?.({ ...latest, isPaused: isOff });
        }) ?? stopListening;
      signal?.addEventListener('abort', () => job.isPaused && reject(signal.reason));
    }).finally(() => stopListening());
  }

  async warm(): Promise<void> {}

  async close(): Promise<void> {}

  /** Ends all jobs that are still held, now and later, because the test is over. */
  letGo(): void {
    this.#isOver = true;
    for (const { fail } of this.#running.values()) fail(new Error('the test is over'));
  }

  /** Waits until a job is being computed, and returns it. */
  async running(id: string): Promise<HeldJob> {
    return eventually(() => {
      const job = this.#running.get(id);
      if (job === undefined) throw new Error(`${id} has not begun; these have: ${this.begun.join(', ')}`);
      return job;
    });
  }

  async finish(...ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      (await this.running(id)).finish();
      this.#running.delete(id);
    }
  }

  /** Ends each job as soon as it has begun, until so many have ended. */
  async finishAll(count: number): Promise<void> {
    for (let ended = 0; ended < count; ended++) {
      await until(
        () => this.begun.length > ended,
        () => `more than ${ended} have begun`,
      );
      await this.finish(this.begun[ended] ?? '');
    }
  }
}
