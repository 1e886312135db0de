import type { WeightMap } from '../engine/engine.js';
import type { Margins } from '../imaging/reflect-pad.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import { foldMargins, wrapPad } from '../imaging/tile.js';
import type { Surface } from './coarse-to-fine.js';
import { marginsFor } from './margins.js';
import type { Evaluation, Objective } from './optimizers/optimizer.js';

/** The fewest pixels in which a tile goes on beyond each edge: a network is to see there what will be there. */
const smallestContinuation = 16;

/**
 * The canvas of a picture that is to be seamless. The optimiser works on the tile alone; a network sees the tile with
 * margins, in which it goes on with the opposite edge.
 */
export class TileCanvas implements Surface {
  readonly #tile: { readonly width: number; readonly height: number };
  readonly #margins: Margins;
  /** Width of the tile with its margins, in pixels. */
  readonly width: number;
  /** Height of the tile with its margins, in pixels. */
  readonly height: number;
  /** Weights of 1 on the tile and 0 on its margins, whose pixels are copies and would count twice. */
  readonly map: WeightMap;

  /** @param size - the tile's size without margins. */
  constructor({ width, height }: { readonly width: number; readonly height: number }) {
    this.#tile = { width, height };
    this.#margins = marginsFor({ width, height }, smallestContinuation);
    const { left, top, right, bottom } = this.#margins;
    this.width = left + width + right;
    this.height = top + height + bottom;
    const data = new Float32Array(this.width * this.height);
    for (let y = top; y < top + height; y++) data.fill(1, y * this.width + left, y * this.width + left + width);
    this.map = { width: this.width, height: this.height, data };
  }

  place(picture: RgbImage): RgbImage {
    return picture;
  }

  cutOut(point: Float32Array): RgbImage {
    return { ...this.#tile, data: point.map((value) => Math.min(Math.max(value, 0), 1)) };
  }

  /** Makes an objective of the tile from one of the tile with margins: a copy's gradient is added to its pixel's. */
  wrapped<E extends Evaluation>(objective: Objective<E>): Objective<E> {
    return async (point) => {
      const evaluation = await objective(wrapPad({ ...this.#tile, data: point }, this.#margins).data);
      return { ...evaluation, gradient: foldMargins(evaluation.gradient, this.#tile, this.#margins) };
    };
  }
}
