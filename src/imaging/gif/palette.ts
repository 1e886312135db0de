import { binAt, binCount, ColorCounts, type Histogram, middleOf } from './color-counts.js';
import { medianCut } from './median-cut.js';

/** Number of passes of Lloyd's algorithm over a palette that median cut has just made; later pictures need only one. */
const firstPasses = 3;

/** A palette that is made for pictures by their colours, and maps pictures onto it. */
export class Palette {
  readonly #maxColors: number;
  #palette = new Float64Array(0);
  /** The nearest colour of each bin, and whether it was found for the palette as it is. */
  readonly #nearest = new Uint8Array(binCount);
  readonly #isFound = new Uint8Array(binCount);

  /** Makes an empty palette. @param maxColors - how many colours it may get, from 2 to 256. */
  constructor(maxColors: number) {
    this.#maxColors = maxColors;
  }

  /** The colours as RGB bytes. */
  get colors(): Uint8Array {
    return Uint8Array.from(this.#palette, Math.round);
  }

  /** Makes the palette by median cut, improved by Lloyd's algorithm; if it is full already, it only moves to the colours. */
  learn(histogram: Histogram): void {
    let passes = 1;
    // An earlier picture with few colours may have left room in the palette for those of this one: it is made anew.
    if (this.#palette.length < 3 * this.#maxColors) {
      this.#palette = medianCut(histogram, this.#maxColors);
      passes = firstPasses;
    }
    for (let pass = 0; pass < passes; pass++) move(this.#palette, histogram, this.#nearest, this.#assign(histogram));
    this.#assign(histogram);
    const found = this.#isFound.fill(0);
    for (let index = 0; index < histogram.length; index++) found[histogram.bins[index] as number] = 1;
  }

  /** Maps a picture of RGB bytes, interleaved: for each pixel, the index of its colour, which depends on that pixel only. */
  map(pixels: Uint8Array): Uint8Array {
    const indices = new Uint8Array(pixels.length / 3);
    for (let pixel = 0; pixel < indices.length; pixel++) {
      const bin = binAt(pixels, 3 * pixel);
      if (this.#isFound[bin] === 0) this.#find(bin);
      indices[pixel] = this.#nearest[bin] as number;
    }
    return indices;
  }

  /** Finds the nearest colour of a bin that the palette was not made for. */
  #find(bin: number): void {
    const [red, green, blue] = middleOf(bin);
    let best = 0;
    for (let color = 1; color < this.#palette.length / 3; color++) {
      if (distance(this.#palette, color, red, green, blue) < distance(this.#palette, best, red, green, blue))
        best = color;
    }
    this.#nearest[bin] = best;
    this.#isFound[bin] = 1;
  }

  /** Finds the nearest colour of each bin, beginning at the one found last; returns the squared error of each bin. */
  #assign(histogram: Histogram): Float32Array {
    const palette = this.#palette;
    const colors = palette.length / 3;
    const errors = new Float32Array(histogram.length);
    // Colours are tried by their green, from the bin's own outwards, so that most of the palette is never looked at.
    const byGreen = Uint8Array.from({ length: colors }, (_, index) => index).sort(
      (a, b) => (palette[3 * a + 1] as number) - (palette[3 * b + 1] as number),
    );
    const position = new Uint8Array(256);
    for (let green = 0, rank = 0; green < 256; green++) {
      while (rank + 1 < colors && (palette[3 * (byGreen[rank] as number) + 1] as number) < green) rank += 1;
      position[green] = rank;
    }
    for (let index = 0; index < histogram.length; index++) {
      const red = histogram.red[index] as number;
      const green = histogram.green[index] as number;
      const blue = histogram.blue[index] as number;
      const bin = histogram.bins[index] as number;
      let best = (this.#nearest[bin] as number) % colors;
      let bestDistance = distance(palette, best, red, green, blue);
      const start = position[Math.floor(green)] as number;
      for (let rank = start; rank < colors; rank++) {
        const color = byGreen[rank] as number;
        const difference = (palette[3 * color + 1] as number) - green;
        if (difference > 0 && difference * difference >= bestDistance) break;
        const candidate = distance(palette, color, red, green, blue);
        if (candidate < bestDistance) {
          best = color;
          bestDistance = candidate;
        }
      }
      for (let rank = start - 1; rank >= 0; rank--) {
        const color = byGreen[rank] as number;
        const difference = green - (palette[3 * color + 1] as number);
        if (difference > 0 && difference * difference >= bestDistance) break;
        const candidate = distance(palette, color, red, green, blue);
        if (candidate < bestDistance) {
          best = color;
          bestDistance = candidate;
        }
      }
      this.#nearest[bin] = best;
      errors[index] = bestDistance * (histogram.weights[index] as number);
    }
    return errors;
  }
}

/**
 * A palette that follows a picture as it changes: it is made for the first frame, and only moved for the next ones. An area
 * that stays as it is keeps its colours and does not flicker, which also makes the file small.
 */
export class EvolvingPalette {
  readonly #palette: Palette;
  readonly #counts = new ColorCounts();

  /** Makes an empty palette. @param maxColors - how many colours it may get, from 2 to 256. */
  constructor(maxColors: number) {
    this.#palette = new Palette(maxColors);
  }

  /**
   * Moves the palette to the picture and maps the picture onto it.
   * @param pixels - RGB bytes, interleaved.
   * @returns the palette as RGB bytes, and for each pixel its index.
   */
  quantise(pixels: Uint8Array): { palette: Uint8Array; indices: Uint8Array } {
    this.#counts.clear();
    this.#counts.add(pixels);
    this.#palette.learn(this.#counts.histogram());
    return { palette: this.#palette.colors, indices: this.#palette.map(pixels) };
  }
}

function distance(palette: Float64Array, color: number, red: number, green: number, blue: number): number {
  const dr = (palette[3 * color] as number) - red;
  const dg = (palette[3 * color + 1] as number) - green;
  const db = (palette[3 * color + 2] as number) - blue;
  return dr * dr + dg * dg + db * db;
}

/** Takes Lloyd's step: each colour moves to the mean of its bins, one without bins to the bin of the largest error. */
function move(palette: Float64Array, histogram: Histogram, nearest: Uint8Array, errors: Float32Array): void {
  const colors = palette.length / 3;
  const sums = new Float64Array(4 * colors);
  for (let index = 0; index < histogram.length; index++) {
    const sum = 4 * (nearest[histogram.bins[index] as number] as number);
    const weight = histogram.weights[index] as number;
    sums[sum] = (sums[sum] as number) + weight;
    sums[sum + 1] = (sums[sum + 1] as number) + weight * (histogram.red[index] as number);
    sums[sum + 2] = (sums[sum + 2] as number) + weight * (histogram.green[index] as number);
    sums[sum + 3] = (sums[sum + 3] as number) + weight * (histogram.blue[index] as number);
  }
  for (let color = 0; color < colors; color++) {
    const weight = sums[4 * color] as number;
    if (weight > 0) {
      for (let channel = 0; channel < 3; channel++) {
        palette[3 * color + channel] = (sums[4 * color + channel + 1] as number) / weight;
      }
    } else {
      const worst = indexOfLargest(errors);
      errors[worst] = 0;
      palette[3 * color] = histogram.red[worst] as number;
      palette[3 * color + 1] = histogram.green[worst] as number;
      palette[3 * color + 2] = histogram.blue[worst] as number;
    }
  }
}

function indexOfLargest(values: Float32Array): number {
  let found = 0;
  for (let index = 1; index < values.length; index++) {
    if ((values[index] as number) > (values[found] as number)) found = index;
  }
  return found;
}
