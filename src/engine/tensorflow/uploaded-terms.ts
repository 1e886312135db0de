import type { ContentTerm, GradientBehind, PieceStyleTerm, StyleTerm } from '../engine.js';
import { covarianceError, gramError, knownGradient, meanError } from './style-statistics.js';
import type { Tensor, TensorFlow } from './tensorflow.js';

/** One term of an objective, whose target and map are TensorFlow tensors. */
export interface UploadedTerm {
  /** All tensors of the term, which the owner disposes of. */
  readonly tensors: readonly Tensor[];
  /**
   * Computes the term's squared errors: scalars, one for each of the term's energies.
   * @param activations - the activations of the term's layer, NHWC with N = 1.
   */
  squaredErrors(activations: Tensor): Tensor[];
}

/** The weights of a layer's positions, with a sum of 1, row by row; undefined where there is no map. */
interface Positions {
  readonly positions: Float32Array | undefined;
}

/** Uploads a content term, whose squared error is Σ(F − Fc)², or Σ w·(F − Fc)² where there is a map. */
export function uploadContentTerm(
  tf: TensorFlow,
  { target, positions }: Pick<ContentTerm, 'target'> & Positions,
): UploadedTerm {
  const { height, width } = target;
  const content = uploadActivations(tf, target);
  const weights = positions && tf.tensor(positions, [1, height, width, 1]);
  return {
    tensors: [content, ...(weights ? [weights] : [])],
    squaredErrors: (activations) => {
      const squares = tf.square(tf.sub(activations, content));
      return [tf.sum(weights ? tf.mul(squares, weights) : squares)];
    },
  };
}

/** Uploads a style term, whose squared errors are Σ(G − Gs)², or Σ(μ − μs)² and Σ(Σ − Σs)². */
export function uploadStyleTerm(tf: TensorFlow, { target, positions }: StyleTerm & Positions): UploadedTerm {
  const { channels } = target;
  const weights = positions && tf.tensor(positions, [positions.length, 1]);
  const ofWeights = weights ? [weights] : [];
  if (!('covariance' in target)) {
    const gram = tf.tensor(target.data, [channels, channels]);
    return {
      tensors: [gram, ...ofWeights],
      squaredErrors: (activations) => [gramError(tf, activations, gram, weights)],
    };
  }
  const mean = tf.tensor(target.mean, [1, channels]);
  const covariance = tf.tensor(target.covariance, [channels, channels]);
  return {
    tensors: [mean, covariance, ...ofWeights],
    squaredErrors: (activations) => [
      meanError(tf, activations, mean, weights),
      covarianceError(tf, activations, covariance, weights),
    ],
  };
}

/** Uploads a term of a piece whose gradient is known; it has one squared error, which is zero. */
export function uploadKnownTerm(tf: TensorFlow, { matrix, vector, positions }: PieceStyleTerm): UploadedTerm {
  const channels = Math.sqrt(matrix.length);
  const uploaded = {
    matrix: tf.tensor(matrix, [channels, channels]),
    vector: vector && tf.tensor(vector, [1, channels]),
    weights: tf.tensor(positions, [positions.length, 1]),
  };
  return {
    tensors: [uploaded.matrix, uploaded.weights, ...(uploaded.vector ? [uploaded.vector] : [])],
    squaredErrors: (activations) => [knownGradient(tf, activations, uploaded)],
  };
}

/** Uploads the gradient of what lies behind a layer, as the derivative of the sum of its products with the activations. */
export function uploadGradientBehind(tf: TensorFlow, { gradient }: GradientBehind): UploadedTerm {
  const factors = uploadActivations(tf, gradient);
  return { tensors: [factors], squaredErrors: (activations) => [tf.sum(tf.mul(activations, factors))] };
}

function uploadActivations(tf: TensorFlow, { data, channels, height, width }: GradientBehind['gradient']): Tensor {
  return tf.transpose(tf.tensor(data, [1, channels, height, width]), [0, 2, 3, 1]);
}
