import { type ChildProcess, fork } from 'node:child_process';
import { setPriority } from 'node:os';
import { finished } from 'node:stream/promises';
import { Deferred } from '../deferred.js';
import type { EngineChoice } from '../engine/choose-engine.js';
import { gpuEnvironment } from '../engine/webgpu/gpu-choice.js';
import { afterOwnTime } from '../own-time.js';
import { programPath } from '../package-root.js';
import { FramesInMemory } from '../works/kept-paintings.js';
import type { FrameKeeper } from '../works/work.js';
import { ComputeCrash, ComputeFault, type ComputeOptions, type ComputeRequest, type ComputeResult } from './compute.js';
import { codedError, type Ending, type FrameRequest, type Instruction, type Report } from './messages.js';
import type { PoolEvent } from './pool-event.js';

export interface ComputeProcessOptions {
  readonly engine: EngineChoice;
  /** Number of the GPU that the process takes, see {@link gpuEnvironment}; undefined: CUDA or Vulkan chooses. */
  readonly gpu?: string | undefined;
  /** How much time of its own the process may have without a sign of life while it opens its engine or is at a task. */
  readonly hangMs: number;
  readonly onEvent: (event: PoolEvent) => void;
}

/** The task that a compute process is at. */
interface Turn extends ComputeOptions {
  readonly result: Deferred<ComputeResult>;
  readonly keptFrames: FrameKeeper;
  /** Why frames can't be kept or read; it ends the task. */
  frameTrouble?: unknown;
  /** Settles once the process has the frame that it waits for; until then, no sign of life is to be expected. */
  asking: Promise<void> | undefined;
  /** Whether the task stands still, so that no sign of life is to be expected. */
  isPaused: boolean;
}

/** Own time of the process that a stopped task may take until its evaluation ends; after that the process is killed. */
const stopMs = 1500;

/** Own time that a process may take to end when it is told to; after that it is killed. */
const endMs = 1000;

/** How many of the last characters that a process writes to stderr are kept. */
const lastWordsLength = 2000;

/** Priority of compute processes, as nice(1) counts it, so that the process that answers people goes first. */
const niceness = 10;

