import { crop, type Margins, reflectPad } from '../imaging/reflect-pad.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import { type Mask, maskAsPicture } from './area/mask.js';
import type { Surface } from './coarse-to-fine.js';

/** What the networks' four poolings divide sides by: other sizes would lose rows and columns on the way. */
const alignment = 16;

/**
 * How many pixels are painted beyond each edge, at least. The networks pad with zeros, which are a colour like any other to
 * them: they shift the colours near the border. That happens out here instead, and is cut off.
 */
const smallestMargin = 16;

/** The margins of a picture: wide enough, and such that pooling divides the sides of both together. */
export function marginsFor({ width, height }: { readonly width: number; readonly height: number }): Margins {
  const [across, down] = [marginsAlong(width), marginsAlong(height)];
  return { left: across.before, right: across.after, top: down.before, bottom: down.after };
}

function marginsAlong(side: number) {
  const both = Math.ceil((side + 2 * smallestMargin) / alignment) * alignment - side;
  const before = Math.floor(both / 2);
  return { before, after: both - before };
}

/** A picture of one scale with margins around it, of sides that pooling divides: what the optimiser works on. */
export class Canvas implements Surface {
  readonly #picture: { readonly width: number; readonly height: number };
  readonly #margins: Margins;
  /** With margins, in pixels. */
  readonly width: number;
  readonly height: number;

  /** @param size - of the picture without margins. */
  constructor({ width, height }: { readonly width: number; readonly height: number }) {
    this.#picture = { width, height };
    this.#margins = marginsFor({ width, height });
    this.width = this.#margins.left + width + this.#margins.right;
    this.height = this.#margins.top + height + this.#margins.bottom;
  }

  /** A picture of the canvas's inner size with margins that mirror it. */
  place(picture: RgbImage): RgbImage {
    return reflectPad(picture, this.#margins);
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
    const canvas = { width: this.width, height: this.height, data };
    const { left, top } = this.#margins;
    const inner = crop(canvas, left, top, this.#picture.width, this.#picture.height);
    for (let i = 0; i < inner.data.length; i++) inner.data[i] = Math.min(Math.max(inner.data[i] as number, 0), 1);
    return inner;
  }
}
