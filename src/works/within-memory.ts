import { engineError, isOutOfMemory } from '../engine/engine-error.js';
import { smallerSide } from '../transfer/scales.js';
import { largestIn } from './require-memory.js';
import type { Inputs, Painting, PerformOptions, Work } from './work.js';

/** The longer side below which a picture is of no use to anybody, in pixels. */
export const smallestSize = 64;

/**
 * Performs a task, and if there is not enough memory to paint anything of it, once more at a smaller size: the largest
 * that there is memory for, or where nobody knows that, see {@link smallerSide}. Of what is painted from coarse to fine nothing is lost when memory runs out later: the result has a
 * shortfall then, see `transfer/coarse-to-fine.ts`.
 * @throws what the work throws; `engine/out-of-memory` only if the smaller size fails, too, or would be below 64
 *   pixels.
 */
export async function performWithinMemory<Task, Result extends Painting<unknown>>(
  work: Pick<Work<Task, Result>, 'sizeOf' | 'withSize' | 'perform'>,
  task: Task,
  inputs: Inputs,
  options: PerformOptions,
): Promise<Result> {
  try {
    return await work.perform(task, inputs, options);
  } catch (error) {
    if (!isOutOfMemory(error)) throw error;
    const asked = work.sizeOf(task);
    const made = largestIn(error) ?? smallerSide(asked);
    if (made < smallestSize) throw asOutOfMemory(error);
    const painting = await work.perform(work.withSize(task, made), inputs, options).catch((reason: unknown) => {
      throw isOutOfMemory(reason) ? asOutOfMemory(reason) : reason;
    });
    return { ...painting, shortfall: { made, error, ...painting.shortfall, asked } };
  }
}

/** Returns an error of memory in words: those of an engine say what to do, those of Node.js don't. */
function asOutOfMemory(error: unknown): unknown {
  if (!(error instanceof RangeError)) return error;
  const sentence = 'There is not enough memory for this size. Take a smaller one, or give the process more memory.';
  return engineError('out-of-memory', sentence, {}, error);
}
