import type { Engine } from '../engine/engine.js';
import { isOutOfMemory } from '../engine/engine-error.js';
import { TimedEngine } from '../engine/timed-engine.js';
import { resized } from '../imaging/resample.js';
import { clamped, type RgbImage } from '../imaging/rgb-image.js';
import type { LossTerms, TransferEvaluation } from './objective.js';
import type { Objective, Optimizer } from './optimizers/optimizer.js';
import { fitToLongerSide, type Scale, smallerSide } from './scales.js';
import { TimeEstimate } from './time-estimate.js';

/** The progress of a picture, which is reported once for each epoch. */
export interface TransferProgress {
  /** Number of the scale, from 1 to `scales`. */
  readonly scale: number;
  readonly scales: number;
  /** Width of the picture at this scale, in pixels. */
  readonly width: number;
  /** Height of the picture at this scale, in pixels. */
  readonly height: number;
  /** Number of the epoch, from 1 to `epochs`, over all scales. */
  readonly epoch: number;
  readonly epochs: number;
  /** The loss, which can be compared within one scale only: at a new scale the picture is seen anew. */
  readonly loss: LossTerms;
  /** Number of evaluations of loss and gradient so far. */
  readonly evaluations: number;
  /** Seconds until the picture is finished, estimated from the evaluations so far. */
  readonly secondsLeft: number;
  /** Returns the picture as it is now, at this scale's size. */
  readonly picture: () => RgbImage;
}

/** How far a transfer came that failed on its way from coarse to fine. */
export interface Shortfall {
  /** The longer sides that were asked for and that were painted, in pixels. They are the same if only epochs lack. */
  readonly asked: number;
  readonly made: number;
  /** The error of the scale that failed. */
  readonly error: unknown;
}

/** The result of {@link coarseToFine}. */
export interface TransferResult {
  /**
   * The picture in [0, 1], at the size of the finest scale even if it was stopped at a coarser one; where there is a
   * `shortfall`, at the size that was painted.
   */
  readonly picture: RgbImage;
  /** What is lacking because a scale failed; undefined if none did. */
  readonly shortfall: Shortfall | undefined;
  /** Whether `signal` stopped the transfer early. */
  readonly stopped: boolean;
  /** The loss at the best point; undefined where the transfer was stopped before anything was evaluated. */
  readonly loss: LossTerms | undefined;
  readonly epochs: number;
  /** The steps that were made at each of the plan's scales, up to the last one in the picture's size. */
  readonly scaleEpochs: readonly number[];
  readonly evaluations: number;
  readonly seconds: number;
  /** Part of `seconds` that was spent waiting for the engine. */
  readonly engineSeconds: number;
}

/** A surface converts between a scale's picture and the point that the optimiser changes, which may have margins. */
export interface Surface {
  /** Puts a picture onto the surface: the data of the result are a point. */
  place(picture: RgbImage): RgbImage;
  /** Returns the picture of a point, in [0, 1], without changing the point. */
  cutOut(point: Float32Array): RgbImage;
}

/** The work at one scale. */
export interface ScaleWork {
  readonly surface: Surface;
  /** The function to minimise, of the points that `surface.place` gives. */
  readonly objective: Objective<TransferEvaluation>;
}

