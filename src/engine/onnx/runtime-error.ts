import type { CodedError } from '../../coded-error.js';
import { engineError } from '../engine-error.js';

/** The words by which ONNX Runtime, CUDA, its libraries and the C library say that there is no memory. */
const outOfMemory = /bad_alloc|failed to allocate|out of memory|alloc_failed|cannot allocate memory/i;

/** The words by which ONNX Runtime says that the system lets it start no thread. */
const noThreads = /pthread_create failed/i;

/** Returns what an exception of ONNX Runtime says, in one line and without a full stop. */
export function reasonOf(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).trim().replace(/\s+/g, ' ').replace(/\.$/, '');
}

/** Returns the error for an exception of ONNX Runtime: `engine/out-of-memory` or `engine/failed`. */
export function runtimeError(cause: unknown): CodedError {
  const reason = reasonOf(cause);
  if (outOfMemory.test(reason)) {
    const advice = 'Take a smaller size or network, or give the process more memory.';
    return engineError('out-of-memory', `ONNX Runtime failed: ${reason}. ${advice}`, {}, cause);
  }
  if (noThreads.test(reason)) {
    const advice =
      'Raise the limit of processes (`ulimit -u`, or `pids` of a container), or set THREADS=1 to need fewer.';
    return engineError('failed', `The system lets ONNX Runtime start no more threads. ${advice}`, {}, cause);
  }
  return engineError('failed', `ONNX Runtime failed: ${reason}.`, {}, cause);
}
