import type { EngineChoice } from '../engine/choose-engine.js';
import { type Compute, ComputeCrash, type ComputeOptions, type ComputeRequest, type ComputeResult } from './compute.js';
import { ComputeProcess } from './compute-process.js';
import type { PoolEvent } from './pool-event.js';
import { SharedThreads } from './shared-threads.js';

export interface ProcessPoolOptions {
  /** Number of tasks that are computed at once, each in a process of its own. */
  readonly slots: number;
  readonly engine: EngineChoice;
  /**
   * The threads that all tasks share, so that a lone one has them all. Then there are only as many processes as are needed.
   * Default: each process has the threads of `engine`, and is kept.
   */
  readonly sharedThreads?: number | undefined;
  /** How long a process may have no task before it ends, where another one is there; default: {@link usualIdleMs}. */
  readonly idleMs?: number | undefined;
  /** Numbers of the GPUs that slots take in turn, as nvidia-smi counts: `0`, `1`. Default: CUDA or Vulkan chooses. */
  readonly gpus?: readonly string[] | undefined;
  /**
   * How long a process may give no sign of life before it is taken for hung, without the time that it waits for a
   * processor; well above the time of one evaluation.
   */
  readonly hangMs: number;
  /** Number of tasks after which a process is replaced. */
  readonly recycleTasks: number;
  /** Resident memory above which a process is replaced after its task, in bytes. */
  readonly recycleBytes: number;
  readonly onEvent?: ((event: PoolEvent) => void) | undefined;
}

interface Slot {
  readonly gpu: string | undefined;
  child: ComputeProcess | undefined;
  isBusy: boolean;
  /** Ends the process of a slot that nobody needs. */
  idle?: NodeJS.Timeout;
}

/** To start a process takes a second or two, and the memory of one that waits is often another program's. */
const usualIdleMs = 60_000;

/**
 * Computes in child processes, so that whatever happens there, such as a native crash, too little memory or an endless
 * computation, costs one attempt at one task and never the bot. Processes are started when they are needed, and kept
 * with their engine open. A process that ends after it was given a task is replaced at once. A process that dies at its
 * start is replaced only for the next task, so that nothing is started again and again.
 */
export class ProcessPool implements Compute {
  readonly slots: number;
  readonly #options: ProcessPoolOptions;
  readonly #slots: readonly Slot[];
  /** All processes that there are, also those that have left their slot and are about to end. */
  readonly #processes = new Set<ComputeProcess>();
  readonly #threads: SharedThreads | undefined;
  #isClosed = false;

