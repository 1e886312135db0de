import { setTimeout as wait } from 'node:timers/promises';
import PQueue from 'p-queue';
import type { Logger } from 'pino';
import type { Compute } from '../compute/compute.js';
import type { NetworkName } from '../engine/topology.js';
import { availableNetworks } from '../engine/weights/bundled.js';
import type { JobProgress } from '../works/progress.js';
import { computeWithRetry } from './attempts.js';
import { type DurationEstimate, typicalSecondsOf } from './duration-estimate.js';
import { logCutShort, loggedFailure } from './failure.js';
import { FairOrder } from './fair-order.js';
import { type FairQueue, type FairQueueOptions, fairQueueClass, type Run } from './fair-queue.js';
import { JobBoard } from './job-board.js';
import { keptResult } from './kept-result.js';
import type {
  ComputedOutcome,
  JobWithInputs,
  Place,
  QueuedJob,
  Workshop,
  WorkshopCheck,
  WorkshopListener,
} from './workshop.js';

export interface LocalWorkshopOptions {
  /** Computes on this machine. The workshop closes it. */
  readonly compute: Compute;
  /** Reads a job and its pictures; what this throws becomes the job's failure. */
  readonly read: (jobId: string) => Promise<JobWithInputs>;
  readonly durations: DurationEstimate;
  readonly checks: readonly WorkshopCheck[];
  readonly log: Logger;
  /** Returns the time in milliseconds since 1970; default: Date.now. */
  readonly now?: (() => number) | undefined;
}

interface Turn {
  readonly controller: AbortController;
  /** Settles when the job has left its slot. Never rejects. */
  readonly left: Promise<void>;
}

/** Abort reason when the workshop closes: the job goes on after the next start. */
const shutdown = Symbol('the bot is shutting down');

/** Abort reason when a job is stopped: it has another outcome. */
const stopped = Symbol('the job has an outcome already');

/** A workshop that computes on this machine. Its queue is lost with the process, but its jobs are in the journal. */
export class LocalWorkshop implements Workshop {
  readonly goesOnWithoutBot = false;
  readonly slots: number;
  readonly workers = undefined;
  readonly checks: readonly WorkshopCheck[];
  readonly #options: LocalWorkshopOptions;
  readonly #order = new FairOrder<Run>();
  readonly #queue: PQueue<FairQueue, FairQueueOptions>;
  readonly #board: JobBoard;
  readonly #turns = new Map<string, Turn>();
  #listener: WorkshopListener | undefined;

  constructor(options: LocalWorkshopOptions) {
    const { compute, durations, checks, now = Date.now } = options;
    const { slots } = compute;
    this.#options = options;
    this.slots = slots;
    this.checks = checks;
    this.#queue = new PQueue({ concurrency: slots, queueClass: fairQueueClass(this.#order) });
    const groups = [{ slots, takes: () => true }];
    this.#board = new JobBoard({ order: this.#order, groups: () => groups, durations, now });
  }

  hasNetwork(network: NetworkName): boolean {
    return availableNetworks().includes(network);
  }

  listen(listener: WorkshopListener): void {
    this.#listener = listener;
  }

  async take(job: QueuedJob): Promise<void> {
    const { id, ownerId, task } = job;
    this.#board.wait(job);
    // Costs are typical seconds, not estimated ones: with each measurement, the unit of what owners have had would
    // change.
    const cost = typicalSecondsOf(task);
    // This promise settles when the job has left its slot, which is not waited for here.
    void this.#queue.add(() => this.#begin(job), { id, ownerId, cost });
    this.#changed();
  }

  async stop(jobId: string, settle: () => void): Promise<boolean> {
    settle();
    if (this.#board.stateOf(jobId) === 'waiting') {
      // p-queue asks for the next job when a slot is free, so it never sees this one.
      this.#order.remove(jobId);
      this.#board.remove(jobId);
      this.#changed();
      return true;
    }
    const turn = this.#turns.get(jobId);
    turn?.controller.abort(stopped);
    await turn?.left;
    return turn !== undefined;
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

  async start(): Promise<void> {
    const { compute, log } = this.#options;
    await compute.warm().catch((error: unknown) => log.error({ err: error }, 'compute processes could not be started'));
  }

  async close(graceMs: number): Promise<void> {
    this.#queue.pause();
    const idle = this.#queue.onPendingZero();
    await Promise.race([idle, wait(graceMs, undefined, { ref: false })]);
    for (const { controller } of this.#turns.values()) controller.abort(shutdown);
    await idle;
    await this.#options.compute.close();
  }

  /** Begins a job that p-queue gives a slot; settles when the job has left it. */
  #begin(job: QueuedJob): Promise<void> {
    const controller = new AbortController();
    // This runs in a microtask, so that the job counts as running before its listener hears of it.
    const left = Promise.resolve().then(() => this.#perform(job, controller.signal));
    this.#turns.set(job.id, { controller, left });
    this.#board.begin(job);
    this.#changed();
    return left;
  }

  async #perform({ id }: QueuedJob, signal: AbortSignal): Promise<void> {
    const listener = this.#listener;
    try {
      // The job may have been stopped in the moment in which it began.
      if (signal.aborted || !listener?.begun(id)) return;
      const computed = await this.#compute(id, signal, listener);
      if (computed !== undefined) await listener.outcome(id, computed);
    } catch (error) {
      this.#options.log.error({ job: id, err: error }, 'the outcome of a job was not kept');
    } finally {
      if (signal.reason === shutdown) listener?.suspended(id);
      this.#turns.delete(id);
      this.#board.remove(id);
      if (this.#turns.size === 0) this.#order.settle();
      this.#changed();
    }
  }

  /** Computes a job and returns its outcome, also where computing fails; undefined where the job was stopped. */
  async #compute(id: string, signal: AbortSignal, listener: WorkshopListener): Promise<ComputedOutcome | undefined> {
    const { compute, read, log } = this.#options;
    try {
      const { job, inputs } = await read(id);
      const request = { task: job.task, inputs: Object.fromEntries(inputs), maxFileBytes: job.reply.maxFileBytes };
      const onProgress = (progress: JobProgress) => {
        this.#board.report(id, progress);
        listener.progress(id, progress);
      };
      const result = await computeWithRetry(compute, request, { signal, onProgress }, (crash) =>
        listener.crashed(id, crash),
      );
      // A result that came while the job was being stopped is not wanted any more.
      signal.throwIfAborted();
      logCutShort(result, id, log);
      const { facts, files } = keptResult(result);
      const { evaluations } = result;
      return { outcome: { kind: 'result', result: facts }, files, isTold: false, evaluations };
    } catch (error) {
      if (signal.aborted) return undefined;
      return { outcome: loggedFailure(error, id, log), files: new Map(), isTold: false };
    }
  }

  #changed(): void {
    this.#board.changed();
    this.#listener?.placesChanged();
  }
}
