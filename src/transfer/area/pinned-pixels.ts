import { resample } from '../../imaging/resample.js';
import type { RgbImage } from '../../imaging/rgb-image.js';
import { type Mask, resizeMask } from './mask.js';

/**
 * Holds a picture to the content where it is not styled: what is seen of a painted picture x is y = m·x + (1 − m)·c, with the
 * mask m and the content c. A loss of y is a loss of x like any other, with the gradient m·∂L/∂y, so that an optimiser of x
 * sees a function that fits its gradient, and can't change what is outside.
 */
export class PinnedPixels {
  readonly #content: RgbImage;
  readonly #mask: Mask;

  /** @param mask - of the content's size. */
  constructor(content: RgbImage, mask: Mask) {
    this.#content = content;
    this.#mask = mask;
  }

  /**
   * What is seen of a painted picture: y.
   * @param painted - planar RGB of the content's size, finite.
   */
  seen(painted: Float32Array): Float32Array {
    const { data: content } = this.#content;
    const { data: mask } = this.#mask;
    const seen = new Float32Array(painted.length);
    for (let i = 0; i < seen.length; i++) {
      const share = mask[i % mask.length] as number;
      // Not c + m·(x − c): where m is 0 or 1, this is c or x to the last bit.
      seen[i] = share * (painted[i] as number) + (1 - share) * (content[i] as number);
    }
    return seen;
  }

  /** Turns a gradient with respect to what is seen, in place, into that with respect to what is painted. */
  pullBack(gradient: Float32Array): void {
    const { data: mask } = this.#mask;
    for (let i = 0; i < gradient.length; i++) {
      gradient[i] = (gradient[i] as number) * (mask[i % mask.length] as number);
    }
  }
}

/**
 * A function that says what is seen of a painted picture of any size, in [0, 1]: the picture inside an area, and outside the
 * content, resampled once.
 */
export function keptOutside(content: RgbImage, area: Mask): (painted: RgbImage) => RgbImage {
  /** Of the size that was asked for last: a scale has many pictures. */
  let last: { readonly pins: PinnedPixels; readonly width: number; readonly height: number } | undefined;
  return ({ width, height, data }) => {
    if (last?.width !== width || last.height !== height) {
      const scaled = resample(content, width, height);
      const inRange = { ...scaled, data: scaled.data.map((value) => Math.min(Math.max(value, 0), 1)) };
      last = { pins: new PinnedPixels(inRange, resizeMask(area, width, height)), width, height };
    }
    return { width, height, data: last.pins.seen(data) };
  };
}
