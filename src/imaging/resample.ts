import type { RgbImage } from './rgb-image.js';

/** One or more planes of numbers, one after the other: those of an {@link RgbImage}, or a single one. */
type Planes = RgbImage;

/** The source samples that make up each destination sample along an axis, and their weights. */
interface Taps {
  /** Number of taps for each destination sample; unused taps have the weight 0. */
  readonly size: number;
  /** The first source index of each destination sample. */
  readonly first: Int32Array;
  /** The weights of the taps, `size` for each destination sample, which sum to 1. */
  readonly weights: Float64Array;
}

interface Kernel {
  /** Distance, in samples, beyond which the kernel is 0. */
  readonly radius: number;
  at(distance: number): number;
}

/**
 * The kernel for enlarging is Catmull-Rom (Keys, "Cubic convolution interpolation for digital image processing", 1981,
 * a = -1/2). It keeps samples that it meets as they are, and lines straight. Next to an edge it overshoots once, where
 * Lanczos goes on to ring; a transfer that continues from the enlarged picture would take the rings for edges.
 */
const catmullRom: Kernel = {
  radius: 2,
  at(distance) {
    const x = Math.abs(distance);
    if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
    if (x < 2) return ((-0.5 * x + 2.5) * x - 4) * x + 2;
    return 0;
  },
};

/** The kernel for shrinking is Lanczos with three lobes, as in libvips: the sharpest, with hardly any aliasing. */
const lanczos3: Kernel = {
  radius: 3,
  at(distance) {
    if (distance === 0) return 1;
    if (Math.abs(distance) >= 3) return 0;
    const x = Math.PI * distance;
    return (3 * Math.sin(x) * Math.sin(x / 3)) / (x * x);
  },
};

/**
 * Resamples a picture, or any number of planes, to another size in pixels, unclamped: values may leave [0, 1] a little next to edges. Each axis
 * is enlarged with Catmull-Rom or shrunk with Lanczos, widened by the scale so that nothing aliases. Where a kernel
 * reaches over the border, the weights of the taps inside are scaled up to a sum of 1.
 * @throws RangeError if width or height is not an integer from 1 up.
 */
export function resample(image: Planes, width: number, height: number): Planes {
  for (const side of [width, height]) {
    if (!Number.isInteger(side) || side < 1) {
      throw new RangeError(`Expected a size in whole pixels from 1 up, got ${width}×${height}`);
    }
  }
  const { data } = image;
  const planes = data.length / (image.width * image.height);
  const columns = width === image.width ? undefined : tapsFor(image.width, width);
  const rows = height === image.height ? undefined : tapsFor(image.height, height);
  const alongRows = (source: Float32Array, lines: number): Float32Array =>
    columns ? resampleRows(source, lines, columns) : source;
  const alongColumns = (source: Float32Array, rowLength: number): Float32Array =>
    rows ? resampleColumns(source, planes, rowLength, rows) : source;
  // The axis that makes the picture smaller goes first and leaves less to do for the other.
  const result =
    height < image.height
      ? alongRows(alongColumns(data, image.width), planes * height)
      : alongColumns(alongRows(data, planes * image.height), width);
  return { width, height, data: result === data ? data.slice() : result };
}

function tapsFor(from: number, to: number): Taps {
  const kernel = to > from ? catmullRom : lanczos3;
  const scale = from / to;
  const stretch = Math.max(1, scale);
  const radius = kernel.radius * stretch;
  // So many samples lie at most strictly inside of the kernel.
  const size = Math.min(from, Math.ceil(2 * radius));
  const first = new Int32Array(to);
  const weights = new Float64Array(to * size);
  for (let index = 0; index < to; index++) {
    // The centre of the destination sample, measured in source samples whose centres are at 0, 1, 2, …
    const centre = (index + 0.5) * scale - 0.5;
    const start = Math.min(Math.max(0, Math.floor(centre - radius) + 1), from - size);
    first[index] = start;
    let sum = 0;
    for (let tap = 0; tap < size; tap++) {
      const weight = kernel.at((start + tap - centre) / stretch);
      weights[index * size + tap] = weight;
      sum += weight;
    }
    for (let tap = 0; tap < size; tap++) weights[index * size + tap] = (weights[index * size + tap] as number) / sum;
  }
  return { size, first, weights };
}

/** Resamples each of `lines` rows along its length. */
function resampleRows(data: Float32Array, lines: number, { size, first, weights }: Taps): Float32Array {
  const width = data.length / lines;
  const newWidth = first.length;
  const result = new Float32Array(lines * newWidth);
  for (let line = 0; line < lines; line++) {
    const from = data.subarray(line * width, (line + 1) * width);
    const to = result.subarray(line * newWidth, (line + 1) * newWidth);
    let weight = 0;
    for (let x = 0; x < newWidth; x++) {
      let source = first[x] as number;
      const end = source + size;
      let sum = 0;
      for (; source < end; source++, weight++) sum += (weights[weight] as number) * (from[source] as number);
      to[x] = sum;
    }
  }
  return result;
}

/** Resamples the columns of planes by adding up whole rows, two at a time: they lie together in memory. */
function resampleColumns(
  data: Float32Array,
  planes: number,
  width: number,
  { size, first, weights }: Taps,
): Float32Array {
  const height = data.length / width / planes;
  const newHeight = first.length;
  const result = new Float32Array(planes * newHeight * width);
  const sums = new Float64Array(width);
  for (let row = 0; row < planes * newHeight; row++) {
    const y = row % newHeight;
    const firstRow = ((row - y) / newHeight) * height + (first[y] as number);
    sums.fill(0);
    for (let tap = 0; tap < size; tap += 2) {
      const weight = weights[y * size + tap] as number;
      const nextWeight = tap + 1 < size ? (weights[y * size + tap + 1] as number) : 0;
      const source = (firstRow + tap) * width;
      const next = nextWeight === 0 ? source : source + width;
      for (let x = 0; x < width; x++) {
        sums[x] = (sums[x] as number) + weight * (data[source + x] as number) + nextWeight * (data[next + x] as number);
      }
    }
    result.set(sums, row * width);
  }
  return result;
}
