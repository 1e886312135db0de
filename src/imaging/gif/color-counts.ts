/** Bits of a channel in the bins that count colours: 4 of 256 steps a bin, less than a palette can tell apart. */
const binBits = 6;
const droppedBits = 8 - binBits;

/** Number of bins. */
export const binCount = 1 << (3 * binBits);

/** The colours of pictures: the mean colour of each bin that has pixels, weighted with their number. */
export interface Histogram {
  readonly length: number;
  readonly bins: Int32Array;
  readonly red: Float32Array;
  readonly green: Float32Array;
  readonly blue: Float32Array;
  readonly weights: Float32Array;
}

/** Counts the colours of pictures. */
export class ColorCounts {
  // For each bin, the number of pixels and sums of channels; of any number of pictures.
  readonly #sums = new Float64Array(4 * binCount);
  readonly #found = new Int32Array(binCount);
  #length = 0;

  /**
   * Counts the pixels of a picture.
   * @param pixels - RGB bytes, interleaved.
   * @param isCounted - tells which pixels are; all if it isn't given.
   */
  add(pixels: Uint8Array, isCounted?: (pixel: number) => boolean): void {
    const sums = this.#sums;
    for (let offset = 0; offset < pixels.length; offset += 3) {
      if (isCounted && !isCounted(offset / 3)) continue;
      const bin = binAt(pixels, offset);
      const sum = 4 * bin;
      if (sums[sum] === 0) this.#found[this.#length++] = bin;
      sums[sum] = (sums[sum] as number) + 1;
      sums[sum + 1] = (sums[sum + 1] as number) + (pixels[offset] as number);
      sums[sum + 2] = (sums[sum + 2] as number) + (pixels[offset + 1] as number);
      sums[sum + 3] = (sums[sum + 3] as number) + (pixels[offset + 2] as number);
    }
  }

  histogram(): Histogram {
    const sums = this.#sums;
    const length = this.#length;
    const bins = this.#found.slice(0, length);
    const red = new Float32Array(length);
    const green = new Float32Array(length);
    const blue = new Float32Array(length);
    const weights = new Float32Array(length);
    for (let index = 0; index < length; index++) {
      const sum = 4 * (bins[index] as number);
      const count = sums[sum] as number;
      weights[index] = count;
      red[index] = (sums[sum + 1] as number) / count;
      green[index] = (sums[sum + 2] as number) / count;
      blue[index] = (sums[sum + 3] as number) / count;
    }
    return { length, bins, red, green, blue, weights };
  }

  /** Forgets what was counted: bin by bin, since there are many bins and most have nothing in them. */
  clear(): void {
    const sums = this.#sums;
    for (let index = 0; index < this.#length; index++) {
      const sum = 4 * (this.#found[index] as number);
      sums[sum] = 0;
      sums[sum + 1] = 0;
      sums[sum + 2] = 0;
      sums[sum + 3] = 0;
    }
    this.#length = 0;
  }
}

/** Returns the bin of the pixel whose bytes begin at an offset. */
export function binAt(pixels: Uint8Array, offset: number): number {
  const red = (pixels[offset] as number) >> droppedBits;
  const green = (pixels[offset + 1] as number) >> droppedBits;
  const blue = (pixels[offset + 2] as number) >> droppedBits;
  return (((red << binBits) | green) << binBits) | blue;
}

/** Returns the colour in the middle of a bin, as red, green and blue. */
export function middleOf(bin: number): readonly [number, number, number] {
  const channel = (shift: number) =>
    (((bin >> (shift * binBits)) & (2 ** binBits - 1)) << droppedBits) + 2 ** (droppedBits - 1) - 0.5;
  return [channel(2), channel(1), channel(0)];
}
