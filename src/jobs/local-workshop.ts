import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Compute } from '../compute/compute.js';
import { PauseSwitch } from '../compute/pause-switch.js';
import { slowdownAmong } from '../compute/thread-shares.js';
import type { NetworkName } from '../engine/topology.js';
import { availableNetworks } from '../engine/weights/bundled.js';
import type { JobProgress } from '../works/progress.js';
import type { FrameKeeper } from '../works/work.js';
import { computeWithRetry } from './attempts.js';
import { type DurationEstimate, typicalSecondsOf } from './duration-estimate.js';
import { logCutShort, loggedFailure } from './failure.js';
import { FairOrder } from './fair-order.js';
import { JobBoard } from './job-board.js';
import { keptResult } from './kept-result.js';
import { RoomMaker } from './room-maker.js';
import type {
  ComputedOutcome,
  JobWithInputs,
  Place,
  QueuedJob,
  Workshop,
  WorkshopCheck,
  WorkshopListener,
} from './workshop.js';
import type { Yielding } from './yielding.js';

export interface LocalWorkshopOptions {
  /** Computes on this machine. The workshop closes it. */
  readonly compute: Compute;
  /** Reads a job and its pictures; what this throws becomes the job's failure. */
  readonly read: (jobId: string) => Promise<JobWithInputs>;
  readonly durations: DurationEstimate;
  /** Returns what keeps the painted frames of a job, until the signal stops it; default: they are kept for one run. */
  readonly keptFrames?: ((jobId: string, signal: AbortSignal) => FrameKeeper) | undefined;
  /** How long a job may be computed, in seconds, pauses not counted; default: as long as it takes. */
  readonly maxSeconds?: number | undefined;
  readonly checks: readonly WorkshopCheck[];
  /** Which jobs pause for which; default: as {@link Yielding} usually says. */
  readonly yielding?: Yielding | undefined;
  readonly log: Logger;
  /** Returns the time in milliseconds since 1970; default: Date.now. */
  readonly now?: (() => number) | undefined;
}

interface Turn {
  readonly controller: AbortController;
  readonly pauses: PauseSwitch;
  /** Whether the job stands still, and another one has its slot. */
  isPaused: boolean;
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
  readonly #order = new FairOrder<QueuedJob>();
  readonly #board: JobBoard;
  readonly #room: RoomMaker;
  /** The jobs that run or are paused, in the order in which they began. */
  readonly #turns = new Map<string, Turn>();
  #isClosing = false;
  #listener: WorkshopListener | undefined;

  constructor(options: LocalWorkshopOptions) {
    const { compute, durations, maxSeconds, checks, yielding, now = Date.now } = options;
    const { slots, sharedThreads } = compute;
    this.#options = options;
    this.slots = slots;
    this.checks = checks;
    const groups = [{ slots, slowdown: slowdownAmong(sharedThreads), takes: () => true }];
    this.#board = new JobBoard({ order: this.#order, groups: () => groups, durations, maxSeconds, yielding, now });
    this.#room = new RoomMaker(this.#board, ({ running: { id } }) => {
      this.#turns.get(id)?.pauses.pause();
      return true;
    });
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
    this.#order.add({ id, ownerId, cost }, job);
    this.#fillSlots();
    this.#changed();
  }

  async stop(jobId: string, settle: () => void): Promise<boolean> {
    settle();
    if (this.#board.stateOf(jobId) === 'waiting') {
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
    this.#isClosing = true;
    this.#room.end();
    const idle = Promise.all([...this.#turns.values()].map(({ left }) => left));
    await Promise.race([idle, wait(graceMs, undefined, { ref: false })]);
    for (const { controller } of this.#turns.values()) controller.abort(shutdown);
    await idle;
    await this.#options.compute.close();
  }

  /** Has paused jobs go on and waiting ones begin, in fair order, while slots are free. */
  #fillSlots(): void {
    while (this.#occupied < this.slots) {
      const paused = [...this.#turns].find(([, { isPaused }]) => isPaused);
      if (paused !== undefined) this.#goOn(...paused);
      else {
        const next = this.#isClosing ? undefined : this.#order.next();
        if (next === undefined) return;
        this.#begin(next);
      }
    }
  }

  /** How many slots are occupied. */
  get #occupied(): number {
    return [...this.#turns.values()].filter(({ isPaused }) => !isPaused).length;
  }

  #begin(job: QueuedJob): void {
    const [controller, pauses] = [new AbortController(), new PauseSwitch()];
    // This runs in a microtask, so that the job counts as running before its listener hears of it.
    const left = Promise.resolve().then(() => this.#perform(job, controller.signal, pauses));
    this.#turns.set(job.id, { controller, pauses, isPaused: false, left });
    this.#board.begin(job);
  }

  /** Gives the slot of a job that has paused to the short one that it paused for, or back to it where that is gone. */
  #hasPaused(id: string): void {
    const turn = this.#turns.get(id);
    if (turn === undefined || turn.isPaused) return;
    turn.isPaused = true;
    this.#board.pause(id);
    const substitute = this.#isClosing ? undefined : this.#board.substituteFor(id);
    this.#options.log.info({ job: id, for: substitute?.id }, 'job paused');
    if (substitute !== undefined && this.#order.begin(substitute.id) !== undefined) this.#begin(substitute);
    this.#fillSlots();
    this.#changed();
  }

  #goOn(id: string, turn: Turn): void {
    turn.isPaused = false;
    this.#board.goOn(id);
    turn.pauses.goOn();
  }

  async #perform({ id }: QueuedJob, signal: AbortSignal, pauses: PauseSwitch): Promise<void> {
    const listener = this.#listener;
    try {
      // The job may have been stopped in the moment in which it began.
      if (signal.aborted || !listener?.begun(id)) return;
      const computed = await this.#compute(id, { signal, pauses }, listener);
      if (computed !== undefined) await listener.outcome(id, computed);
    } catch (error) {
      this.#options.log.error({ job: id, err: error }, 'the outcome of a job was not kept');
    } finally {
      if (signal.reason === shutdown) listener?.suspended(id);
      this.#turns.delete(id);
      this.#board.remove(id);
      if (this.#turns.size === 0) this.#order.settle();
      this.#fillSlots();
      this.#changed();
    }
  }

  /** Computes a job and returns its outcome, also where computing fails; undefined where the job was stopped. */
  async #compute(
    id: string,
    { signal, pauses }: { readonly signal: AbortSignal; readonly pauses: PauseSwitch },
    listener: WorkshopListener,
  ): Promise<ComputedOutcome | undefined> {
    const { compute, read, keptFrames, maxSeconds, log } = this.#options;
    try {
      const { job, inputs } = await read(id);
      const { task, reply } = job;
      const request = { task, inputs: Object.fromEntries(inputs), maxFileBytes: reply.maxFileBytes, maxSeconds };
      const onProgress = (progress: JobProgress) => {
        this.#board.report(id, progress);
        listener.progress(id, progress);
        if (progress.isPaused) this.#hasPaused(id);
        else this.#room.look();
      };
      const options = { signal, onProgress, pauses, keptFrames: keptFrames?.(id, signal) };
      const result = await computeWithRetry(compute, request, options, (crash) => {
        // A job that dies while it is to pause won't say any more that it has.
        if (pauses.isOff) this.#hasPaused(id);
        return listener.crashed(id, crash);
      });
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
    this.#room.look();
    this.#listener?.placesChanged();
  }
}
