import { setImmediate } from 'node:timers/promises';
import type { RgbImage } from '../imaging/rgb-image.js';
import { Lbfgs } from '../transfer/optimizers/lbfgs.js';
import type { Evaluation, Optimizer } from '../transfer/optimizers/optimizer.js';

/** Share of the difference that is left after all epochs; 2 % of it is hardly ever seen. */
const remainder = 0.02;

/** Least learning rate: a line search with Wolfe's curvature condition goes on from less than a tenth of the way. */
const smallestRate = 0.11;

/**
 * Makes the article's pixel optimiser, the simplest of all transfers: L-BFGS changes the pixels of a picture until its
 * mean squared error against another one is 0.
 *
 * This loss is the same parabola in each pixel: after its first step L-BFGS knows the curvature, and the second one
 * would be the last. So that people can watch, each step goes only a part of the way, the learning rate, chosen so that
 * 2 % of the difference is left after all epochs; nothing else is changed about the path.
 */
export function pixelOptimizer(from: RgbImage, to: RgbImage, epochs: number): Optimizer {
  const learningRate = Math.max(smallestRate, 1 - remainder ** (1 / epochs));
  const distance = Math.sqrt(meanSquaredError(from.data, to.data).loss);
  const objective = async (point: Float32Array) => {
    // Evaluations occupy the thread; a pause between them lets an abort be heard.
    await setImmediate();
    return meanSquaredError(point, to.data);
  };
  // The first step, before any curvature is known, is to go as far as the others. A parabola needs no longer history.
  return new Lbfgs(objective, from.data, { learningRate, firstStepRms: Math.max(distance, 1e-9), history: 2 });
}

/** Computes the loss mean((x − y)²) and its gradient 2 (x − y) / n, with n values x = `point` and y = `target`. */
export function meanSquaredError(point: Float32Array, target: Float32Array): Evaluation {
  const count = point.length;
  const gradient = new Float32Array(count);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const difference = (point[i] as number) - (target[i] as number);
    sum += difference * difference;
    gradient[i] = (2 * difference) / count;
  }
  return { loss: sum / count, gradient };
}
