import type { Engine } from '../engine/engine.js';
import { TimedEngine } from '../engine/timed-engine.js';
import { resample } from '../imaging/resample.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import { Adam } from './adam.js';
import { Canvas } from './canvas.js';
import { Lbfgs } from './lbfgs.js';
import { type LossTerms, type TransferEvaluation, transferObjective } from './objective.js';
import type { Objective, Optimizer } from './optimizer.js';
import { normalisedStyles, type TransferPictures } from './pictures.js';
import { planScales } from './scales.js';
import { startingPicture } from './start.js';
import { styleAtScale } from './style-at-scale.js';
import { TimeEstimate } from './time-estimate.js';
import { type OptimizerName, type TransferOptions, transferSettings } from './transfer-options.js';

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

/**
 * Neural style transfer (Gatys, Ecker and Bethge, "Image Style Transfer Using Convolutional Neural Networks", CVPR 2016),
 * from coarse to fine: changes the pixels of a picture until a network sees the content's shapes and the style's textures
 * in it. Several styles are blended on their statistics: the picture comes to look like none of them, but like all.
 *
 * @returns a generator that yields after every epoch and returns the result. While nobody iterates, nothing runs.
 * @throws EngineError, UnknownLayerError for layers that the network lacks; RangeError for impossible options and weights.
 */
export async function* styleTransfer(
  engine: Engine,
  pictures: TransferPictures,
  options: TransferOptions = {},
): AsyncGenerator<TransferProgress, TransferResult> {
  const begin = performance.now();
  const { content } = pictures;
  const styles = normalisedStyles(pictures.styles);
  const settings = transferSettings(options, engine.network.layers);
  const { size, epochs, weights, layers, start, optimizer, seed, signal } = settings;
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
    const scaledStyles = styles.map((style) => styleAtScale(style, scale));
    picture = picture ? resample(picture, width, height) : startingPicture(start, scaledContent, scaledStyles, seed);
    if (scale.epochs === 0) continue;

    const canvas = new Canvas(scale);
    const targets = { content: canvas.place(scaledContent), styles: scaledStyles, layers, weights };
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
