import type { Tensor, TensorFlow } from './tensorflow.js';

/*
 * Activations are NHWC with N = 1. As matrices they have positions as rows and channels as columns, Fᵀ of the definitions.
 * Weights of positions, [h·w, 1], sum to 1; without them all positions count the same.
 */

/** G = F·Fᵀ / (h·w), [C, C]. */
export function gramOf(tf: TensorFlow, activations: Tensor): Tensor {
  return secondMoments(tf, weigh(tf, asMatrix(tf, activations), undefined));
}

/** μ, [1, C], and Σ, [C, C]. */
export function momentsOf(tf: TensorFlow, activations: Tensor): { mean: Tensor; covariance: Tensor } {
  const matrix = asMatrix(tf, activations);
  const mean = meanOf(tf, matrix, undefined);
  return { mean, covariance: secondMoments(tf, weigh(tf, tf.sub(matrix, mean), undefined)) };
}

/** Σ(G − Gs)² of activations and a target Gram matrix, which is symmetric. */
export function gramError(tf: TensorFlow, activations: Tensor, target: Tensor, weights: Tensor | undefined): Tensor {
  return secondMomentsError(tf, activations, target, (matrix) => weigh(tf, matrix, weights));
}

/**
 * Σ(Σ − Σs)² of activations and a target covariance, Σ from F − μ: as G − μ·μᵀ it would cancel in single precision. That μ
 * moves with F adds nothing to the gradient, for F − μ sums to zero.
 */
export function covarianceError(
  tf: TensorFlow,
  activations: Tensor,
  target: Tensor,
  weights: Tensor | undefined,
): Tensor {
  return secondMomentsError(tf, activations, target, (matrix) =>
    weigh(tf, tf.sub(matrix, meanOf(tf, matrix, weights)), weights),
  );
}

/** Σ(μ − μs)² of activations and a target mean, [1, C]. */
export function meanError(tf: TensorFlow, activations: Tensor, target: Tensor, weights: Tensor | undefined): Tensor {
  return tf.sum(tf.square(tf.sub(meanOf(tf, asMatrix(tf, activations), weights), target)));
}

/** X·diag(w)·Xᵀ, taken apart: its factors, and what the product is to be multiplied by. */
interface Weighted {
  readonly matrix: Tensor;
  readonly weighted: Tensor;
  readonly scale: number;
}

function weigh(tf: TensorFlow, matrix: Tensor, weights: Tensor | undefined): Weighted {
  if (weights === undefined) return { matrix, weighted: matrix, scale: 1 / (matrix.shape[0] ?? 1) };
  return { matrix, weighted: tf.mul(matrix, weights), scale: 1 };
}

function secondMoments(tf: TensorFlow, { matrix, weighted, scale }: Weighted): Tensor {
  return tf.mul(tf.matMul(matrix, weighted, true, false), scale);
}

function secondMomentsError(
  tf: TensorFlow,
  activations: Tensor,
  target: Tensor,
  weighted: (matrix: Tensor) => Weighted,
): Tensor {
  // That the product is symmetric is what TensorFlow.js can't know: its own gradient would multiply matrices twice.
  const run = tf.customGrad<[Tensor, Tensor]>((matrix, save) => {
    const factors = weighted(matrix);
    const difference = tf.sub(secondMoments(tf, factors), target);
    save([factors.weighted, difference]);
    const scale = 4 * factors.scale;
    return {
      value: tf.sum(tf.square(difference)),
      gradFunc: (gradient, [features, error]) =>
        tf.tidy(() => tf.matMul(features, tf.mul(error, tf.mul(gradient, scale)))),
    };
  });
  return run(asMatrix(tf, activations));
}

function meanOf(tf: TensorFlow, matrix: Tensor, weights: Tensor | undefined): Tensor {
  return weights === undefined ? tf.mean(matrix, 0, true) : tf.matMul(weights, matrix, true, false);
}

function asMatrix(tf: TensorFlow, activations: Tensor): Tensor {
  const [, height = 0, width = 0, channels = 0] = activations.shape;
  return tf.reshape(activations, [height * width, channels]);
}
