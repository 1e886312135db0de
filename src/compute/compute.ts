import { type CodedError, isCoded } from '../coded-error.js';
import type { JobProgress } from '../works/progress.js';
import type { ResultFiles } from '../works/result-files.js';
import type { Shrinkage } from '../works/within-memory.js';
import type { InputName } from '../works/work.js';
import type { Findings, Task } from '../works/works.js';

/** A task with its pictures, as they were uploaded. */
export interface ComputeRequest {
  readonly task: Task;
  /** Encoded pictures by the task's input names. */
  readonly inputs: Readonly<Partial<Record<InputName, Uint8Array>>>;
  /** The bytes that each file of the result may have. */
  readonly maxFileBytes: number;
}

/** What came of a task. */
export interface ComputeResult extends ResultFiles {
  /** Undefined if the task was performed at the size that it asks for. */
  readonly shrunk?: Shrinkage | undefined;
  readonly epochs: number;
  readonly evaluations: number;
  readonly seconds: number;
  readonly findings?: Findings | undefined;
}

/** What watches a computation. */
export interface ComputeOptions {
  /** Stops it; the returned promise then rejects with the signal's reason within two seconds, and the slot is free. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: JobProgress) => void) | undefined;
}

/** What computes: as many tasks at once as it has slots. */
export interface Compute {
  readonly slots: number;
  /** Gets ready, so that the first tasks don't wait for that. @throws what {@link run} would throw for every task. */
  warm(): Promise<void>;
  /**
   * Computes one task.
   * @throws ComputeCrash if its process died or hung; CodedError if the task itself is impossible, see
   *   {@link isImpossible}; ComputeFault if a mistake in the program stopped it; the signal's reason if
   *   it was stopped.
   */
  run(request: ComputeRequest, options?: ComputeOptions): Promise<ComputeResult>;
  /** Ends all processes. What runs rejects with ComputeCrash. */
  close(): Promise<void>;
}

/** The process that computed died or hung. The task may be tried again. */
export class ComputeCrash extends Error {
  override readonly name = 'ComputeCrash';
}

/**
 * A mistake in the program, or an engine that cannot be opened: nothing that a person could do something about, so it is
 * for the log. Message and stack are those of the error in the process that computed.
 */
export class ComputeFault extends Error {
  override readonly name = 'ComputeFault';

  constructor(message: string, stack: string | undefined) {
    super(message);
    if (stack !== undefined) this.stack = stack;
  }
}

/**
 * Whether an error says that a task is impossible, however often it is tried, and that its person can do something about it.
 * Missing weights, for one, are no fault of the task.
 */
export function isImpossible(error: unknown): error is CodedError {
  return isCoded(error, 'image') || isCoded(error, 'mask') || isCoded(error, 'engine');
}
