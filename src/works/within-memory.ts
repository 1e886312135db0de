import { isCoded } from '../coded-error.js';
import type { Inputs, Painting, PerformOptions, Work } from './work.js';

/** The sizes of a picture that was painted smaller because there was not enough memory: longer sides, in pixels. */
export interface Shrinkage {
  readonly asked: number;
  readonly made: number;
}

/** What a task came to, and how much smaller than it was asked for. */
export type Shrinkable<Result> = Result & {
  /** Undefined if the picture has the size that was asked for. */
  readonly shrunk: Shrinkage | undefined;
};

/** Nobody would want a picture whose longer side has fewer pixels. */
const smallestSize = 64;

/**
 * Performs a task, and if there is not enough memory for its size, once more at 0.7 of it, which takes half the memory.
 * @throws what the work throws.
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

/** A multiple of 16: 704 pixels after 1024. */
function smallerSize(size: number): number {
  return 16 * Math.floor((0.7 * size) / 16);
}
