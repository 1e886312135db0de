import { crop, reflectPad } from '../imaging/reflect-pad.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import { type Mask, maskAsPicture } from './mask.js';

/** What the networks' four poolings divide sides by: other sizes would lose rows and columns on the way. */
const alignment = 16;

/**
 * How many pixels are painted beyond each edge, at least. The networks pad with zeros, which are a colour like any other to
 * them: they shift the colours near the border. That happens out here instead, and is cut off.
 */
const smallestMargin = 16;

/** A picture of one scale with margins around it, of sides that pooling divides: what the optimiser works on. */
export class Canvas {
  readonly #width: number;
  readonly #height: number;
  readonly #left: number;
  readonly #top: number;
  /** With margins, in pixels. */
  readonly width: number;
  readonly height: number;

  /** @param size - of the picture without margins. */
  constructor({ width, height }: { readonly width: number; readonly height: number }) {
    this.#width = width;
    this.#height = height;
    this.width = Math.ceil((width + 2 * smallestMargin) / alignment) * alignment;
    this.height = Math.ceil((height + 2 * smallestMargin) / alignment) * alignment;
    this.#left = Math.floor((this.width - width) / 2);
    this.#top = Math.floor((this.height - height) / 2);
  }

  /** A picture of the canvas's inner size with margins that mirror it. */
  place(picture: RgbImage): RgbImage {
    return reflectPad(picture, {
      left: this.#left,
      top: this.#top,
      right: this.width - this.#width - this.#left,
      bottom: this.height - this.#height - this.#top,
    });
  }

  /** A mask of the canvas's inner size with margins that mirror it. */
  placeMask(mask: Mask): Mask {
    const { width, height, data } = this.place(maskAsPicture(mask));
    return { width, height, data: data.slice(0, width * height) };
  }

  /**
   * The inner part of a canvas, with values clamped to [0, 1].
   * @param data - planar RGB of the canvas's size; stays as it is.
   */
  cutOut(data: Float32Array): RgbImage {
    const { width, height } = this;
    const inner = crop({ width, height, data }, this.#left, this.#top, this.#width, this.#height);
    for (let i = 0; i < inner.data.length; i++) inner.data[i] = Math.min(Math.max(inner.data[i] as number, 0), 1);
    return inner;
  }
}
