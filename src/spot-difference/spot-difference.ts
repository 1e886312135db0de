import type { RgbImage } from '../imaging/rgb-image.js';
import { type Comparison, compare } from './comparison.js';
import { meanSquaredError, pixelOptimizer } from './pixel-optimizer.js';
import { circledStill } from './still.js';

/** Options of {@link spotDifference}. */
export interface SpotDifferenceOptions {
  /** The longer side at which the pictures are compared at most, in pixels; they are never enlarged. Default 768. */
  readonly size?: number | undefined;
  /** Number of steps in which the first picture becomes the second one. Default 30. */
  readonly epochs?: number | undefined;
  /** Stops the optimiser after its current step; the differences are known by then. */
  readonly signal?: AbortSignal | undefined;
}

/** How far the first picture has become the second one, after an epoch. */
export interface SpotDifferenceProgress {
  /** Number of the epoch that has ended, from 1 to `epochs`. */
  readonly epoch: number;
  readonly epochs: number;
  /** The mean squared error against the second picture. */
  readonly loss: number;
  /** The mean squared error of the first picture, before all epochs. */
  readonly startLoss: number;
  readonly secondsLeft: number;
  /** The differences, known from the first epoch on. Its `first` is the picture that the optimiser began with. */
  readonly comparison: Comparison;
  /** Returns the picture as it is now. */
  readonly picture: () => RgbImage;
}

/** Result of {@link spotDifference}. */
export interface SpotDifferenceResult extends Comparison {
  /** Both pictures side by side, the differing regions circled and numbered in reading order. */
  readonly still: RgbImage;
  /** What the optimiser made of the first picture: about the second one, unless it was stopped. */
  readonly picture: RgbImage;
  readonly epochs: number;
  /** The mean squared error of `picture`; undefined where the optimiser had nothing to do, or no time. */
  readonly loss: number | undefined;
  /** Whether `signal` stopped the optimiser early; the comparison is complete anyway. */
  readonly stopped: boolean;
  readonly seconds: number;
}

/** Default options of {@link spotDifference}. */
export const spotDifferenceDefaults = { size: 768, epochs: 30 } as const satisfies SpotDifferenceOptions;

/**
 * Plays spot the difference: lays two pictures on each other, finds where they differ, and turns the first into the
 * second with the article's pixel optimiser, so that one sees the differences appear.
 * @returns a generator that yields after every epoch and returns the result; of pictures that are the same it yields
 *   nothing. While nobody iterates, nothing runs.
 * @throws RangeError for impossible options.
 */
export async function* spotDifference(
  first: RgbImage,
  second: RgbImage,
  options: SpotDifferenceOptions = {},
): AsyncGenerator<SpotDifferenceProgress, SpotDifferenceResult> {
  const begin = performance.now();
  const { signal } = options;
  const size = options.size ?? spotDifferenceDefaults.size;
  const epochs = options.epochs ?? spotDifferenceDefaults.epochs;
  for (const [name, value] of Object.entries({ size, epochs })) {
    if (!(Number.isInteger(value) && value >= 1)) {
      throw new RangeError(`Expected \`${name}\` to be a whole number from 1 up, got ${value}`);
    }
  }
  const comparison = compare(first, second, size);
  const { width, height } = comparison.first;
  const optimizer = pixelOptimizer(comparison.first, comparison.second, epochs);
  const picture = (): RgbImage => ({ width, height, data: optimizer.best.point.slice() });

  const optimizing = performance.now();
  let epoch = 0;
  const startLoss = meanSquaredError(comparison.first.data, comparison.second.data).loss;
  while (epoch < epochs && !signal?.aborted) {
    const step = await optimizer.step();
    if (step.outcome === 'converged') break;
    epoch++;
    const secondsLeft = ((performance.now() - optimizing) / 1000 / epoch) * (epochs - epoch);
    const { loss } = step.evaluation;
    yield { epoch, epochs, loss, startLoss, secondsLeft, comparison, picture };
  }
  return {
    ...comparison,
    still: circledStill(comparison),
    picture: picture(),
    epochs: epoch,
    loss: optimizer.best.evaluation?.loss,
    stopped: signal?.aborted ?? false,
    seconds: (performance.now() - begin) / 1000,
  };
}
