import type { Engine } from '../engine/engine.js';
import { type EvaluationTrial, evaluationSeconds } from '../engine/evaluation-seconds.js';
import { evaluationPixels, smallestMargin } from './margins.js';
import { defaultLayers } from './transfer-layers.js';
import { transferDefaults } from './transfer-options.js';

/** How an engine's speed is measured. */
export type SpeedTrial = Pick<EvaluationTrial, 'side' | 'warmUps' | 'rounds'>;

/** A trial that takes a few evaluations of a small picture only. */
export const quickTrial: SpeedTrial = { side: 96, warmUps: 1, rounds: 3 };

/**
 * Returns the median seconds that evaluating loss and gradient takes with default layers and statistics. After that, the
 * engine has compiled what most transfers need.
 */
export function defaultEvaluationSeconds(engine: Engine, trial: SpeedTrial): Promise<number> {
  const { content, style } = defaultLayers(engine.network);
  const { statistic } = transferDefaults;
  return evaluationSeconds(engine, { ...trial, content: Object.keys(content), style: Object.keys(style), statistic });
}

/** Returns the seconds for each pixel of an evaluation, see {@link evaluationPixels}, by a quick trial. */
export async function secondsPerPixel(engine: Engine): Promise<number> {
  const { side } = quickTrial;
  // The trial has no margins, which make the picture so much larger else.
  const inner = side - 2 * smallestMargin;
  return (await defaultEvaluationSeconds(engine, quickTrial)) / evaluationPixels({ width: inner, height: inner });
}
