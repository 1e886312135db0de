import type { Engine } from '../engine/engine.js';
import { unknownLayer } from '../engine/engine-error.js';
import { TimedEngine } from '../engine/timed-engine.js';
import type { Frames } from '../imaging/gif/writer.js';
import { resample } from '../imaging/resample.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import { TransformationRecorder } from '../imaging/transformation-recorder.js';
import { Canvas } from './canvas.js';
import { coarseToFine } from './coarse-to-fine.js';
import { transferObjective } from './objective.js';
import { Lbfgs } from './optimizers/lbfgs.js';
import { singleScale } from './scales.js';
import { greyNoise } from './start.js';
import { given } from './transfer-options.js';

/** How {@link layerPictures} are made. */
export interface LayerPicturesOptions {
  /** In the order in which they are shown. Default: the first one of each block, as far as the network goes. */
  readonly layers?: readonly string[] | undefined;
  /** The longer side of the pictures, in pixels. Default 256. */
  readonly size?: number | undefined;
  /** Optimiser steps for each layer, at most. Default 150. */
  readonly epochs?: number | undefined;
  /** Of the noise that each begins with. Default 0. */
  readonly seed?: number | undefined;
  /** The longest side of the recorded frames, in pixels. Default 200. */
  readonly frameSide?: number | undefined;
  /** Stops within one evaluation; what there is by then is returned. */
  readonly signal?: AbortSignal | undefined;
}

/** How far layer pictures are: one for each epoch of each layer. */
export interface LayerPicturesProgress {
  readonly layer: string;
  /** From 1 to `layers`. */
  readonly layerIndex: number;
  readonly layers: number;
  /** From 1 to `epochs`, for this layer. */
  readonly epoch: number;
  readonly epochs: number;
  /** mean((F − Fc)²) / mean(Fc²) in this layer. */
  readonly loss: number;
  /** Of the noise. */
  readonly startLoss: number;
  /** Until all layers are done: an estimate. */
  readonly secondsLeft: number;
  /** The picture as it is now. */
  readonly picture: () => RgbImage;
}

/** What one layer sees. */
export interface LayerPicture {
  readonly layer: string;
  /** In [0, 1]. */
  readonly picture: RgbImage;
  /** From the noise to the picture. */
  readonly frames: Frames;
  readonly loss: number;
  readonly startLoss: number;
  readonly epochs: number;
}

/** What came of all layers. */
export interface LayerPicturesResult {
  /** The picture that they look at, in the size of theirs. */
  readonly original: RgbImage;
  /** Without those that were not begun when it was stopped. */
  readonly layers: readonly LayerPicture[];
  readonly stopped: boolean;
  /** Of all layers together. */
  readonly epochs: number;
  readonly evaluations: number;
  readonly seconds: number;
  /** The part of `seconds` that was spent waiting for the engine. */
  readonly engineSeconds: number;
}

/** What {@link layerPictures} does where nothing else is asked for. */
export const layerPicturesDefaults = { size: 256, epochs: 150, seed: 0, frameSide: 200 } as const;

/** The layers that are shown if nobody asks for others: the first of each block, as in figure 1 of Gatys et al. (2016). */
export const usualLayers = ['relu1_1', 'relu2_1', 'relu3_1', 'relu4_1', 'relu5_1'];

/**
 * Weight of the total variation. A deep layer leaves single pixels free, and what the noise had there stays; a little
 * smoothness takes that out without drawing anything, and the layer's own loss falls faster for it. The article has none.
 */
const tvWeight = 0.1;

/** A layer is done once its loss has fallen to this share of its start: from there on nobody sees a difference. */
const enough = 1e-4;

/**
 * What the layers of a network see in a picture: for each one noise whose pixels are optimised until its activations are
 * those of the picture (Mahendran and Vedaldi, "Understanding Deep Image Representations by Inverting Them", CVPR 2015; Gatys
 * et al. 2016, figure 1). Early layers keep nearly each pixel, late ones shapes but not colours. At a single scale: a coarser
 * one would help the late layers to more than they see of the picture at its size.
 *
 * @returns a generator that yields after every epoch and returns the pictures. While nobody iterates, nothing runs.
 * @throws `engine/unknown-layer` for layers that the network lacks; `engine/…`; RangeError for impossible options.
 */
export async function* layerPictures(
  engine: Engine,
  content: RgbImage,
  options: LayerPicturesOptions = {},
): AsyncGenerator<LayerPicturesProgress, LayerPicturesResult> {
  const begin = performance.now();
  const { size, epochs, seed, frameSide, signal } = { ...layerPicturesDefaults, ...given(options) };
  const layers = chosenLayers(engine, options.layers);
  const scale = singleScale(content, { size, epochs });
  const timed = new TimedEngine(engine);
  const canvas = new Canvas(scale);
  const original = resample(content, scale.width, scale.height);
  const noise = greyNoise(scale, seed);
  const pictures: LayerPicture[] = [];
  let [steps, evaluations] = [0, 0];

  for (const [index, layer] of layers.entries()) {
    if (signal?.aborted) break;
    const objective = await layerObjective(timed, canvas, original, layer);
    const startLoss = (await objective(canvas.place(noise).data)).terms.content;
    const recorder = new TransformationRecorder({ content: noise, maxSide: frameSide });
    const growth = coarseToFine(timed, {
      scales: [scale],
      start: () => noise,
      work: async () => ({ surface: canvas, objective }),
      optimizer: (counted, start) => new Lbfgs(counted, start),
      isEnough: ({ content: loss }) => loss < enough * startLoss,
      signal,
    });
    let turn = await growth.next();
    while (!turn.done) {
      const { epoch, loss, secondsLeft, picture } = turn.value;
      recorder.offer(loss.total, picture, 1);
      const secondsAnEpoch = (performance.now() - begin) / 1000 / (steps + epoch);
      yield {
        layer,
        layerIndex: index + 1,
        layers: layers.length,
        epoch,
        epochs,
        loss: loss.content,
        startLoss,
        secondsLeft: secondsLeft + (layers.length - index - 1) * epochs * secondsAnEpoch,
        picture,
      };
      turn = await growth.next();
    }
    const { picture, loss, ...account } = turn.value;
    steps += account.epochs;
    evaluations += account.evaluations;
    // Stopped at its first epoch: that is noise, and nothing that the layer sees.
    if (!loss || account.epochs === 0) break;
    const frames = recorder.frames(picture);
    pictures.push({ layer, picture, frames, loss: loss.content, startLoss, epochs: account.epochs });
  }
  return {
    original,
    layers: pictures,
    stopped: signal?.aborted ?? false,
    epochs: steps,
    evaluations,
    seconds: (performance.now() - begin) / 1000,
    engineSeconds: timed.seconds,
  };
}

/** What to optimise for one layer: its activations alone. */
function layerObjective(engine: Engine, canvas: Canvas, original: RgbImage, layer: string) {
  return transferObjective(engine, canvas, {
    content: canvas.place(original),
    styles: [],
    layers: { content: { [layer]: 1 }, style: {} },
    weights: { content: 1, style: 0, tv: tvWeight },
  });
}

/** Each layer once. @throws `engine/unknown-layer`, RangeError where there is none. */
function chosenLayers({ network }: Engine, asked: readonly string[] | undefined): readonly string[] {
  const layers = [...new Set(asked ?? usualLayers.filter((layer) => network.layers.includes(layer)))];
  if (layers.length === 0) throw new RangeError('Expected at least one layer, got none');
  const unknown = layers.find((layer) => !network.layers.includes(layer));
  if (unknown !== undefined) throw unknownLayer(unknown, network.layers, network.name);
  return layers;
}
