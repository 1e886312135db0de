import type { Engine } from '../engine/engine.js';
import { uniformNumbers } from '../random-numbers.js';
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
export async function evaluationSeconds(engine: Engine): Promise<number> {
  const uniform = uniformNumbers(1);
  const picture = () => ({
    width: measuredSide,
    height: measuredSide,
    data: Float32Array.from({ length: 3 * measuredSide * measuredSide }, uniform),
  });
  const layers = defaultLayers(engine.network.layers);
  const { activations } = await engine.features(picture(), { activations: Object.keys(layers.content) });
  const { grams } = await engine.features(picture(), { grams: Object.keys(layers.style) });
  const prepared = await engine.prepare({
    content: [...activations].map(([layer, target]) => ({ layer, weight: 1, target })),
    style: [...grams].map(([layer, target]) => ({ layer, weight: 1, target })),
  });
  const image = picture();
  const seconds: number[] = [];
  for (let round = -warmUps; round < rounds; round++) {
    const begin = performance.now();
    await prepared.evaluate(image);
    if (round >= 0) seconds.push((performance.now() - begin) / 1000);
  }
  return seconds.toSorted((a, b) => a - b)[rounds >> 1] ?? Number.NaN;
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
