import { setImmediate } from 'node:timers/promises';
import type { RgbImage } from '../imaging/rgb-image.js';
import { Lbfgs } from '../transfer/optimizers/lbfgs.js';
import type { Evaluation, Optimizer } from '../transfer/optimizers/optimizer.js';

/** What is left of the difference after all epochs; 2 % of it is hardly ever seen. */
const remainder = 0.02;

/** A line search that keeps Wolfe's curvature condition goes at least a tenth of the way; it would go on from less. */
const smallestRate = 0.11;

/**
 * The simplest of all transfers, the article's pixel optimiser: L-BFGS changes the pixels of a picture until its mean
 * squared error against another one is 0.
 *
 * This loss is the same parabola in each pixel: after its first step L-BFGS knows the curvature, and the second one would
 * be the last. To be seen, each step goes only a part of the way, the learning rate, chosen so that 2 % of the
 * difference is left after all epochs; nothing else is changed about the path.
 */
export function pixelOptimizer(from: RgbImage, to: RgbImage, epochs: number): Optimizer {
  const learningRate = Math.max(smallestRate, 1 - remainder ** (1 / epochs));
  const distance = Math.sqrt(meanSquaredError(from.data, to.data).loss);
  const objective = async (point: Float32Array) => {
    // Evaluations occupy the thread; in between, whoever wants to stop is heard.
    await setImmediate();
    return meanSquaredError(point, to.data);
  };
  // The first step, taken before any curvature is known, is to go just as far. A parabola needs no longer memory.
  return new Lbfgs(objective, from.data, { learningRate, firstStepRms: Math.max(distance, 1e-9), history: 2 });
}

/** mean((x − y)²) and its gradient, 2 (x − y) / n. */
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
