import type { Engine } from '../engine/engine.js';
import { TimedEngine } from '../engine/timed-engine.js';
import { resample } from '../imaging/resample.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import { Adam } from './adam.js';
import { Canvas } from './canvas.js';
import { defaultLayers, type TransferLayers } from './layers.js';
import { Lbfgs } from './lbfgs.js';
import { type LossTerms, type LossWeights, type TransferEvaluation, transferObjective } from './objective.js';
import type { Objective, Optimizer } from './optimizer.js';
import { planScales, type Scale } from './scales.js';
import { type Start, startingPicture } from './start.js';
import { TimeEstimate } from './time-estimate.js';

/** The optimisers that a transfer can use. */
export const optimizers = ['lbfgs', 'adam'] as const;
export type OptimizerName = (typeof optimizers)[number];

/** How a transfer is done. */
export interface TransferOptions {
  /** The longer side of the result, in pixels. Default 512. */
  readonly size?: number | undefined;
  /** Optimiser steps in all, over all scales. Default 100. */
  readonly epochs?: number | undefined;
  readonly weights?: Partial<LossWeights> | undefined;
  /** Default: as deep as the network goes, see {@link defaultLayers}. */
  readonly layers?: Partial<TransferLayers> | undefined;
  readonly start?: Start | undefined;
  readonly optimizer?: OptimizerName | undefined;
  /** Of the noise that `start: 'noise'` begins with. */
  readonly seed?: number | undefined;
  /** Stops the transfer within one evaluation; it then returns the best picture so far. */
  readonly signal?: AbortSignal | undefined;
}

/** How far a transfer is: one for each epoch. */
export interface TransferProgress {
  /** From 1 to `scales`. */
  readonly scale: number;
  readonly scales: number;
  /** Of the picture at this scale, in pixels. */
  readonly width: number;
  readonly height: number;
  /** From 1 to `epochs`, over all scales. */
  readonly epoch: number;
  readonly epochs: number;
  /** Comparable within one scale only: at a new one the picture is seen anew. */
  readonly loss: LossTerms;
  /** Evaluations of loss and gradient so far. */
  readonly evaluations: number;
  /** An estimate from what was measured so far. */
  readonly secondsLeft: number;
  /** The picture as it is now, at this scale's size. */
  readonly picture: () => RgbImage;
}

/** What came of a transfer. */
export interface TransferResult {
  /** Of the result's size, even if the transfer was stopped at a coarser scale; in [0, 1]. */
  readonly picture: RgbImage;
  /** Whether `signal` stopped it early. */
  readonly stopped: boolean;
  /** At the best point; undefined where it was stopped before anything was evaluated. */
  readonly loss: LossTerms | undefined;
  readonly epochs: number;
  readonly evaluations: number;
  readonly seconds: number;
  /** The part of `seconds` that was spent waiting for the engine. */
  readonly engineSeconds: number;
}

/** What {@link styleTransfer} does where nothing else is asked for. */
export const transferDefaults = {
  size: 512,
  epochs: 100,
  weights: { content: 1, style: 10, tv: 0.02 },
  start: 'recolored',
  optimizer: 'lbfgs',
  seed: 0,
} as const satisfies TransferOptions;

/** How much a style may be enlarged to match a scale: beyond that its strokes would only be blurred. */
const largestStyleEnlargement = 1.5;

/** What the deepest layers need to see anything of a style, in pixels. */
const smallestStyleSide = 32;

/**
 * Neural style transfer (Gatys, Ecker and Bethge, "Image Style Transfer Using Convolutional Neural Networks", CVPR 2016),
 * from coarse to fine: changes the pixels of a picture until a network sees the content's shapes and the style's textures
 * in it.
 *
 * @param content - what is to be seen, of any size.
 * @param style - how it is to look, of any size.
 * @returns a generator that yields after every epoch and returns the result. While nobody iterates, nothing runs.
 * @throws EngineError, UnknownLayerError for layers that the network lacks; RangeError for impossible options.
 */
