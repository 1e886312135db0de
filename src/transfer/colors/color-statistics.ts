import type { RgbImage } from '../../imaging/rgb-image.js';
import type { Mask } from '../area/mask.js';
import { type Matrix3, multiply, power } from './matrix3.js';

/** Mean and covariance of a picture's colours. */
export interface ColorStatistics {
  readonly mean: readonly number[];
  readonly covariance: Matrix3;
}

/**
 * The value that is added to variances, because a flat or grey picture has none along some direction, which would be
 * divided by. It is about 8 of 255 squared: noise below that is not blown up into colours.
 */
const smallestVariance = 1e-3;

/** A linear map of colours: x ↦ matrix · x + shift. */
export interface ColorMap {
  readonly matrix: Matrix3;
  readonly shift: readonly number[];
}

/**
 * Returns the linear map that gives colours another mean and covariance and moves them least (Monge and Kantorovich; Pitié
 * and Kokaram 2007, "The linear Monge–Kantorovitch linear colour mapping for example-based colour transfer"): x ↦
 * T(x − μ) + μ' with T = Σ^-½ (Σ^½ Σ' Σ^½)^½ Σ^-½.
 */
export function colorMap(from: ColorStatistics, to: ColorStatistics): ColorMap {
  const inverseRoot = power(from.covariance, -0.5);
  const matrix = multiply(multiply(inverseRoot, commonSpread(from, to)), inverseRoot);
  const shift = matrix.map((weights, row) =>
    weights.reduce((left, weight, column) => left - weight * (from.mean[column] ?? 0), to.mean[row] ?? 0),
  );
  return { matrix, shift };
}

/**
 * Returns how far {@link colorMap} moves colours, the root of their mean squared way: the Wasserstein distance of normal
 * distributions with these means and covariances.
 */
export function colorDistance(from: ColorStatistics, to: ColorStatistics): number {
  const common = commonSpread(from, to);
  let squared = 0;
  for (const i of [0, 1, 2]) {
    squared += ((from.mean[i] ?? 0) - (to.mean[i] ?? 0)) ** 2;
    squared += (from.covariance[i]?.[i] ?? 0) + (to.covariance[i]?.[i] ?? 0) - 2 * (common[i]?.[i] ?? 0);
  }
  return Math.sqrt(Math.max(squared, 0));
}

/** Computes (Σ^½ Σ' Σ^½)^½. */
function commonSpread(from: ColorStatistics, to: ColorStatistics): Matrix3 {
  const root = power(from.covariance, 0.5);
  return power(multiply(multiply(root, to.covariance), root), 0.5);
}

/**
 * Moves a picture's colours to a mean and a covariance by {@link colorMap}. A transfer that starts with the result has the
 * style's palette from the first epoch on, and colour noise has no reason to appear.
 *
 * @param area - the area whose colours get that mean and covariance; the others are moved along. Default: everywhere.
 * @returns a new picture of the same size, with values clamped to [0, 1].
 */
export function recolor(image: RgbImage, target: ColorStatistics, area?: Mask | undefined): RgbImage {
  return withColorsMoved(image, colorMap(colorStatistics(image, area), target), () => 1);
}

/**
 * Moves a picture's colours along a map.
 * @param part - how much of the way the colour of a pixel goes, by the pixel's index.
 * @returns a new picture of the same size, with values clamped to [0, 1].
 */
export function withColorsMoved(
  { width, height, data }: RgbImage,
  { matrix, shift }: ColorMap,
  part: (pixel: number) => number,
): RgbImage {
  const pixels = width * height;
  const moved = new Float32Array(3 * pixels);
  for (const [row, [red = 0, green = 0, blue = 0]] of matrix.entries()) {
    const constant = shift[row] ?? 0;
    for (let i = 0; i < pixels; i++) {
      const before = data[row * pixels + i] as number;
      const after =
        red * (data[i] as number) +
        green * (data[pixels + i] as number) +
        blue * (data[2 * pixels + i] as number) +
        constant;
      moved[row * pixels + i] = Math.min(Math.max(before + part(i) * (after - before), 0), 1);
    }
  }
  return { width, height, data: moved };
}

/**
 * Computes the mean and the covariance of a picture's colours.
 * @param area - weights of the pixels, in the picture's size, some above 0. Default: all pixels count the same.
 * @param leastVariance - what is added to variances. Default: enough for pictures that hardly have any.
 */
export function colorStatistics(
  { width, height, data }: RgbImage,
  area?: Mask | undefined,
  leastVariance: number = smallestVariance,
): ColorStatistics {
  const pixels = width * height;
  const weights = area?.data;
  const weightSum = weights ? weights.reduce((sum, value) => sum + value, 0) : pixels;
  const planes = [0, 1, 2].map((channel) => data.subarray(channel * pixels, (channel + 1) * pixels));
  const mean = planes.map((plane) => weightedSum(plane, weights) / weightSum);
  const upper = planes.map((plane, row) =>
    planes.slice(row).map((other, beyond) => {
      const product = sumOfProducts([plane, mean[row] ?? 0], [other, mean[row + beyond] ?? 0], weights);
      return product / weightSum + (beyond === 0 ? leastVariance : 0);
    }),
  );
  const covariance = [0, 1, 2].map((row) =>
    [0, 1, 2].map((column) => upper[Math.min(row, column)]?.[Math.abs(row - column)] ?? 0),
  );
  return { mean, covariance };
}

function weightedSum(values: Float32Array, weights: Float32Array | undefined): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (weights ? (weights[i] as number) : 1) * (values[i] as number);
  return sum;
}

/** Returns the weighted sum of the products of how far two planes' values are from their means. */
function sumOfProducts(
  [one, meanOfOne]: readonly [Float32Array, number],
  [other, meanOfOther]: readonly [Float32Array, number],
  weights: Float32Array | undefined,
): number {
  let sum = 0;
  for (let i = 0; i < one.length; i++) {
    const product = ((one[i] as number) - meanOfOne) * ((other[i] as number) - meanOfOther);
    sum += (weights ? (weights[i] as number) : 1) * product;
  }
  return sum;
}

/** Returns the weighted mean of several statistics. @param parts - the statistics, with weights that add up to 1. */
export function blend(
  parts: readonly { readonly statistics: ColorStatistics; readonly weight: number }[],
): ColorStatistics {
  const sum = (value: (statistics: ColorStatistics) => number | undefined) =>
    parts.reduce((total, { statistics, weight }) => total + weight * (value(statistics) ?? 0), 0);
  return {
    mean: [0, 1, 2].map((channel) => sum(({ mean }) => mean[channel])),
    covariance: [0, 1, 2].map((row) => [0, 1, 2].map((column) => sum(({ covariance }) => covariance[row]?.[column]))),
  };
}
