import { type ComputeRequest, type ComputeResult, TaskError } from '../compute/compute.js';
import { EngineError } from '../engine/engine-error.js';
import { PictureOverBudgetError } from '../imaging/encode-within.js';
import { ImageError } from '../imaging/image-error.js';
import { MaskError } from '../transfer/area/mask-error.js';
import type { PerformOptions } from './performance.js';
import { perform } from './performers.js';
import { encodeResultFiles } from './result-files.js';
import { sizeOf, type Task, withSize } from './task.js';

/** The longer side, in pixels, below which nobody would want a picture. */
const smallestSize = 64;

/**
 * Does a task, in this process: from the encoded inputs to the encoded result. Where there is not enough memory for its size,
 * at the next smaller one.
 *
 * @throws TaskError for what would go wrong every time: `image/…`, `engine/…`, `mask/…`, `out-of-memory` or `result-too-large`.
 * @throws the signal's reason, within one evaluation or one frame of the animation.
 * @throws anything else for a mistake in the program.
 */
export async function performTask(request: ComputeRequest, options: PerformOptions): Promise<ComputeResult> {
  const { task, inputs, maxFileBytes } = request;
  const { signal } = options;
  const begin = performance.now();
  try {
    const { painting, shrunk } = await paintWithinMemory(task, inputs, options);
    const { picture, frames, ...facts } = painting;
    const files = await encodeResultFiles(picture, frames, { maxFileBytes, signal });
    return { ...files, ...facts, shrunk, seconds: (performance.now() - begin) / 1000 };
  } catch (error) {
    signal?.throwIfAborted();
    throw asTaskError(error);
  }
}

async function paintWithinMemory(task: Task, inputs: ComputeRequest['inputs'], options: PerformOptions) {
  try {
    return { painting: await perform(task, inputs, options), shrunk: undefined };
  } catch (error) {
    const smaller = smallerTask(task);
    if (!(error instanceof EngineError && error.code === 'out-of-memory') || smaller === undefined) throw error;
    const painting = await perform(smaller, inputs, options);
    return { painting, shrunk: { asked: sizeOf(task), made: sizeOf(smaller) } };
  }
}

/** A task at the next smaller size, which takes half the memory: 704 pixels after 1024. Undefined where that is too small. */
function smallerTask(task: Task): Task | undefined {
  const size = 16 * Math.floor((0.7 * sizeOf(task)) / 16);
  return size < smallestSize ? undefined : withSize(task, size);
}

/** The TaskError that an error amounts to, or else the error. */
function asTaskError(error: unknown): unknown {
  if (error instanceof PictureOverBudgetError) {
    return new TaskError('result-too-large', error.message, { ...error.context });
  }
  if (error instanceof EngineError) {
    const code = error.code === 'out-of-memory' ? error.code : `engine/${error.code}`;
    return new TaskError(code, error.message, { ...plainContext(error.context), message: error.message });
  }
  if (error instanceof ImageError) {
    return new TaskError(`image/${error.code}`, error.message, { ...error.context, message: error.message });
  }
  if (error instanceof MaskError) {
    return new TaskError(`mask/${error.code}`, error.message, { ...error.context, message: error.message });
  }
  return error;
}

function plainContext(context: EngineError['context']): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(context)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, typeof value === 'number' ? value : String(value)]),
  );
}
