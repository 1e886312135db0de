import type { CodedError } from '../../coded-error.js';
import { engineError } from '../engine-error.js';

/**
 * The words by which ONNX Runtime, the C library, CUDA and its libraries, and WebGPU say that there is no memory. WebGPU
 * says so only by and by: that a buffer is invalid, or that nothing comes out of it. Of a value that is larger than a GPU
 * lets one program see at once, ONNX Runtime makes several, which its program for convolutions can't be compiled for.
 */
const outOfMemory =
  /bad_alloc|failed to allocate|cannot allocate memory|out[ _]of[ _](?:\w+[ _])?memory|alloc_failed|\[invalid buffer|max buffer size limit|too many storage buffers|failed to download data from buffer|\[invalid shadermodule/i;

/** The words by which WebGPU says that the device is gone: reset by its driver, hung, or pulled out. */
const deviceLost = /\bis lost\b|device[ _](?:was )?lost/i;

/** The words by which ONNX Runtime says that the system lets it start no thread. */
const noThreads = /pthread_create failed/i;

/** Returns what an exception of ONNX Runtime says, in one line and without a full stop. */
export function reasonOf(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).trim().replace(/\s+/g, ' ').replace(/\.$/, '');
}

/**
 * Returns the error for an exception of ONNX Runtime: `engine/out-of-memory`, `engine/device-lost` where a GPU is gone, or
 * `engine/failed`.
 * @param memoryAdvice - what to do where there is no memory, in a sentence.
 */
export function runtimeError(cause: unknown, memoryAdvice: string): CodedError {
  const reason = reasonOf(cause);
  if (deviceLost.test(reason)) {
    const advice = 'The GPU was lost: its driver was reset, or it hung. Try again; if it stays so, set ENGINE=onnx.';
    return engineError('device-lost', `ONNX Runtime failed: ${reason}. ${advice}`, {}, cause);
  }
  if (outOfMemory.test(reason)) {
    return engineError('out-of-memory', `ONNX Runtime failed: ${reason}. ${memoryAdvice}`, {}, cause);
  }
  if (noThreads.test(reason)) {
    const advice =
      'Raise the limit of processes (`ulimit -u`, or `pids` of a container), or set THREADS=1 to need fewer.';
    return engineError('failed', `The system lets ONNX Runtime start no more threads. ${advice}`, {}, cause);
  }
  return engineError('failed', `ONNX Runtime failed: ${reason}.`, {}, cause);
}
