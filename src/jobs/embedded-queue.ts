import PQueue from 'p-queue';
import type { JobProgress } from '../works/progress.js';
import { type DurationEstimate, typicalSecondsOf } from './duration-estimate.js';
import { FairOrder } from './fair-order.js';
import { type FairQueue, type FairQueueOptions, fairQueueClass, type Run } from './fair-queue.js';
import { JobBoard } from './job-board.js';
import type { JobQueue, Place, QueuedJob } from './job-queue.js';

export interface QueueOptions {
  readonly durations: DurationEstimate;
  /** A job's turn: has its slot until it settles, which it must soon after `signal` is aborted. */
  readonly perform: (
    job: QueuedJob,
    turn: { readonly signal: AbortSignal; readonly report: (progress: JobProgress) => void },
  ) => Promise<void>;
  /** Jobs came, began or went: places may have changed. Called often; must not throw. */
  readonly onChange: () => void;
  /** `perform` rejected, which it should not; the slot is free all the same. Must not throw. */
  readonly onFault: (error: unknown, job: QueuedJob) => void;
  /** Milliseconds since 1970. */
  readonly now?: (() => number) | undefined;
}

export interface EmbeddedQueueOptions extends QueueOptions {
  /** Jobs that are performed at once. */
  readonly slots: number;
}

interface Turn {
  readonly controller: AbortController;
  /** Settles when it has left its slot; never rejects. */
  readonly left: Promise<void>;
}

/** The queue within this process. What it holds is lost with the process; the journal has it. */
export class EmbeddedQueue implements JobQueue {
  readonly #options: EmbeddedQueueOptions;
  readonly #order = new FairOrder<Run>();
  readonly #slots: PQueue<FairQueue, FairQueueOptions>;
  readonly #board: JobBoard;
  readonly #turns = new Map<string, Turn>();

  constructor(options: EmbeddedQueueOptions) {
    const { slots, durations, now = Date.now } = options;
    this.#options = options;
    this.#slots = new PQueue({ concurrency: slots, queueClass: fairQueueClass(this.#order) });
    const groups = [{ slots, takes: () => true }];
    this.#board = new JobBoard({ order: this.#order, groups: () => groups, durations, now });
  }

  async add(job: QueuedJob): Promise<void> {
    const { id, ownerId, task } = job;
    this.#board.wait(job);
    // Not what is estimated: with the measurements the unit would change, and with it who has had how much.
    const cost = typicalSecondsOf(task);
    // Settles with the job's turn, which is not waited for here.
    void this.#slots.add(() => this.#begin(job), { id, ownerId, cost });
    this.#changed();
  }

  async cancel(jobId: string, reason: unknown): Promise<boolean> {
    if (this.#board.stateOf(jobId) === 'waiting') {
      // p-queue asks for the next job when there is a slot, so that it never sees this one.
      this.#order.remove(jobId);
      this.#board.remove(jobId);
      this.#changed();
      return true;
    }
    const turn = this.#turns.get(jobId);
    if (turn === undefined) return false;
    turn.controller.abort(reason);
    await turn.left;
    return true;
  }

  place(jobId: string): Place | undefined {
    return this.#board.place(jobId);
  }

  places(): readonly Place[] {
    return this.#board.places();
  }

  estimateEnd(job: Pick<QueuedJob, 'ownerId' | 'task'>): number {
    return this.#board.estimateEnd(job);
  }

  async close(): Promise<void> {
    this.#slots.pause();
    await this.#slots.onPendingZero();
  }

  /** Begins a job that p-queue gives a slot; settles when it has left it. */
  #begin(job: QueuedJob): Promise<void> {
    const controller = new AbortController();
    // Not before it counts as running: whoever performs it may look.
    const left = Promise.resolve().then(() => this.#perform(job, controller.signal));
    this.#turns.set(job.id, { controller, left });
    this.#board.begin(job);
    this.#changed();
    return left;
  }

  async #perform(job: QueuedJob, signal: AbortSignal): Promise<void> {
    const { perform, onFault } = this.#options;
    try {
      // It may have been cancelled in the moment in which it began.
      if (!signal.aborted) await perform(job, { signal, report: (progress) => this.#board.report(job.id, progress) });
    } catch (error) {
      onFault(error, job);
    } finally {
      this.#turns.delete(job.id);
      this.#board.remove(job.id);
      if (this.#turns.size === 0) this.#order.settle();
      this.#changed();
    }
  }

  #changed(): void {
    this.#board.changed();
    this.#options.onChange();
  }
}
