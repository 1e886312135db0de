import type { Plane } from '../imaging/plane.js';

/** Sums over any rectangle of a plane, in four look-ups each (Crow 1984, "Summed-area tables for texture mapping"). */
export class SummedArea {
  readonly #stride: number;
  readonly #sums: Float64Array;

  /** @param weigh - maps each value to what is summed. */
  constructor({ width, height, data }: Plane, weigh: (value: number) => number) {
    this.#stride = width + 1;
    this.#sums = new Float64Array((width + 1) * (height + 1));
    for (let y = 0; y < height; y++) {
      let row = 0;
      for (let x = 0; x < width; x++) {
        row += weigh(data[y * width + x] as number);
        const above = this.#sums[y * this.#stride + x + 1] as number;
        this.#sums[(y + 1) * this.#stride + x + 1] = above + row;
      }
    }
  }

  /** Returns the sum over a rectangle; the column `right` and the row `bottom` are not in it. */
  sum(left: number, top: number, right: number, bottom: number): number {
    const at = (x: number, y: number) => this.#sums[y * this.#stride + x] as number;
    return at(right, bottom) - at(left, bottom) - at(right, top) + at(left, top);
  }
}
