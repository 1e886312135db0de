import type { Engine } from '../engine/engine.js';
import { evaluationSeconds } from '../engine/evaluation-seconds.js';
import { Canvas } from '../transfer/canvas.js';
import { planScales } from '../transfer/scales.js';
import { defaultLayers } from '../transfer/transfer-layers.js';
import type { QualityMeaning } from '../works/quality.js';

/** Side of the picture that speed is measured with, in pixels. */
export const measuredSide = 256;

const warmUps = 2;
const rounds = 5;

/** Average number of evaluations that a step of L-BFGS takes: some are tried in vain. */
const evaluationsPerEpoch = 1.06;

/** Measured time of a job against its evaluations alone: the optimiser and the losses on pixels take the rest. */
const besidesEngine = 1.2;

/** Time that decoding, encoding and the animation take, about. */
const overheadSeconds = 2;

/** Returns the median seconds that evaluating loss and gradient takes with default layers at {@link measuredSide}. */
export function defaultEvaluationSeconds(engine: Engine): Promise<number> {
  const { content, style } = defaultLayers(engine.network.layers);
  const layers = { content: Object.keys(content), style: Object.keys(style) };
  return evaluationSeconds(engine, { side: measuredSide, ...layers, warmUps, rounds });
}

/** Estimates the seconds that a square picture of a quality takes, in proportion to its pixels and one evaluation. */
export function qualitySeconds({ size, epochs }: QualityMeaning, secondsPerEvaluation: number): number {
  const secondsPerPixel = secondsPerEvaluation / measuredSide ** 2;
  const pixels = planScales({ width: size, height: size }, { size, epochs }).reduce((sum, scale) => {
    const { width, height } = new Canvas(scale);
    return sum + width * height * scale.epochs;
  }, 0);
  return overheadSeconds + pixels * evaluationsPerEpoch * secondsPerPixel * besidesEngine;
}
