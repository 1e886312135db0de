import type { RgbImage } from '../../imaging/rgb-image.js';
import type { Mask } from '../area/mask.js';

/** Mean and covariance of a picture's colours. */
export interface ColorStatistics {
  readonly mean: readonly number[];
  readonly covariance: Matrix3;
}

/** A 3 × 3 matrix, row by row. */
type Matrix3 = readonly (readonly number[])[];

/**
 * The value that is added to variances, because a flat or grey picture has none along some direction, which would be
 * divided by. It is about 8 of 255 squared: noise below that is not blown up into colours.
 */
const smallestVariance = 1e-3;

/**
 * Moves a picture's colours to a mean and a covariance, by the linear map that moves them least (Monge and Kantorovich;
 * Pitié and Kokaram 2007, "The linear Monge–Kantorovitch linear colour mapping for example-based colour transfer"): x ↦
 * T(x − μc) + μs with T = Σc^-½ (Σc^½ Σs Σc^½)^½ Σc^-½. A transfer that starts with the result has the style's palette
 * from the first epoch on, and colour noise has no reason to appear.
 *
 * @param area - the area whose colours get that mean and covariance; the others are moved along. Default: everywhere.
 * @returns a new picture of the same size, with values clamped to [0, 1].
 */
export function recolor(image: RgbImage, target: ColorStatistics, area?: Mask | undefined): RgbImage {
  const source = colorStatistics(image, area);
  const root = power(source.covariance, 0.5);
  const inverseRoot = power(source.covariance, -0.5);
  const middle = power(multiply(multiply(root, target.covariance), root), 0.5);
  const map = multiply(multiply(inverseRoot, middle), inverseRoot);

  const pixels = image.width * image.height;
  const data = new Float32Array(3 * pixels);
  for (const [row, weights] of map.entries()) {
    const [red = 0, green = 0, blue = 0] = weights;
    const shift = (target.mean[row] ?? 0) - weights.reduce((sum, w, column) => sum + w * (source.mean[column] ?? 0), 0);
    for (let i = 0; i < pixels; i++) {
      const value =
        red * (image.data[i] as number) +
        green * (image.data[pixels + i] as number) +
        blue * (image.data[2 * pixels + i] as number) +
        shift;
      data[row * pixels + i] = Math.min(Math.max(value, 0), 1);
    }
  }
  return { width: image.width, height: image.height, data };
}

/**
 * Computes the mean and the covariance of a picture's colours.
 * @param area - weights of the pixels, in the picture's size. Default: all pixels count the same.
 */
export function colorStatistics({ width, height, data }: RgbImage, area?: Mask | undefined): ColorStatistics {
  const pixels = width * height;
  const plane = (channel: number) => data.subarray(channel * pixels, (channel + 1) * pixels);
  const weight = (i: number) => (area ? (area.data[i] as number) : 1);
  const weightSum = area ? area.data.reduce((sum, value) => sum + value, 0) : pixels;
  const mean = [0, 1, 2].map(
    (channel) => plane(channel).reduce((sum, value, i) => sum + weight(i) * value, 0) / weightSum,
  );
  const covariance = [0, 1, 2].map((row) =>
    [0, 1, 2].map((column) => {
      const [a, b] = [plane(row), plane(column)];
      const [meanA, meanB] = [mean[row] ?? 0, mean[column] ?? 0];
      let sum = 0;
      for (let i = 0; i < pixels; i++) sum += weight(i) * ((a[i] as number) - meanA) * ((b[i] as number) - meanB);
      return sum / weightSum + (row === column ? smallestVariance : 0);
    }),
  );
  return { mean, covariance };
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

function multiply(a: Matrix3, b: Matrix3): Matrix3 {
  return a.map((row) =>
    [0, 1, 2].map((column) => row.reduce((sum, value, k) => sum + value * (b[k]?.[column] ?? 0), 0)),
  );
}

/** Computes a symmetric positive definite matrix to the power p, from its eigenvalues and vectors: V·diag(λᵖ)·Vᵀ. */
function power(matrix: Matrix3, exponent: number): Matrix3 {
  const { values, vectors } = eigen(matrix);
  const scaled = vectors.map((row) => row.map((value, k) => value * Math.max(values[k] ?? 0, 1e-12) ** exponent));
  return multiply(scaled, transpose(vectors));
}

function transpose(matrix: Matrix3): Matrix3 {
  return [0, 1, 2].map((row) => matrix.map((values) => values[row] ?? 0));
}

/** Computes eigenvalues and eigenvectors (as columns) of a symmetric matrix, by Jacobi's rotations. */
function eigen(matrix: Matrix3): { values: readonly number[]; vectors: Matrix3 } {
  let rotated = matrix;
  let vectors: Matrix3 = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  // Convergence is quadratic: a 3×3 matrix is diagonal to double precision after four or five sweeps.
  for (let sweep = 0; sweep < 12; sweep++) {
    for (const [p, q] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const) {
      const off = rotated[p]?.[q] ?? 0;
      if (off === 0) continue;
      const angle = 0.5 * Math.atan2(2 * off, (rotated[q]?.[q] ?? 0) - (rotated[p]?.[p] ?? 0));
      const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
      const rotation = [0, 1, 2].map((row) =>
        [0, 1, 2].map((column) => {
          if (row === column) return row === p || row === q ? cosine : 1;
          if (row === p && column === q) return sine;
          return row === q && column === p ? -sine : 0;
        }),
      );
      rotated = multiply(multiply(transpose(rotation), rotated), rotation);
      vectors = multiply(vectors, rotation);
    }
  }
  return { values: [0, 1, 2].map((k) => rotated[k]?.[k] ?? 0), vectors };
}
