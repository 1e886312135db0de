import { type CodedError, isCoded } from '../coded-error.js';
import type { JobProgress } from '../works/progress.js';
import type { ResultFiles } from '../works/result-files.js';
import type { Shrinkage } from '../works/shortfall.js';
import type { FrameKeeper, InputName } from '../works/work.js';
import type { Findings, Task } from '../works/works.js';
import type { Fault } from './fault.js';
import type { PauseSwitch } from './pause-switch.js';

/** A task with its pictures, encoded as they were uploaded. */
export interface ComputeRequest {
  readonly task: Task;
  /** Encoded pictures, by the names of the task's inputs. */
  readonly inputs: Readonly<Partial<Record<InputName, Uint8Array>>>;
  /** Size that each file of the result may have, in bytes. */
  readonly maxFileBytes: number;
  /**
   * Seconds of work after which the picture as it is then is the result; undefined: any. Pauses don't count, and what other
   * tasks slow the work down by doesn't either.
   */
  readonly maxSeconds?: number | undefined;
}

/** The result of a task: its files, and what was measured and found on the way. */
export interface ComputeResult extends ResultFiles {
  /** How much smaller the picture is than asked for; undefined if it has the size that the task asks for. */
  readonly shrunk?: Shrinkage | undefined;
  /** What ended the task before its last epoch, so that the picture is the one by then; undefined if nothing did. */
  readonly failure?: Fault | undefined;
  /** The request's `maxSeconds`, where they ended the task before its last epoch. */
  readonly outOfTime?: number | undefined;
  readonly epochs: number;
  readonly evaluations: number;
  /** Seconds from the task's start to its encoded result, pauses not counted. */
  readonly seconds: number;
  /** About how many seconds it would have been with all threads; undefined: as many. */
  readonly aloneSeconds?: number | undefined;
  readonly findings?: Findings | undefined;
}

/** Options of a computation: what stops and pauses it, who hears of its progress, and where frames are kept. */
export interface ComputeOptions {
  /** Stops the task: {@link Compute.run} rejects with the signal's reason within two seconds, and the slot is free. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: JobProgress) => void) | undefined;
  /**
   * Pauses the task. It has paused, and its slot is free, once its progress says so; it may end before. It is to go on
   * only while a slot is free.
   */
  readonly pauses?: PauseSwitch | undefined;
  /**
   * Where painted frames of a content that moves are kept: a run goes on from those that another one left there. Default:
   * in memory, for this run. What it throws is thrown by {@link Compute.run}.
   */
  readonly keptFrames?: FrameKeeper | undefined;
}

/** Computes tasks, as many at once as it has slots. */
export interface Compute {
  readonly slots: number;
  /** The threads that all tasks share, of which a lone one has all; undefined: each slot has threads of its own. */
  readonly sharedThreads?: number | undefined;
  /** Opens engines, so that the first tasks need not wait. @throws what {@link run} would throw for every task. */
  warm(): Promise<void>;
  /**
   * Computes one task.
   * @throws ComputeCrash if the task's process died or hung; CodedError if the task itself is impossible, see {@link
   *   isImpossible}; ComputeFault if a mistake in the program ended it; the signal's reason if the task was stopped.
   */
  run(request: ComputeRequest, options?: ComputeOptions): Promise<ComputeResult>;
  /** Ends all processes. Tasks that run reject with ComputeCrash. */
  close(): Promise<void>;
}

/** Error of a task whose process died or hung. The task may be tried again. */
export class ComputeCrash extends Error {
  override readonly name = 'ComputeCrash';
}

/**
 * Error for the log, because no person can do anything about it: a mistake in the program, or an engine that can't be
 * opened. Message and stack are those of the error in the process that computed.
 */
export class ComputeFault extends Error {
  override readonly name = 'ComputeFault';

  constructor(message: string, stack: string | undefined) {
    super(message);
    if (stack !== undefined) this.stack = stack;
  }
}

/**
 * Returns whether an error says that a task is impossible however often it is tried, and its person can do something
 * about that. Missing weights, for one, are no fault of the task, and neither is a lost GPU.
 */
export function isImpossible(error: unknown): error is CodedError {
  if (isCoded(error, 'engine', 'device-lost')) return false;
  return isCoded(error, 'image') || isCoded(error, 'mask') || isCoded(error, 'engine');
}
