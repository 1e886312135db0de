import type { PieceStyleTerm, StyleTarget } from '../engine.js';
import { isMoments } from './statistic-sums.js';

/** What a style term comes to at a statistic of the whole picture. */
export interface StyleError {
  /** Σ(G − Gs)², or Σ(μ − μs)² and Σ(Σ − Σs)². */
  readonly squaredErrors: readonly number[];
  /** The gradient of the weighted, relative errors at a position with the activations f and the weight w: w·(A·f + b). */
  readonly gradient: Pick<PieceStyleTerm, 'matrix' | 'vector'>;
}

/**
 * Compares a whole picture's statistic with a term's target.
 *
 * A position's part in a Gram matrix is w·f·fᵀ, so that the gradient is w·2·∂L/∂G·f. In moments it is 2·∂L/∂Σ·(f − μ) +
 * ∂L/∂μ: that μ moves with f adds nothing to Σ's part, because f − μ sums to zero.
 * @param term.energies - the energies that the squared errors are divided by, see `relative-error.ts`.
 */
export function styleError(
  { target, weight, energies }: { target: StyleTarget; weight: number; energies: readonly number[] },
  statistic: StyleTarget,
): StyleError {
  if (!isMoments(target) || !isMoments(statistic)) {
    const [energy = Number.NaN] = energies;
    const [error, squared] = difference(matrixOf(statistic), matrixOf(target));
    return { squaredErrors: [squared], gradient: { matrix: scaled(error, (4 * weight) / energy), vector: undefined } };
  }
  const [meanEnergy = Number.NaN, energy = Number.NaN] = energies;
  const [meanError, squaredMean] = difference(statistic.mean, target.mean);
  const [error, squared] = difference(statistic.covariance, target.covariance);
  const matrix = scaled(error, (4 * weight) / energy);
  const vector = meanError.map((value, row) => {
    const product = statistic.mean.reduce((sum, mean, column) => {
      return sum + (matrix[row * statistic.channels + column] as number) * mean;
    }, 0);
    return ((2 * weight) / meanEnergy) * value - product;
  });
  return { squaredErrors: [squaredMean, squared], gradient: { matrix, vector: Float32Array.from(vector) } };
}

function matrixOf(statistic: StyleTarget): Float32Array {
  return isMoments(statistic) ? statistic.covariance : statistic.data;
}

/** Returns a − b, and the sum of its squares. */
function difference(a: Float32Array, b: Float32Array): [Float64Array, number] {
  const values = Float64Array.from(a, (value, i) => value - (b[i] as number));
  return [values, values.reduce((sum, value) => sum + value * value, 0)];
}

function scaled(values: Float64Array, factor: number): Float32Array {
  return Float32Array.from(values, (value) => factor * value);
}
