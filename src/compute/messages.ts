import { CodedError, type ErrorContext } from '../coded-error.js';
import type { EngineChoice } from '../engine/choose-engine.js';
import type { JobProgress } from '../works/progress.js';
import type { ComputeRequest, ComputeResult } from './compute.js';
import type { Fault } from './fault.js';

/** An instruction to a compute process. It gets `start` first and once, and `task` only while it is at no task. */
export type Instruction =
  | { readonly kind: 'start'; readonly engine: EngineChoice }
  | { readonly kind: 'task'; readonly request: ComputeRequest }
  /** How many of the engine's threads it is to compute with from now on: fewer, where other processes have tasks, too. */
  | { readonly kind: 'threads'; readonly threads: number }
  /** Has the current task pause at the end of its epoch, or go on; it may come when the task is over already. */
  | { readonly kind: 'pause' | 'go-on' }
  /** Stops the current task; it may come when that is over already. */
  | { readonly kind: 'cancel' }
  | FrameAnswer;

/** Asks for a frame of the current task's content that was kept, or where there is a file, has it kept. */
export interface FrameRequest {
  readonly kind: 'frame';
  /** The answer has the same. */
  readonly id: number;
  readonly index: number;
  readonly file: Uint8Array | undefined;
}

/** The answer to a {@link FrameRequest}: once a frame is kept, or with the one that was asked for, if it is there. */
export interface FrameAnswer {
  readonly kind: 'frame';
  readonly id: number;
  readonly file?: Uint8Array | undefined;
  /** Whether frames can't be kept or read; who is asked knows why, and tells whoever waits for the task. */
  readonly isRefused?: boolean;
}

/** A message from a compute process. For every task there is exactly one `ending`. */
export type Report =
  /** `secondsPerPixel` is how fast the engine evaluates, see `evaluationPixels`. */
  | { readonly kind: 'ready'; readonly engine: string; readonly network: string; readonly secondsPerPixel: number }
  /** The engine can't be opened; the process is of no use. `error` says what an operator can do, if somebody knows. */
  | { readonly kind: 'not-ready'; readonly fault: Fault; readonly error?: PlainError }
  | { readonly kind: 'progress'; readonly progress: JobProgress }
  | FrameRequest
  /** The computation goes on, without anything new to tell. */
  | { readonly kind: 'alive' }
  | { readonly kind: 'ending'; readonly ending: Ending; readonly rssBytes: number };

/** How a task ended. */
export type Ending =
  | { readonly kind: 'done'; readonly result: ComputeResult }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'impossible'; readonly error: PlainError }
  | { readonly kind: 'fault'; readonly fault: Fault };

/** A CodedError as plain data, because objects lose their class on the way from one process to another. */
export interface PlainError {
  readonly domain: string;
  readonly code: string;
  readonly message: string;
  readonly context: ErrorContext;
}

export function plainError({ domain, code, message, context }: CodedError): PlainError {
  return { domain, code, message, context };
}

export function codedError({ domain, code, message, context }: PlainError): CodedError {
  return new CodedError(domain, code, message, { context });
}
