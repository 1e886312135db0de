import type { Engine } from '../engine/engine.js';
import { defaultEvaluationSeconds } from '../transfer/engine-speed.js';
import { evaluationPixels, smallestMargin } from '../transfer/margins.js';
import { overheadSeconds, secondsPerPixelEpoch, transferCost, typicalNetwork } from '../works/cost.js';
import type { QualityMeaning } from '../works/quality.js';

/** Side of the picture that speed is measured with, in pixels. */
export const measuredSide = 256;

/** Returns the median seconds that evaluating loss and gradient takes with default layers at {@link measuredSide}. */
export function measuredSeconds(engine: Engine): Promise<number> {
  return defaultEvaluationSeconds(engine, { side: measuredSide, warmUps: 2, rounds: 5 });
}

/** Estimates the seconds that a square picture of a quality takes, in proportion to its pixels and one evaluation. */
export function qualitySeconds({ size, epochs }: QualityMeaning, secondsPerEvaluation: number): number {
  const inner = measuredSide - 2 * smallestMargin;
  const perPixel = secondsPerEvaluation / evaluationPixels({ width: inner, height: inner });
  // What another network costs more is in the measurement.
  const { pixelEpochs } = transferCost(typicalNetwork, { size, epochs });
  return overheadSeconds + pixelEpochs * secondsPerPixelEpoch(perPixel);
}