  constructor(options: ProcessPoolOptions) {
    this.slots = options.slots;
    this.#options = options;
    const { slots, gpus = [], sharedThreads } = options;
    this.#threads = sharedThreads === undefined ? undefined : new SharedThreads(sharedThreads);
    this.#slots = Array.from({ length: slots }, (_, index) => ({
      gpu: gpus[index % gpus.length],
      child: undefined,
      isBusy: false,
    }));
  }

  get sharedThreads(): number | undefined {
    return this.#threads?.all;
  }

  /**
   * Starts the processes of all slots, or of the first one where threads are shared, and opens their engines, so that the
   * first tasks don't wait for that.
   * @throws CodedError or ComputeFault where the engine can't be opened, with the reason; ComputeCrash where a process
   *   dies of that.
   */
  async warm(): Promise<void> {
    this.#checkOpen();
    const slots = this.#threads === undefined ? this.#slots : this.#slots.slice(0, 1);
    await Promise.all(slots.map((slot) => this.#processOf(slot).ready));
  }

  async run(request: ComputeRequest, options: ComputeOptions = {}): Promise<ComputeResult> {
    options.signal?.throwIfAborted();
    this.#checkOpen();
    const first = this.#freeSlot();
    first.isBusy = true;
    /** The slot that the task occupies; undefined while it is paused. */
    let slot: Slot | undefined = first;
    let child: ComputeProcess | undefined;
    const leave = () => {
      if (child !== undefined) this.#threads?.leave(child);
      if (slot !== undefined) this.#free(slot);
      slot = undefined;
    };
    let stopListening = () => {};
    try {
      const working = this.#processOf(first);
      child = working;
      this.#threads?.enter(working);
      const onProgress: ComputeOptions['onProgress'] = (progress) => {
        if (progress.isPaused && slot !== undefined) {
          // The process keeps what it has painted. Another one is started for whatever comes in its place.
          slot.child = undefined;
          leave();
        }
        options.onProgress?.(progress);
      };
      stopListening =
        options.pauses?.onTurn((isOff) => {
          if (!isOff && slot === undefined && !working.isOver) slot = this.#putBack(working);
        }) ?? stopListening;
      return await working.run(request, { ...options, onProgress }).finally(() => this.#recycle(working));
    } finally {
      stopListening();
      leave();
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#threads?.end();
    for (const { idle } of this.#slots) clearTimeout(idle);
    await Promise.all([...this.#processes].map((child) => child.end()));
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new ComputeCrash('The compute processes have been closed.');
  }

  /** Returns a slot that is free, if possible one with a process. @throws Error where none is. */
  #freeSlot(gpu?: string): Slot {
    const free = this.#slots.filter(({ isBusy }) => !isBusy);
    const slot =
      free.find((one) => gpu !== undefined && one.gpu === gpu) ??
      free.find(({ child }) => child && !child.isOver) ??
      free[0];
    clearTimeout(slot?.idle);
    if (!slot) throw new Error(`Expected at most ${this.slots} tasks at once, which is how many slots there are`);
    return slot;
  }

  /** Gives a slot to a process whose task goes on after a pause; the slot's idle process ends, to free its memory. */
  #putBack(child: ComputeProcess): Slot {
    const slot = this.#freeSlot(child.gpu);
    void slot.child?.end();
    slot.child = child;
    slot.isBusy = true;
    this.#threads?.enter(child);
    return slot;
  }

  #processOf(slot: Slot): ComputeProcess {
    if (slot.child && !slot.child.isOver) return slot.child;
    const child = this.#startProcess(slot.gpu);
    slot.child = child;
    this.#processes.add(child);
    void child.ended.then(() => {
      this.#processes.delete(child);
      // A task may have come in the meantime and have started another process for the slot.
      const left = this.#slots.find((one) => one.child === child);
      if (left !== undefined && child.tasks > 0 && !this.#isClosed) this.#replace(left);
    });
    return child;
  }

  /** Frees a slot. Where threads are shared, its process ends when it has been of no use for a while. */
  #free(slot: Slot): void {
    slot.isBusy = false;
    if (this.#threads === undefined || this.#isClosed) return;
    const { idleMs = usualIdleMs } = this.#options;
    clearTimeout(slot.idle);
    slot.idle = setTimeout(() => this.#retire(slot), idleMs).unref();
  }

  /** Ends a slot's process where another slot has one, which is there for the next task. */
  #retire(slot: Slot): void {
    const { child } = slot;
    const isLast = this.#slots.every((one) => one === slot || one.child === undefined || one.child.isOver);
    if (child === undefined || child.isOver || slot.isBusy || isLast) return;
    slot.child = undefined;
    this.#options.onEvent?.({ kind: 'recycled', pid: child.pid, reason: 'idle' });
    void child.end();
  }

  #replace(slot: Slot): void {
    try {
      this.#processOf(slot);
      if (!slot.isBusy) this.#free(slot);
    } catch {
      // There is no memory for a process now. The next task tries again, and fails if there still is none.
    }
  }

  #startProcess(gpu: string | undefined): ComputeProcess {
    const { engine, hangMs, onEvent = () => {} } = this.#options;
    try {
      return new ComputeProcess({ engine, gpu, hangMs, onEvent });
    } catch (cause) {
      throw new ComputeCrash('A compute process could not be started.', { cause });
    }
  }

  #recycle(child: ComputeProcess): void {
    if (child.isOver) return;
    const { recycleTasks, recycleBytes, onEvent } = this.#options;
    const reason = child.tasks >= recycleTasks ? 'tasks' : child.rssBytes > recycleBytes ? 'memory' : undefined;
    if (reason === undefined) return;
    onEvent?.({ kind: 'recycled', pid: child.pid, reason });
    void child.end();
  }
}