/** The plan that {@link coarseToFine} follows. */
export interface CoarseToFinePlan {
  /** At least one scale; the result has the size of the last one. */
  readonly scales: readonly Scale[];
  /** Returns the picture to begin with, in the scale's size. */
  readonly start: (scale: Scale) => RgbImage;
  /**
   * Returns the work of a scale, which must use the given engine: it counts the seconds that are spent waiting for it.
   */
  readonly work: (engine: Engine, scale: Scale) => Promise<ScaleWork>;
  readonly optimizer: (objective: Objective<TransferEvaluation>, start: Float32Array) => Optimizer<TransferEvaluation>;
  /** Resizes a picture from one scale to the next. Default: {@link resized}. */
  readonly resize?: (picture: RgbImage, width: number, height: number) => RgbImage;
  /** Finishes the picture in the end, at the size of the result. Default: it stays as it is. */
  readonly finish?: (picture: RgbImage) => RgbImage;
  /** Returns the picture to show for a painted one, in progress and result. Default: the painted one itself. */
  readonly shown?: (picture: RgbImage) => RgbImage;
  /** Tells whether a scale ends early. It always does when the optimiser finds nothing better. Default: only then. */
  readonly isEnough?: (loss: LossTerms) => boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Optimises the pixels of a picture from coarse to fine. Each scale begins with the enlarged result of the one before.
 * What was painted is not thrown away: a scale that there is no memory for is painted smaller, and if that fails, or
 * another failure ends a scale, the result is the picture as it was by then, with a {@link Shortfall}.
 *
 * @returns a generator that yields after every epoch and returns the result. While nobody iterates, nothing runs.
 * @throws the errors of the plan's functions as long as no epoch was made; RangeError where there is no scale.
 */
export async function* coarseToFine(
  engine: Engine,
  {
    scales,
    start,
    work,
    optimizer,
    resize = resized,
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
  /** The last scale with an epoch. */
  let painted: Scale | undefined;
  /** Epochs so far, including those that were skipped by scales that ended early. */
  let epoch = 0;
  const steps = scales.map(() => 0);
  let evaluations = 0;
  let failure: { readonly error: unknown } | undefined;

  /** Paints a scale that takes the place of the planned one with that index. */
  async function* paint(scale: Scale, index: number): AsyncGenerator<TransferProgress, void> {
    const { width, height } = scale;
    await timed.makeRoomFor(scale, finest);
    const beginning = () => (picture ? resize(picture, width, height) : start(scale));
    if (scale.epochs === 0) {
      picture = beginning();
      return;
    }
    const { surface, objective } = await work(timed, scale);
    const counted: typeof objective = (point) => {
      signal?.throwIfAborted();
      evaluations++;
      return estimate.measure(index, () => objective(point));
    };
    // A generator holds all that it ever had in hand: what the optimiser copies is made in a function, and gone with it.
    const openPainter = () => optimizer(counted, surface.place(beginning()).data);
    const painter = openPainter();
    const currentPicture = () => surface.cutOut(painter.best.point);
    const latest = new LatestPicture(currentPicture);
    const keep = () => {
      picture = currentPicture();
      latest.settle(picture);
      loss = painter.best.evaluation?.terms ?? loss;
    };
    try {
      for (let left = scale.epochs - 1; left >= 0; left--) {
        const step = await estimate.measureEpoch(() => unlessAborted(painter.step(), signal));
        if (!step) break;
        epoch++;
        steps[index] = (steps[index] ?? 0) + 1;
        painted = scale;
        const secondsLeft = estimate.secondsLeft(index, left);
        const { terms } = step.evaluation;
        yield {
          scale: index + 1,
          scales: scales.length,
          width,
          height,
          epoch,
          epochs,
          loss: terms,
          evaluations,
          secondsLeft,
          picture: latest.as(shown),
        };
        if (step.outcome === 'converged' || isEnough(terms)) {
          epoch += left;
          break;
        }
      }
    } catch (error) {
      // The best point stands after a failure, but without an epoch it is no better than what was there before.
      if (painted === scale) keep();
      throw error;
    }
    keep();
  }

  for (const [index, scale] of scales.entries()) {
    if (signal?.aborted || failure) break;
    try {
      yield* paint(scale, index);
    } catch (error) {
      if (!painted) throw error;
      failure = { error };
    }
    const smaller = { ...fitToLongerSide(scale, smallerSide(longerSide(scale))), epochs: scale.epochs };
    if (isOutOfMemory(failure?.error) && painted && longerSide(smaller) > longerSide(painted)) {
      try {
        yield* paint(smaller, index);
      } catch {
        // There is no memory for this size either: the coarser picture stands.
      }
    }
  }

  const { width, height } = failure ? (painted ?? finest) : finest;
  // Nobody needs the last scale's optimiser any more.
  await timed.makeRoomFor(finest);
  return {
    picture: shown(clamped(finish(picture ? resize(picture, width, height) : start(finest)))),
    shortfall: failure && { asked: longerSide(finest), made: Math.max(width, height), error: failure.error },
    stopped: signal?.aborted ?? false,
    loss,
    epochs: steps.reduce((sum, count) => sum + count, 0),
    scaleEpochs: failure ? steps.slice(0, steps.findLastIndex((count) => count > 0) + 1) : steps,
    evaluations,
    seconds: (performance.now() - begin) / 1000,
    engineSeconds: timed.seconds,
  };
}

/**
 * The picture of a scale as it is. Whoever hears of progress may hold it while the next scale is painted, and must not hold the
 * scale's optimiser by that: it is let go once the scale is done.
 */
class LatestPicture {
  #make: () => RgbImage;

  constructor(make: () => RgbImage) {
    this.#make = make;
  }

  /** Returns a function that makes the picture as it is shown. */
  as(shown: (picture: RgbImage) => RgbImage): () => RgbImage {
    return () => shown(this.#make());
  }

  /** Hears what the picture came to. */
  settle(picture: RgbImage): void {
    this.#make = () => picture;
  }
}

function longerSide({ width, height }: Scale): number {
  return Math.max(width, height);
}

function itself(picture: RgbImage): RgbImage {
  return picture;
}

/** Waits for a promise and returns its value, or undefined where it failed because of the signal. */
async function unlessAborted<Result>(promise: Promise<Result>, signal: AbortSignal | undefined) {
  try {
    return await promise;
  } catch (error) {
    if (signal?.aborted) return undefined;
    throw error;
  }
}
