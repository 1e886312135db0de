import type { Engine } from '../../src/engine/engine.js';
import { resample } from '../../src/imaging/resample.js';
import type { RgbImage } from '../../src/imaging/rgb-image.js';
import { Canvas } from '../../src/transfer/canvas.js';
import { type LossWeights, type TransferEvaluation, transferObjective } from '../../src/transfer/objective.js';
import { Lbfgs } from '../../src/transfer/optimizers/lbfgs.js';
import type { Objective, Optimizer } from '../../src/transfer/optimizers/optimizer.js';
import { singleStyle } from '../../src/transfer/pictures.js';
import { fitToLongerSide } from '../../src/transfer/scales.js';
import { contentLayers, textureLayers } from '../../src/transfer/transfer-layers.js';
import { clamp, FixedStepLbfgs } from './fixed-step-lbfgs.js';

/** The style transfer that all optimisers get: it has one scale and begins with the content as it is. */
export interface Setting {
  readonly content: RgbImage;
  readonly style: RgbImage;
  /** The longer side of content and style, in pixels. */
  readonly size: number;
  readonly weights: LossWeights;
}

/** Names of the optimisers: whether they clamp pixels, and how they find the length of a step. */
export const variants = ['clamping, fixed step', 'clamping, line search', 'fixed step', 'safeguarded'] as const;
export type Variant = (typeof variants)[number];

/** The run of one optimiser. */
export interface Run {
  /** The loss after each step, and the number of evaluations made up to then. */
  readonly points: readonly { readonly evaluations: number; readonly loss: number }[];
  /** The picture that the optimiser ended with, as it would be shown. */
  readonly picture: RgbImage;
}

/**
 * Lets an optimiser work until it has made a number of evaluations, or has converged.
 *
 * @throws `engine/not-finite` if the optimiser leaves the finite numbers.
 */
export async function follow(
  engine: Engine,
  { content, style, size, weights }: Setting,
  variant: Variant,
  evaluations: number,
): Promise<Run> {
  const sized = (picture: RgbImage) => {
    const { width, height } = fitToLongerSide(picture, size);
    return resample(picture, width, height);
  };
  const start = sized(content);
  const canvas = new Canvas(start);
  const { layers } = engine.network;
  const placed = canvas.place(start);
  const objective = await transferObjective(engine, canvas, {
    content: placed,
    styles: singleStyle(sized(style)),
    // Those of the article, by Gram matrices.
    layers: { content: contentLayers(layers), style: textureLayers(layers) },
    weights,
  });
  const optimizer = optimizerOf(variant, objective, placed.data);
  const points: { evaluations: number; loss: number }[] = [];
  let made = 0;
  while (made < evaluations) {
    const step = await optimizer.step();
    made += step.evaluations;
    points.push({ evaluations: made, loss: step.evaluation.loss });
    if (step.outcome === 'converged') break;
  }
  return { points, picture: canvas.cutOut(optimizer.best.point) };
}

function optimizerOf(
  variant: Variant,
  objective: Objective<TransferEvaluation>,
  start: Float32Array,
): Optimizer<TransferEvaluation> {
  switch (variant) {
    case 'clamping, fixed step':
      return new FixedStepLbfgs(objective, start, { clamps: true });
    case 'fixed step':
      return new FixedStepLbfgs(objective, start);
    case 'clamping, line search':
      // Only a copy is clamped: in PyTorch, too, the line search goes on from the point before it was clamped.
      return new Lbfgs((point) => objective(clamp(point.slice())), start);
    case 'safeguarded':
      return new Lbfgs(objective, start);
  }
}
