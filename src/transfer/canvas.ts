import type { Rectangle } from '../engine/pieces/cut.js';
import { crop, type Margins, reflectPad } from '../imaging/reflect-pad.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import type { Mask } from './area/mask.js';
import type { Surface } from './coarse-to-fine.js';
import { marginsFor } from './margins.js';

/** A picture of one scale with margins that let poolings divide its sides evenly; the optimiser works on this. */
export class Canvas implements Surface {
  readonly #picture: { readonly width: number; readonly height: number };
  readonly #margins: Margins;
  /** Width of the canvas with its margins, in pixels. */
  readonly width: number;
  /** Height of the canvas with its margins, in pixels. */
  readonly height: number;

  /** @param size - the picture's size without margins. */
  constructor({ width, height }: { readonly width: number; readonly height: number }) {
    this.#picture = { width, height };
    this.#margins = marginsFor({ width, height });
    this.width = this.#margins.left + width + this.#margins.right;
    this.height = this.#margins.top + height + this.#margins.bottom;
  }

  /** Where the picture lies on the canvas. */
  get inner(): Rectangle {
    const { left, top } = this.#margins;
    return { left, top, right: left + this.#picture.width, bottom: top + this.#picture.height };
  }

  /** Returns a picture of the canvas's inner size with margins that mirror it. */
  place(picture: RgbImage): RgbImage {
    return reflectPad(picture, this.#margins);
  }

  /** Returns a mask of the canvas's inner size with margins that mirror it. */
  placeMask(mask: Mask): Mask {
    return reflectPad(mask, this.#margins);
  }

  /**
   * Returns the inner part of a canvas, with values clamped to [0, 1].
   * @param data - the canvas's pixels, planar RGB, which are not changed.
   */
  cutOut(data: Float32Array): RgbImage {
    const canvas = { width: this.width, height: this.height, data };
    const { left, top } = this.#margins;
    const inner = crop(canvas, left, top, this.#picture.width, this.#picture.height);
    for (let i = 0; i < inner.data.length; i++) inner.data[i] = Math.min(Math.max(inner.data[i] as number, 0), 1);
    return inner;
  }
}
