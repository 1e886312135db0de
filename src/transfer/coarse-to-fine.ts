import type { Engine } from '../engine/engine.js';
import { TimedEngine } from '../engine/timed-engine.js';
import { resample } from '../imaging/resample.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import type { LossTerms, TransferEvaluation } from './objective.js';
import type { Objective, Optimizer } from './optimizers/optimizer.js';
import type { Scale } from './scales.js';
import { TimeEstimate } from './time-estimate.js';

/** How far a picture is: one for each epoch. */
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

/** What came of it. */
export interface TransferResult {
  /** Of the result's size, even if it was stopped at a coarser scale; in [0, 1]. */
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

/** How a picture of a scale lies in what the optimiser changes: with margins, for one. */
export interface Surface {
  place(picture: RgbImage): RgbImage;
  /** The picture of a point, in [0, 1]; the point stays as it is. */
  cutOut(point: Float32Array): RgbImage;
}

/** What is done at one scale. */
export interface ScaleWork {
  readonly surface: Surface;
  /** Of what `surface.place` gives. */
  readonly objective: Objective<TransferEvaluation>;
}

/** What {@link coarseToFine} is to do. */
export interface CoarseToFinePlan {
  /** One at least; the result has the size of the last. */
  readonly scales: readonly Scale[];
  /** The picture to begin with, of a scale's size. */
  readonly start: (scale: Scale) => RgbImage;
  /** The work of a scale; waiting for this engine is accounted for. */
  readonly work: (engine: Engine, scale: Scale) => Promise<ScaleWork>;
  readonly optimizer: (objective: Objective<TransferEvaluation>, start: Float32Array) => Optimizer<TransferEvaluation>;
  /** Takes a picture from a scale to the next. Default: {@link resample}. */
  readonly resize?: (picture: RgbImage, width: number, height: number) => RgbImage;
  /** What is done to the picture in the end, at the size of the result. Default: nothing. */
  readonly finish?: (picture: RgbImage) => RgbImage;
  /** What is to be seen of a picture, in progress and result. Default: the picture itself. */
  readonly shown?: (picture: RgbImage) => RgbImage;
  /** Whether a scale may end before its epochs are over. Default: when the optimiser finds nothing better. */
  readonly isEnough?: (loss: LossTerms) => boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Optimises the pixels of a picture from coarse to fine: at each scale from the result of the one before, enlarged.
 *
 * @returns a generator that yields after every epoch and returns the result. While nobody iterates, nothing runs.
 * @throws what the plan's functions throw; RangeError without any scale.
 */
export async function* coarseToFine(
  engine: Engine,
  {
    scales,
    start,
    work,
    optimizer,
    resize = resample,
    finish = itself,
    shown = itself,
    isEnough = () => false,
    signal,
  }: CoarseToFinePlan,
): AsyncGenerator<TransferProgress, TransferResult> {
  const finest = scales.at(-1);
  if (!finest) throw new RangeError('Expected at least one scale, got none');
  const begin = performance.now();
  const timed = new TimedEngine(engine);
  const estimate = new TimeEstimate(scales);
  const epochs = scales.reduce((sum, scale) => sum + scale.epochs, 0);
  let picture: RgbImage | undefined;
  let loss: LossTerms | undefined;
  /** Epochs that earlier scales and this one were given, up to now. */
  let epoch = 0;
  let steps = 0;
  let evaluations = 0;

  for (const [index, scale] of scales.entries()) {
    if (signal?.aborted) break;
    const { width, height } = scale;
    picture = picture ? resize(picture, width, height) : start(scale);
    if (scale.epochs === 0) continue;

    const { surface, objective } = await work(timed, scale);
    const counted: typeof objective = (point) => {
      signal?.throwIfAborted();
      evaluations++;
      return estimate.measure(index, () => objective(point));
    };
    const painter = optimizer(counted, surface.place(picture).data);
    const currentPicture = () => surface.cutOut(painter.best.point);

    for (let left = scale.epochs - 1; left >= 0; left--) {
      const step = await unlessAborted(painter.step(), signal);
      if (!step) break;
      epoch++;
      steps++;
      estimate.count(step.evaluations);
      const secondsLeft = estimate.secondsLeft(index, left);
      const place = { scale: index + 1, scales: scales.length, width, height };
      const { terms } = step.evaluation;
      const shownPicture = () => shown(currentPicture());
      yield { ...place, epoch, epochs, loss: terms, evaluations, secondsLeft, picture: shownPicture };
      if (step.outcome === 'converged' || isEnough(terms)) {
        epoch += left;
        break;
      }
    }
    picture = currentPicture();
    loss = painter.best.evaluation?.terms ?? loss;
  }

  return {
    picture: shown(clamped(finish(picture ? resize(picture, finest.width, finest.height) : start(finest)))),
    stopped: signal?.aborted ?? false,
    loss,
    epochs: steps,
    evaluations,
    seconds: (performance.now() - begin) / 1000,
    engineSeconds: timed.seconds,
  };
}

function itself(picture: RgbImage): RgbImage {
  return picture;
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
