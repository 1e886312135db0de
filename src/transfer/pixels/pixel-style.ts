import type { WeightMap } from '../../engine/engine.js';
import type { RgbImage } from '../../imaging/rgb-image.js';
import type { WeightedStyle } from '../pictures.js';
import { patchError, statisticCount } from './patch-statistics.js';
import { bytesPerPixel, Resolution } from './resolution.js';

/** The targets of {@link PixelStyle}: the patch statistics of the styles at full and at half resolution. */
export interface PixelTargets {
  readonly full: Float64Array;
  readonly half: Float64Array;
}

/** Computes the targets of several styles, the mean of theirs. @param styles - with weights that add up to 1. */
export function pixelTargets(styles: readonly WeightedStyle[]): PixelTargets {
  const [full, half] = [new Float64Array(statisticCount), new Float64Array(statisticCount)];
  for (const { picture, weight } of styles) {
    for (const [sum, side] of [[full, 1] as const, [half, 2] as const]) {
      for (const [i, value] of new Resolution(picture, undefined, side).statistics(picture).entries()) {
        sum[i] = (sum[i] as number) + weight * value;
      }
    }
  }
  return { full, half };
}

/** Bytes that a {@link PixelStyle} takes for each pixel. */
export const pixelStyleBytes = 1.25 * bytesPerPixel;

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
    this.#half = new Resolution(size, map, 2);
  }

  /**
   * Compares a picture's pixels with the style's, and computes the gradient, which {@link addGradient} adds: engines take
   * longer, and theirs is where both are added up.
   * @param weight - what the error counts in the gradient.
   * @returns the unweighted error: 0 for equal statistics, about 2 for a picture of one colour.
   */
  error(picture: RgbImage, weight: number): number {
    const full = patchError(this.#full.statistics(picture), this.#targets.full);
    const half = patchError(this.#half.statistics(picture), this.#targets.half);
    this.#full.pullBack(full.slope.map((value) => weight * value));
    this.#half.pullBack(half.slope.map((value) => weight * value));
    return full.error + half.error;
  }

  /** Adds weight · ∂error/∂pixel of the picture that was compared last to a gradient, planar RGB. */
  addGradient(gradient: Float32Array): void {
    this.#full.addGradient(gradient);
    this.#half.addGradient(gradient);
  }
}
