import type { Tensor, TensorFlow } from './tensorflow.js';

/** Σ(F − Fc)². */
export function squaredError(tf: TensorFlow, value: Tensor, target: Tensor): Tensor {
  return tf.sum(tf.square(tf.sub(value, target)));
}

/**
 * G = F·Fᵀ / (h·w), [C, C].
 * @param activations - NHWC with N = 1.
 */
export function gramOf(tf: TensorFlow, activations: Tensor): Tensor {
  return gramOfMatrix(tf, asMatrix(tf, activations));
}

/** Σ(G − Gs)² of activations, NHWC with N = 1, and a target Gram matrix, which is symmetric. */
export function gramError(tf: TensorFlow, activations: Tensor, target: Tensor): Tensor {
  // That G is symmetric is what TensorFlow.js can't know: its own gradient would multiply matrices twice.
  const run = tf.customGrad<[Tensor, Tensor]>((matrix, save) => {
    const difference = tf.sub(gramOfMatrix(tf, matrix), target);
    save([matrix, difference]);
    const scale = 4 / (matrix.shape[0] ?? 1);
    return {
      value: tf.sum(tf.square(difference)),
      gradFunc: (gradient, [features, error]) =>
        tf.tidy(() => tf.matMul(features, tf.mul(error, tf.mul(gradient, scale)))),
    };
  });
  return run(asMatrix(tf, activations));
}

/** Positions as rows, channels as columns: Fᵀ of the definition. */
function asMatrix(tf: TensorFlow, activations: Tensor): Tensor {
  const [, height = 0, width = 0, channels = 0] = activations.shape;
  return tf.reshape(activations, [height * width, channels]);
}

function gramOfMatrix(tf: TensorFlow, matrix: Tensor): Tensor {
  return tf.mul(tf.matMul(matrix, matrix, true, false), 1 / (matrix.shape[0] ?? 1));
}
