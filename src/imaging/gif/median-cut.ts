import type { Histogram } from './color-counts.js';

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
 * Makes a palette of up to `maxColors` colours by median cut (Heckbert, "Color image quantization for frame buffer
 * display", 1982; cut at the mean of the axis with the largest variance): red, green and blue of one colour after the other.
 */
export function medianCut(histogram: Histogram, maxColors: number): Float64Array<ArrayBuffer> {
  const order = Int32Array.from({ length: histogram.length }, (_, index) => index);
  const boxes = [boxOf(histogram, order, 0, histogram.length)];
  while (boxes.length < maxColors) {
    let worst = 0;
    for (let index = 1; index < boxes.length; index++) {
      if ((boxes[index] as Box).error > (boxes[worst] as Box).error) worst = index;
    }
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
  const { weights } = histogram;
  const mean: [number, number, number] = [0, 0, 0];
  const errors: [number, number, number] = [0, 0, 0];
  for (const axis of [0, 1, 2] as const) {
    const values = axis === 0 ? histogram.red : axis === 1 ? histogram.green : histogram.blue;
    let weighed = 0;
    let middle = 0;
    let error = 0;
    for (let member = start; member < end; member++) {
      const index = order[member] as number;
      const weight = weights[index] as number;
      const value = values[index] as number;
      weighed += weight;
      // Welford's sums, which do not lose a small variance of large values.
      const difference = value - middle;
      middle += (difference * weight) / weighed;
      error += weight * difference * (value - middle);
    }
    mean[axis] = middle;
    errors[axis] = error;
  }
  const axis = errors[1] >= errors[0] && errors[1] >= errors[2] ? 1 : errors[0] >= errors[2] ? 0 : 2;
  return { start, end, mean, axis, error: errors[axis] };
}
