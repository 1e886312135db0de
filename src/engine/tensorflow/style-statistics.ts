import type { Tensor, TensorFlow } from './tensorflow.js';

/*
 * In this file activations are NHWC with N = 1. As matrices they have positions as rows and channels as columns: the Fᵀ
 * of the definitions. Weights of positions, [h·w, 1], sum to 1; where they are undefined, all positions count the same.
 */

/** Computes the Gram matrix G = F·Fᵀ / (h·w), or Σ w·f·fᵀ where there are weights, [C, C]. */
export function gramOf(tf: TensorFlow, activations: Tensor, weights?: Tensor): Tensor {
  return secondMoments(tf, weigh(tf, asMatrix(tf, activations), weights));
}

/** Computes the mean μ, [1, C], and the covariance Σ, [C, C]. */
export function momentsOf(tf: TensorFlow, activations: Tensor, weights?: Tensor): { mean: Tensor; covariance: Tensor } {
  const matrix = asMatrix(tf, activations);
  const mean = meanOf(tf, matrix, weights);
  return { mean, covariance: secondMoments(tf, weigh(tf, tf.sub(matrix, mean), weights)) };
}

/** Computes the squared error Σ(G − Gs)² of activations against a target Gram matrix, which must be symmetric. */
export function gramError(tf: TensorFlow, activations: Tensor, target: Tensor, weights: Tensor | undefined): Tensor {
  return secondMomentsError(tf, activations, target, (matrix) => weigh(tf, matrix, weights));
}

/**
 * Computes the squared error Σ(Σ − Σs)² of activations against a target covariance, Σ from F − μ: as G − μ·μᵀ it would
 * cancel in single precision. That μ moves with F adds nothing to the gradient, because F − μ sums to zero.
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

/** Computes the squared error Σ(μ − μs)² of activations against a target mean, [1, C]. */
export function meanError(tf: TensorFlow, activations: Tensor, target: Tensor, weights: Tensor | undefined): Tensor {
  return tf.sum(tf.square(tf.sub(meanOf(tf, asMatrix(tf, activations), weights), target)));
}

/**
 * Returns zero, as a scalar with a gradient: with respect to the activations f of each position that is w·(A·f + b).
 * @param matrix - A, which must be symmetric, [C, C].
 * @param vector - b, [1, C]; undefined where it is zero.
 * @param weights - the weights w of the positions, [h·w, 1].
 */
export function knownGradient(
  tf: TensorFlow,
  activations: Tensor,
  { matrix, vector, weights }: { matrix: Tensor; vector: Tensor | undefined; weights: Tensor },
): Tensor {
  const run = tf.customGrad<[Tensor]>((features, save) => {
    save([features]);
    return {
      value: tf.reshape(tf.tensor1d([0], 'float32'), []),
      gradFunc: (_gradient, [saved]) =>
        tf.tidy(() => {
          const product = tf.matMul(saved, matrix);
          return tf.mul(vector ? tf.add(product, vector) : product, weights);
        }),
    };
  });
  return run(asMatrix(tf, activations));
}

/** The factors of second moments X·diag(w)·Xᵀ: X as `matrix`, X with weights, and a scale for their product. */
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
  // TensorFlow.js can't know that the product is symmetric, so that its own gradient would multiply matrices twice.
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