export async function* styleTransfer(
  engine: Engine,
  content: RgbImage,
  style: RgbImage,
  options: TransferOptions = {},
): AsyncGenerator<TransferProgress, TransferResult> {
  const begin = performance.now();
  const { size, epochs, start, optimizer, seed, signal } = { ...transferDefaults, ...given(options) };
  const weights = { ...transferDefaults.weights, ...given(options.weights ?? {}) };
  const layers = { ...defaultLayers(engine.network.layers), ...given(options.layers ?? {}) };
  const scales = planScales(content, { size, epochs });
  const timed = new TimedEngine(engine);
  const estimate = new TimeEstimate(scales);
  let picture: RgbImage | undefined;
  let loss: LossTerms | undefined;
  /** Epochs that earlier scales and this one were given, up to now. */
  let epoch = 0;
  let steps = 0;
  let evaluations = 0;

  for (const [index, scale] of scales.entries()) {
    if (signal?.aborted) break;
    const { width, height } = scale;
    const scaledContent = resample(content, width, height);
    const scaledStyle = fitStyle(style, scale);
    picture = picture ? resample(picture, width, height) : startingPicture(start, scaledContent, scaledStyle, seed);
    if (scale.epochs === 0) continue;

    const canvas = new Canvas(scale);
    const targets = { content: canvas.place(scaledContent), style: scaledStyle, layers, weights };
    const evaluate = await transferObjective(timed, targets);
    const objective: Objective<TransferEvaluation> = (point) => {
      signal?.throwIfAborted();
      evaluations++;
      return estimate.measure(index, () => evaluate(point));
    };
    const painter = createOptimizer(optimizer, objective, canvas.place(picture).data);
    const currentPicture = () => canvas.cutOut(painter.best.point);

    for (let left = scale.epochs - 1; left >= 0; left--) {
      const step = await unlessAborted(painter.step(), signal);
      if (!step) break;
      epoch++;
      steps++;
      estimate.count(step.evaluations);
      const secondsLeft = estimate.secondsLeft(index, left);
      const place = { scale: index + 1, scales: scales.length, width, height };
      const { terms } = step.evaluation;
      yield { ...place, epoch, epochs, loss: terms, evaluations, secondsLeft, picture: currentPicture };
      if (step.outcome === 'converged') {
        epoch += left;
        break;
      }
    }
    picture = currentPicture();
    loss = painter.best.evaluation?.terms ?? loss;
  }

  const finest = scales.at(-1) ?? content;
  return {
    picture: clamped(resample(picture ?? content, finest.width, finest.height)),
    stopped: signal?.aborted ?? false,
    loss,
    epochs: steps,
    evaluations,
    seconds: (performance.now() - begin) / 1000,
    engineSeconds: timed.seconds,
  };
}

function createOptimizer(
  name: OptimizerName,
  objective: Objective<TransferEvaluation>,
  start: Float32Array,
): Optimizer<TransferEvaluation> {
  return name === 'adam' ? new Adam(objective, start) : new Lbfgs(objective, start);
}

/** The style at a scale: of about the area of the content, so that its strokes have their size relative to the canvas. */
function fitStyle(style: RgbImage, { width, height }: Scale): RgbImage {
  const ratio = Math.sqrt((width * height) / (style.width * style.height));
  const scale = Math.min(ratio, largestStyleEnlargement);
  const side = (length: number) => Math.max(smallestStyleSide, Math.round(length * scale));
  return resample(style, side(style.width), side(style.height));
}

/** A picture with its values in [0, 1], which resampling leaves next to edges. */
function clamped({ width, height, data }: RgbImage): RgbImage {
  return { width, height, data: data.map((value) => Math.min(Math.max(value, 0), 1)) };
}

/** What a promise comes to, or undefined where it failed because of the signal. */
async function unlessAborted<Result>(promise: Promise<Result>, signal: AbortSignal | undefined) {
  try {
    return await promise;
  } catch (error) {
    if (signal?.aborted) return undefined;
    throw error;
  }
}

/** Options without those that are undefined, which would otherwise hide a default. */
function given<Options extends object>(options: Options) {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Options]?: Exclude<Options[Key], undefined>;
  };
}
