import type { Findings, Shrinkage } from '../works/findings.js';
import type { JobProgress } from '../works/progress.js';
import type { InputName, Task } from '../works/task.js';

/** A task with its pictures, as they were uploaded. */
export interface ComputeRequest {
  readonly task: Task;
  /** Encoded pictures by the task's input names. */
  readonly inputs: Readonly<Partial<Record<InputName, Uint8Array>>>;
  /** What each file of the result may have. */
  readonly maxFileBytes: number;
}

/** An encoded file. */
export interface ComputedFile {
  /** `png`, `webp`, `jpeg` or `gif`. */
  readonly format: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array;
}

/** What came of a task. */
export interface ComputeResult {
  readonly picture: ComputedFile;
  /** Missing where none fits into `maxFileBytes`. */
  readonly animation: ComputedFile | undefined;
  /** Undefined where it was done at the size that the task asks for. */
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
  /**
   * Computes one task.
   * @throws ComputeCrash where its process died or hung; TaskError where the task itself is impossible; ComputeFault where
   *   a mistake in the program stopped it; the signal's reason where it was stopped.
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

/** A task that fails however often it is tried; `code` and `context` say why, see `Failure`. */
export class TaskError extends Error {
  override readonly name = 'TaskError';
  readonly code: string;
  readonly context: Readonly<Record<string, string | number>>;

  constructor(code: string, message: string, context: Readonly<Record<string, string | number>> = {}) {
    super(message);
    this.code = code;
    this.context = context;
  }
}
