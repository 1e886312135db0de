import type { WeightMap } from '../../engine/engine.js';
import type { RgbImage } from '../../imaging/rgb-image.js';
import type { WeightedStyle } from '../pictures.js';
import type { GradientSink } from '../pixel-losses.js';
import { halved, pullBackHalving } from './halving.js';
import { patchError, statisticCount } from './patch-statistics.js';
import { Resolution } from './resolution.js';

/** The targets of {@link PixelStyle}: the patch statistics of the styles at full and at half resolution. */
export interface PixelTargets {
  readonly full: Float64Array;
  readonly half: Float64Array;
}

/** Computes the targets of several styles, the mean of theirs. @param styles - with weights that add up to 1. */
export function pixelTargets(styles: readonly WeightedStyle[]): PixelTargets {
  const [full, half] = [new Float64Array(statisticCount), new Float64Array(statisticCount)];
  for (const { picture, weight } of styles) {
    const smaller = halved(picture);
    for (const [sum, image] of [[full, picture] as const, [half, smaller] as const]) {
      for (const [i, value] of new Resolution(image).statistics(image).entries()) {
        sum[i] = (sum[i] as number) + weight * value;
      }
    }
  }
  return { full, half };
}

/**
 * How far the pixels of pictures are from a style's, without a network: by the covariance of patches of 3×3 pixels, and
 * by noise in the finest chroma, at full and at half resolution. Networks hardly see coloured fringes and noise of single
 * pixels, and small ones make them; what a network's first layers compare, this compares without what they leave out.
 */
export class PixelStyle {
  readonly #targets: PixelTargets;
  readonly #full: Resolution;
  readonly #half: Resolution;

  /**
   * @param size - the size of the pictures that are compared, both sides at least 2 pixels.
   * @param map - how much each pixel counts; without it all count the same.
   * @throws `engine/out-of-memory` where there is not enough for pictures of this size.
   */
  constructor(size: { readonly width: number; readonly height: number }, targets: PixelTargets, map?: WeightMap) {
    this.#targets = targets;
    this.#full = new Resolution(size, map);
    this.#half = new Resolution({ width: size.width >> 1, height: size.height >> 1 }, map && halved(map));
  }

  /**
   * Compares a picture's pixels with the style's.
   * @param sink - the sink to whose gradient weight · ∂error/∂pixel is added.
   * @returns the unweighted error: 0 for equal statistics, about 2 for a picture of one colour.
   */
  error(picture: RgbImage, { gradient, weight }: GradientSink): number {
    const { width, height } = picture;
    const full = patchError(this.#full.statistics(picture), this.#targets.full);
    const smaller = halved(picture);
    const half = patchError(this.#half.statistics(smaller), this.#targets.half);
    this.#full.pullBack(
      full.slope.map((value) => weight * value),
      gradient,
    );
    const smallerGradient = { ...smaller, data: new Float32Array(smaller.data.length) };
    this.#half.pullBack(
      half.slope.map((value) => weight * value),
      smallerGradient.data,
    );
    pullBackHalving(smallerGradient, { width, height, data: gradient });
    return full.error + half.error;
  }
}
