/** Bits of a channel in the bins that count colours: 4 of 256 steps a bin, less than a palette can tell apart. */
const binBits = 6;
const droppedBits = 8 - binBits;
const binCount = 1 << (3 * binBits);

/** Number of passes of Lloyd's algorithm over a palette that median cut has just made; later pictures need only one. */
const firstPasses = 3;

/** The colours of a picture: the mean colour of each bin that has pixels, weighted with their number. */
interface Histogram {
  readonly length: number;
  readonly bins: Int32Array;
  readonly red: Float32Array;
  readonly green: Float32Array;
  readonly blue: Float32Array;
  readonly weights: Float32Array;
}

/** A box of median cut: a range in an ordering of the histogram's colours, to be cut where they differ most. */
interface Box {
  readonly start: number;
  readonly end: number;
  readonly mean: readonly [number, number, number];
  readonly axis: 0 | 1 | 2;
  /** Squared error along the axis if the whole box becomes one colour. */
  readonly error: number;
}

/**
 * A palette that follows a picture as it changes. It is made for the first frame by median cut (Heckbert, "Color image
 * quantization for frame buffer display", 1982; cut at the mean of the axis with the largest variance), improved by
 * Lloyd's algorithm, and only moved for the next frames: an area that stays as it is keeps its colours and does not
 * flicker, which also makes the file small.
 */
export class EvolvingPalette {
  readonly #maxColors: number;
  #palette = new Float64Array(0);
  readonly #nearest = new Uint8Array(binCount);
  // For each bin, the number of pixels and sums of channels: 16 million pixels, which is 4096×4096, fit into 32 bits.
  readonly #sums = new Uint32Array(4 * binCount);

  /** Makes an empty palette. @param maxColors - how many colours it may get, from 2 to 256. */
  constructor(maxColors: number) {
    this.#maxColors = maxColors;
  }

  /**
   * Moves the palette to the picture and maps the picture onto it.
   * @param pixels - RGB bytes, interleaved.
   * @returns the palette as RGB bytes, and for each pixel its index.
   */
  quantise(pixels: Uint8Array): { palette: Uint8Array; indices: Uint8Array } {
    const histogram = this.#count(pixels);
    let passes = 1;
    // An earlier picture with few colours may have left room in the palette for those of this one: it is made anew.
    if (this.#palette.length < 3 * this.#maxColors) {
      this.#palette = medianCut(histogram, this.#maxColors);
      passes = firstPasses;
    }
    for (let pass = 0; pass < passes; pass++) move(this.#palette, histogram, this.#nearest, this.#assign(histogram));
    this.#assign(histogram);
    const indices = new Uint8Array(pixels.length / 3);
    for (let pixel = 0; pixel < indices.length; pixel++) {
      indices[pixel] = this.#nearest[binAt(pixels, 3 * pixel)] as number;
    }
    return { palette: Uint8Array.from(this.#palette, Math.round), indices };
  }

  #count(pixels: Uint8Array): Histogram {
    const sums = this.#sums;
    const found = new Int32Array(Math.min(binCount, pixels.length / 3));
    let length = 0;
    for (let offset = 0; offset < pixels.length; offset += 3) {
      const bin = binAt(pixels, offset);
      const sum = 4 * bin;
      if (sums[sum] === 0) found[length++] = bin;
      sums[sum] = (sums[sum] as number) + 1;
      sums[sum + 1] = (sums[sum + 1] as number) + (pixels[offset] as number);
      sums[sum + 2] = (sums[sum + 2] as number) + (pixels[offset + 1] as number);
      sums[sum + 3] = (sums[sum + 3] as number) + (pixels[offset + 2] as number);
    }
    const bins = found.subarray(0, length);
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
      // The sums are emptied bin by bin, since there are many bins and most have nothing in them.
      sums[sum] = sums[sum + 1] = sums[sum + 2] = sums[sum + 3] = 0;
    }
    return { length, bins, red, green, blue, weights };
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
        if (candidate < bestDistance) [best, bestDistance] = [color, candidate];
      }
      for (let rank = start - 1; rank >= 0; rank--) {
        const color = byGreen[rank] as number;
        const difference = green - (palette[3 * color + 1] as number);
        if (difference > 0 && difference * difference >= bestDistance) break;
        const candidate = distance(palette, color, red, green, blue);
        if (candidate < bestDistance) [best, bestDistance] = [color, candidate];
      }
      this.#nearest[bin] = best;
      errors[index] = bestDistance * (histogram.weights[index] as number);
    }
    return errors;
  }
}

function binAt(pixels: Uint8Array, offset: number): number {
  const red = (pixels[offset] as number) >> droppedBits;
  const green = (pixels[offset + 1] as number) >> droppedBits;
  const blue = (pixels[offset + 2] as number) >> droppedBits;
  return (((red << binBits) | green) << binBits) | blue;
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
      const worst = errors.reduce((found, error, index) => (error > (errors[found] as number) ? index : found), 0);
      errors[worst] = 0;
      palette[3 * color] = histogram.red[worst] as number;
      palette[3 * color + 1] = histogram.green[worst] as number;
      palette[3 * color + 2] = histogram.blue[worst] as number;
    }
  }
}

function medianCut(histogram: Histogram, maxColors: number): Float64Array<ArrayBuffer> {
  const order = Int32Array.from({ length: histogram.length }, (_, index) => index);
  const boxes = [boxOf(histogram, order, 0, histogram.length)];
  while (boxes.length < maxColors) {
    const worst = boxes.reduce((found, box, index) => (box.error > (boxes[found] as Box).error ? index : found), 0);
    const box = boxes[worst] as Box;
    // Rounding leaves a trace of an error in boxes of one colour.
    if (box.end - box.start < 2 || box.error < 1e-3) break;
    const middle = partition(histogram, order, box);
    boxes[worst] = boxOf(histogram, order, box.start, middle);
    boxes.push(boxOf(histogram, order, middle, box.end));
  }
  return Float64Array.from(boxes.flatMap((box) => box.mean));
}

/** Reorders a box so that colours up to its mean come first; returns where the others begin. */
function partition(histogram: Histogram, order: Int32Array, box: Box): number {
  const values = [histogram.red, histogram.green, histogram.blue][box.axis] as Float32Array;
  const mean = box.mean[box.axis];
  const members = order.slice(box.start, box.end);
  const low = members.filter((index) => (values[index] as number) <= mean);
  const high = members.filter((index) => (values[index] as number) > mean);
  order.set(low, box.start);
  order.set(high, box.start + low.length);
  // Nothing is above the mean if all values are the same but for rounding.
  return high.length === 0 ? box.end - 1 : box.start + low.length;
}

function boxOf(histogram: Histogram, order: Int32Array, start: number, end: number): Box {
  let weights = 0;
  const means: [number, number, number] = [0, 0, 0];
  const errors: [number, number, number] = [0, 0, 0];
  const channels = [histogram.red, histogram.green, histogram.blue] as const;
  for (let member = start; member < end; member++) {
    const index = order[member] as number;
    const weight = histogram.weights[index] as number;
    weights += weight;
    // Welford's sums, which do not lose a small variance of large values.
    for (const axis of [0, 1, 2] as const) {
      const difference = (channels[axis][index] as number) - means[axis];
      means[axis] += (difference * weight) / weights;
      errors[axis] += weight * difference * ((channels[axis][index] as number) - means[axis]);
    }
  }
  const axis = errors[1] >= errors[0] && errors[1] >= errors[2] ? 1 : errors[0] >= errors[2] ? 0 : 2;
  return { start, end, mean: means, axis, error: errors[axis] };
}
