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

/** A kernel without negative weights: values stay within those that are there, and edges don't ring. */
const triangle: Kernel = { radius: 1, at: (distance) => Math.max(0, 1 - Math.abs(distance)) };

/**
 * Resamples a picture, or any number of planes, to another size in pixels, unclamped: values may leave [0, 1] a little next to edges. Each axis
 * is enlarged with Catmull-Rom or shrunk with Lanczos, widened by the scale so that nothing aliases. Where a kernel
 * reaches over the border, the weights of the taps inside are scaled up to a sum of 1.
 * @throws RangeError if width or height is not an integer from 1 up.
 */
export function resample(image: Planes, width: number, height: number): Planes {
  return resampleWith((to, from) => (to > from ? catmullRom : lanczos3), image, width, height);
}

/** Returns a picture, or any number of planes, at a size: itself where it has that, or else as {@link resample} makes it. */
export function resized(image: Planes, width: number, height: number): Planes {
  return image.width === width && image.height === height ? image : resample(image, width, height);
}

/** Resamples planes as {@link resample} does, but with values that stay within those that are there, and softer. */
export function resampleSoftly(image: Planes, width: number, height: number): Planes {
  return resampleWith(() => triangle, image, width, height);
}

function resampleWith(
  kernelFor: (to: number, from: number) => Kernel,
  image: Planes,
  width: number,
  height: number,
): Planes {
  for (const side of [width, height]) {
    if (!Number.isInteger(side) || side < 1) {
      throw new RangeError(`Expected a size in whole pixels from 1 up, got ${width}×${height}`);
    }
  }
  const { data } = image;
  const planes = data.length / (image.width * image.height);
  const columns = width === image.width ? undefined : tapsFor(kernelFor(width, image.width), image.width, width);
  const rows = height === image.height ? undefined : tapsFor(kernelFor(height, image.height), image.height, height);
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

function tapsFor(kernel: Kernel, from: number, to: number): Taps {
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

/*
 * Rows and columns are resampled four at a time: a weight is read once for all of them, and their sums don't wait for each
 * other. Of the last ones, some may be resampled twice. Nothing here takes arrays apart, as `const [a, b] = …` does: until V8 has
 * optimised a loop, that takes longer than all the rest of it, and a small picture is done by then.
 */

/** Resamples each of `lines` rows along its length. */
function resampleRows(data: Float32Array, lines: number, { size, first, weights }: Taps): Float32Array {
  const width = data.length / lines;
  const newWidth = first.length;
  const result = new Float32Array(lines * newWidth);
  for (let line = 0; line < lines; line += 4) {
    const second = Math.min(line + 1, lines - 1);
    const third = Math.min(line + 2, lines - 1);
    const fourth = Math.min(line + 3, lines - 1);
    const toSecond = (second - line) * width;
    const toThird = (third - line) * width;
    const toFourth = (fourth - line) * width;
    for (let x = 0, weight = 0; x < newWidth; x++) {
      let source = line * width + (first[x] as number);
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      for (const end = weight + size; weight < end; weight++, source++) {
        const share = weights[weight] as number;
        a += share * (data[source] as number);
        b += share * (data[source + toSecond] as number);
        c += share * (data[source + toThird] as number);
        d += share * (data[source + toFourth] as number);
      }
      result[line * newWidth + x] = a;
      result[second * newWidth + x] = b;
      result[third * newWidth + x] = c;
      result[fourth * newWidth + x] = d;
    }
  }
  return result;
}

/** Resamples the columns of planes. */
function resampleColumns(
  data: Float32Array,
  planes: number,
  width: number,
  { size, first, weights }: Taps,
): Float32Array {
  const height = data.length / width / planes;
  const newHeight = first.length;
  const result = new Float32Array(planes * newHeight * width);
  for (let row = 0; row < planes * newHeight; row++) {
    const y = row % newHeight;
    const start = (((row - y) / newHeight) * height + (first[y] as number)) * width;
    for (let x = 0; x < width; x += 4) {
      const second = Math.min(x + 1, width - 1);
      const third = Math.min(x + 2, width - 1);
      const fourth = Math.min(x + 3, width - 1);
      let source = start;
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      for (let weight = y * size, end = weight + size; weight < end; weight++, source += width) {
        const share = weights[weight] as number;
        a += share * (data[source + x] as number);
        b += share * (data[source + second] as number);
        c += share * (data[source + third] as number);
        d += share * (data[source + fourth] as number);
      }
      const to = row * width;
      result[to + x] = a;
      result[to + second] = b;
      result[to + third] = c;
      result[to + fourth] = d;
    }
  }
  return result;
}
