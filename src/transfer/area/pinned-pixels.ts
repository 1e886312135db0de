import { resized } from '../../imaging/resample.js';
import { clamped, type RgbImage } from '../../imaging/rgb-image.js';
import { type Mask, resizeMask } from './mask.js';

/**
 * Holds a picture to the content where it is not styled: of a painted picture x, only y = m·x + (1 − m)·c is seen, with
 * the mask m and the content c. A loss L of y is a loss of x like any other, with the gradient m·∂L/∂y, so that an
 * optimiser of x sees a function that fits its gradient, and can't change anything outside of the mask.
 */
export class PinnedPixels {
  readonly #content: RgbImage;
  readonly #mask: Mask;

  /** @param mask - the mask, in the content's size. */
  constructor(content: RgbImage, mask: Mask) {
    this.#content = content;
    this.#mask = mask;
  }

  /**
   * Returns the picture y = m·x + (1 − m)·c that is seen of a painted picture x.
   * @param painted - the painted picture x, planar RGB of the content's size, finite.
   */
  seen(painted: Float32Array): Float32Array {
    const { data: content } = this.#content;
    const { data: mask } = this.#mask;
    const seen = new Float32Array(painted.length);
    for (let plane = 0; plane < seen.length; plane += mask.length) {
      for (let pixel = 0, i = plane; pixel < mask.length; pixel++, i++) {
        const share = mask[pixel] as number;
        // Where m is 0 or 1, this is c or x to the last bit, unlike c + m·(x − c).
        seen[i] = share * (painted[i] as number) + (1 - share) * (content[i] as number);
      }
    }
    return seen;
  }

  /** Changes a gradient with respect to the seen picture into the one with respect to the painted picture, in place. */
  pullBack(gradient: Float32Array): void {
    const { data: mask } = this.#mask;
    for (let plane = 0; plane < gradient.length; plane += mask.length) {
      for (let pixel = 0, i = plane; pixel < mask.length; pixel++, i++) {
        gradient[i] = (gradient[i] as number) * (mask[pixel] as number);
      }
    }
  }
}

/**
 * Returns a function that shows a painted picture of any size inside of an area, and the content outside of it; the
 * result is in [0, 1] where the painted picture is. The content is resampled once for each size.
 */
export function keptOutside(content: RgbImage, area: Mask): (painted: RgbImage) => RgbImage {
  /** The pins for the size of the last picture; they are kept because a scale has many pictures. */
  let last: { readonly pins: PinnedPixels; readonly width: number; readonly height: number } | undefined;
  return ({ width, height, data }) => {
    if (last?.width !== width || last.height !== height) {
      const scaled = clamped(resized(content, width, height));
      last = { pins: new PinnedPixels(scaled, resizeMask(area, width, height)), width, height };
    }
    return { width, height, data: last.pins.seen(data) };
  };
}