/** Environment variables that compute processes don't get: they decode strangers' pictures, and need none of these. */
const secrets = new Set(['DISCORD_TOKEN', 'REDIS_URL', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY']);

/** One compute process, from its start to its end. It does one task at a time. */
export class ComputeProcess {
  readonly #options: ComputeProcessOptions;
  readonly #process: ChildProcess;
  readonly #ready = new Deferred<void>();
  readonly #ended = new Deferred<void>();
  #turn: Turn | undefined;
  #stopWatching = () => {};
  #isReady = false;
  #isOver = false;
  #isExpectedToEnd = false;
  #lastWords = '';
  #tasks = 0;
  #threads: number | undefined;
  #rssBytes = 0;

  constructor(options: ComputeProcessOptions) {
    this.#options = options;
    this.#threads = options.engine.threads;
    // Nobody has to wait for `ready`: events tell of a failure, too.
    this.#ready.promise.catch(() => {});
    this.#process = fork(programPath('compute/compute-process-main'), {
      serialization: 'advanced',
      // Node's options of this process, such as the port of an inspector, are not for the child.
      execArgv: [],
      env: environmentFor(options.gpu),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#process
      .on('message', (report) => this.#hear(report as Report))
      .on('exit', (code, signal) => this.#bury(code, signal))
      // A process that could not be started never exits. Other errors are about messages to a process that is ending.
      .on('error', (error) => this.pid === undefined && this.#bury(null, null, error));
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-lastWordsLength);
    });
    this.#makeWay();
    options.onEvent({ kind: 'started', pid: this.pid });
    this.#tell({ kind: 'start', engine: options.engine });
    this.#watch();
  }

  /** Number of the GPU that the process takes; undefined: CUDA or Vulkan chooses. */
  get gpu(): string | undefined {
    return this.#options.gpu;
  }

  /** How many threads the process is to compute with; undefined: as many as there are processors. */
  get threads(): number | undefined {
    return this.#threads;
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /**
   * Settles once the engine is warm. Rejects with what keeps it from being opened, a CodedError or ComputeFault, or
   * with ComputeCrash if the process dies.
   */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** Settles once the process is gone. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** Whether the process takes no more tasks, because it has ended or is about to. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Number of tasks that the process was given. */
  get tasks(): number {
    return this.#tasks;
  }

  /** Resident memory of the process after its last task, in bytes. */
  get rssBytes(): number {
    return this.#rssBytes;
  }

  /** Has the process compute with so many threads from its next evaluation on, at most those of its engine's choice. */
  computeWith(threads: number): void {
    if (threads === this.#threads) return;
    this.#threads = threads;
    this.#options.onEvent({ kind: 'threads', pid: this.pid, threads });
    this.#tell({ kind: 'threads', threads });
  }

  /** Has the process do a task, see {@link Compute.run}. Call it only while the process is at no task and not over. */
  async run(request: ComputeRequest, options: ComputeOptions = {}): Promise<ComputeResult> {
    const { signal, onProgress, pauses, keptFrames = new FramesInMemory() } = options;
    signal?.throwIfAborted();
    const result = new Deferred<ComputeResult>();
    let stopWaiting = () => {};
    const stop = () => {
      this.#tell({ kind: 'cancel' });
      stopWaiting = afterOwnTime(this.pid, stopMs, () => this.#kill('cancelled', 'did not stop'));
    };
    signal?.addEventListener('abort', stop, { once: true });
    this.#turn = { signal, onProgress, keptFrames, result, isPaused: false, asking: undefined };
    this.#tasks++;
    this.#tell({ kind: 'task', request });
    const tellTurn = (isOff: boolean) => this.#tell({ kind: isOff ? 'pause' : 'go-on' });
    const stopTelling = pauses?.onTurn(tellTurn);
    if (pauses?.isOff) tellTurn(true);
    this.#watch();
    try {
      // A stopped task counts as stopped however it ended, even if its result crossed the cancellation.
      return await result.promise.finally(() => signal?.throwIfAborted());
    } finally {
      stopWaiting();
      stopTelling?.();
      // No frame is kept any more once the task is over.
      await this.#turn.asking;
      signal?.removeEventListener('abort', stop);
      this.#turn = undefined;
      this.#watch();
    }
  }

  /**
   * Ends the process, by force where it doesn't end by itself. Settles once it is gone. A task that runs rejects with
   * ComputeCrash, and the process is not given the time to stop it.
   */
  async end(): Promise<void> {
    const kill = () => this.#process.kill('SIGKILL');
    this.#isExpectedToEnd = true;
    if (this.#turn) kill();
    this.#leave(new ComputeCrash('The compute process was told to end.'));
    if (this.#process.connected) this.#process.disconnect();
    const stopWaiting = afterOwnTime(this.pid, endMs, kill);
    await this.ended;
    stopWaiting();
  }

  /** Lowers the priority of the process before it has threads: new ones inherit it, but old ones would keep theirs. */
  #makeWay(): void {
    try {
      if (this.pid !== undefined) setPriority(this.pid, niceness);
    } catch {
      // Where lowering the priority is forbidden, the process competes with all others.
    }
  }

  #hear(report: Report): void {
    if (this.#isOver) return;
    switch (report.kind) {
      case 'ready': {
        const { engine, network, secondsPerPixel } = report;
        this.#isReady = true;
        this.#options.onEvent({ kind: 'ready', pid: this.pid, engine, network, secondsPerPixel });
        this.#ready.resolve();
        break;
      }
      case 'not-ready': {
        const { message, stack } = report.fault;
        this.#options.onEvent({ kind: 'not-ready', pid: this.pid, message });
        // An operator is told what to do; for a task's person it is one more fault, that they can do nothing about.
        if (report.error) this.#ready.reject(codedError(report.error));
        this.#leave(new ComputeFault(message, stack));
        void this.end();
        break;
      }
      case 'progress':
        if (this.#turn) this.#turn.isPaused = report.progress.isPaused ?? false;
        if (!this.#turn?.signal?.aborted) this.#turn?.onProgress?.(report.progress);
        break;
      case 'frame':
        if (this.#turn) this.#turn.asking = this.#answer(this.#turn, report);
        break;
      case 'alive':
        break;
      case 'ending':
        this.#rssBytes = report.rssBytes;
        if (this.#turn?.frameTrouble !== undefined) this.#turn.result.reject(this.#turn.frameTrouble);
        else if (this.#turn) settle(this.#turn.result, report.ending);
        break;
    }
    this.#watch();
  }

  /** Keeps or reads a frame for the task, and tells the process when that is done. */
  async #answer(turn: Turn, { id, index, file }: FrameRequest): Promise<void> {
    try {
      const found = file === undefined ? await turn.keptFrames.get(index) : await turn.keptFrames.put(index, file);
      this.#tell({ kind: 'frame', id, file: found ?? undefined });
    } catch (error) {
      turn.frameTrouble = error;
      this.#tell({ kind: 'frame', id, isRefused: true });
    }
    turn.asking = undefined;
    this.#watch();
  }

  /** Begins to wait for the next sign of life, if the process opens its engine or is at a task. */
  #watch(): void {
    this.#stopWatching();
    if (this.#isOver || (this.#isReady && !this.#turn) || this.#turn?.isPaused || this.#turn?.asking) return;
    const { hangMs } = this.#options;
    const kill = () => this.#kill('hung', `gave no sign of life for ${hangMs / 1000} s`);
    this.#stopWatching = afterOwnTime(this.pid, hangMs, kill);
  }

  #kill(reason: 'cancelled' | 'hung', what: string): void {
    if (this.#isOver) return;
    this.#options.onEvent({ kind: 'killed', pid: this.pid, reason });
    this.#isExpectedToEnd = true;
    this.#leave(new ComputeCrash(`The compute process ${what} and was killed.`));
    this.#process.kill('SIGKILL');
  }

  async #bury(code: number | null, signal: NodeJS.Signals | null, error?: Error): Promise<void> {
    this.#isOver = true;
    this.#stopWatching();
    // The end of stderr may still be on its way. The event `close` of the process would wait for that, but also for the
    // channel, and so never comes after `disconnect`.
    const { stderr } = this.#process;
    if (stderr && !error) await finished(stderr).catch(() => {});
    const lastWords = this.#lastWords.trim();
    const how = error?.message ?? (signal === null ? `code ${code}` : `signal ${signal}`);
    const crash = `The compute process ended unexpectedly: ${how}.${lastWords && ` It said: ${lastWords}`}`;
    this.#leave(new ComputeCrash(crash, { cause: error }));
    const expected = this.#isExpectedToEnd;
    this.#options.onEvent({ kind: 'ended', pid: this.pid, code, signal, expected, lastWords });
    this.#ended.resolve();
  }

  /** Lets the process take no more tasks. Those who wait for it or for its task get the error. */
  #leave(error: ComputeCrash | ComputeFault): void {
    this.#isOver = true;
    this.#stopWatching();
    this.#ready.reject(error);
    this.#turn?.result.reject(error);
  }

  #tell(instruction: Instruction): void {
    // An instruction that doesn't arrive needs no handling here: the process is ending, and `exit` follows.
    if (this.#process.connected) this.#process.send(instruction, () => {});
  }
}

/** Returns the environment of a compute process: this one's without secrets, with the process's own GPU. */
function environmentFor(gpu: string | undefined): NodeJS.ProcessEnv {
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !secrets.has(name)));
  return gpu === undefined ? environment : { ...environment, ...gpuEnvironment(gpu) };
}

function settle(result: Deferred<ComputeResult>, ending: Ending): void {
  switch (ending.kind) {
    case 'done':
      result.resolve(ending.result);
      return;
    case 'stopped':
      result.reject(new ComputeCrash('The compute process stopped without being told to.'));
      return;
    case 'impossible':
      result.reject(codedError(ending.error));
      return;
    case 'fault':
      result.reject(new ComputeFault(ending.fault.message, ending.fault.stack));
  }
}
