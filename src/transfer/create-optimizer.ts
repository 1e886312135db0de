import type { TransferEvaluation } from './objective.js';
import { Adam } from './optimizers/adam.js';
import { Lbfgs } from './optimizers/lbfgs.js';
import type { Objective, Optimizer } from './optimizers/optimizer.js';
import type { TransferSettings } from './transfer-options.js';

/** Makes the optimiser that a transfer's settings ask for. @param start - the point that it begins at. */
export function createOptimizer(
  { optimizer, learningRate, history }: TransferSettings,
  objective: Objective<TransferEvaluation>,
  start: Float32Array,
): Optimizer<TransferEvaluation> {
  return optimizer === 'adam'
    ? new Adam(objective, start, { learningRate })
    : new Lbfgs(objective, start, { learningRate, history });
}
