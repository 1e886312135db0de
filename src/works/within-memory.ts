import { isCoded } from '../coded-error.js';
import type { Inputs, Painting, PerformOptions, Work } from './work.js';

/** The size that was asked for and the one that memory sufficed for: longer sides of a picture, in pixels. */
export interface Shrinkage {
  readonly asked: number;
  readonly made: number;
}

/** The result of a task that may have been performed at a smaller size than it asks for. */
export type Shrinkable<Result> = Result & {
  /** How much smaller the picture is; undefined if it has the size that was asked for. */
  readonly shrunk: Shrinkage | undefined;
};

/** The longer side below which a picture is of no use to anybody, in pixels. */
const smallestSize = 64;

/**
 * Performs a task, and if there is not enough memory for its size, once more at 0.7 of that size, which takes half the
 * memory.
 * @throws what the work throws; `engine/out-of-memory` only if the smaller size fails, too, or would be below 64
 *   pixels.
 */
export async function performWithinMemory<Task, Result extends Painting<unknown>>(
  work: Pick<Work<Task, Result>, 'sizeOf' | 'withSize' | 'perform'>,
  task: Task,
  inputs: Inputs,
  options: PerformOptions,
): Promise<Shrinkable<Result>> {
  try {
    return { ...(await work.perform(task, inputs, options)), shrunk: undefined };
  } catch (error) {
    const asked = work.sizeOf(task);
    const made = smallerSize(asked);
    if (!isCoded(error, 'engine', 'out-of-memory') || made < smallestSize) throw error;
    return { ...(await work.perform(work.withSize(task, made), inputs, options)), shrunk: { asked, made } };
  }
}

/** Returns about 0.7 of a size, as a multiple of 16: 704 pixels for 1024. */
function smallerSize(size: number): number {
  return 16 * Math.floor((0.7 * size) / 16);
}
