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

/** The options of {@link layerPictures}. */
export interface LayerPicturesOptions {
  /** The layers, in the order in which they are shown. Default: those of {@link usualLayers} that the network has. */
  readonly layers?: readonly string[] | undefined;
  /** The longer side of the pictures, in pixels. Default 256. */
  readonly size?: number | undefined;
  /** The most optimiser steps for each layer. Default 150. */
  readonly epochs?: number | undefined;
  /** Seed of the noise that each picture begins with. Default 0. */
  readonly seed?: number | undefined;
  /** The longest side of the recorded frames, in pixels. Default 200. */
  readonly frameSide?: number | undefined;
  /** Stops the work within one evaluation; the pictures so far are returned. */
  readonly signal?: AbortSignal | undefined;
}

/** The progress of layer pictures, which is reported once for each epoch of each layer. */
export interface LayerPicturesProgress {
  readonly layer: string;
  /** Number of the layer, from 1 to `layers`. */
  readonly layerIndex: number;
  readonly layers: number;
  /** Number of this layer's epoch, from 1 to `epochs`. */
  readonly epoch: number;
  readonly epochs: number;
  /** The relative error of this layer's activations, mean((F − Fc)²) / mean(Fc²). */
  readonly loss: number;
  /** The loss of the noise, before the first epoch. */
  readonly startLoss: number;
  /** Estimated seconds until all layers are done. */
  readonly secondsLeft: number;
  /** Returns the picture as it is now. */
  readonly picture: () => RgbImage;
}

/** The picture that shows what one layer sees. */
export interface LayerPicture {
  readonly layer: string;
  /** The picture in RGB in [0, 1]. */
  readonly picture: RgbImage;
  /** Frames of an animation from the noise to the picture. */
  readonly frames: Frames;
  readonly loss: number;
  readonly startLoss: number;
  readonly epochs: number;
}

/** The result of {@link layerPictures}. */
export interface LayerPicturesResult {
  /** The picture that the layers look at, in the size of the layers' pictures. */
  readonly original: RgbImage;
  /** The layers' pictures, without those that were not begun when the work was stopped. */
  readonly layers: readonly LayerPicture[];
  readonly stopped: boolean;
  /** Epochs of all layers together. */
  readonly epochs: number;
  readonly evaluations: number;
  readonly seconds: number;
  /** Part of `seconds` that was spent waiting for the engine. */
  readonly engineSeconds: number;
}

/** The defaults of {@link LayerPicturesOptions}. */
export const layerPicturesDefaults = { size: 256, epochs: 150, seed: 0, frameSide: 200 } as const;

/** The default layers, which are the first ones of each block, as in figure 1 of Gatys et al. (2016). */
export const usualLayers = ['relu1_1', 'relu2_1', 'relu3_1', 'relu4_1', 'relu5_1'];

/**
 * Weight of the total variation. Deep layers leave single pixels free, where the noise would stay; a little smoothness
 * takes it out without drawing anything, and makes the layer's own loss fall faster. The article has no such term.
 */
const tvWeight = 0.1;

/** A layer is done once its loss has fallen to this share of the noise's: from there on nobody sees a difference. */
const enough = 1e-4;

/**
 * Shows what the layers of a network see in a picture: for each layer, the pixels of noise are optimised until the
 * layer's activations are those of the picture (Mahendran and Vedaldi, "Understanding Deep Image Representations by
 * Inverting Them", CVPR 2015; Gatys et al. 2016, figure 1). Early layers keep nearly each pixel, late ones shapes but
 * not colours. There is one scale only: a coarser one would help late layers to more than they see at this size.
 *
 * @returns a generator that yields after every epoch and returns the pictures. While nobody iterates, nothing runs.
 * @throws `engine/unknown-layer` for layers that the network lacks; other `engine/…` where the engine fails; RangeError
 *   for impossible options.
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
    // A picture that was stopped in its first epoch is noise, and shows nothing that the layer sees.
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

/** Makes the objective for one layer, which compares its activations alone. */
function layerObjective(engine: Engine, canvas: Canvas, original: RgbImage, layer: string) {
  return transferObjective(engine, canvas, {
    content: canvas.place(original),
    styles: [],
    layers: { content: { [layer]: 1 }, style: {} },
    weights: { content: 1, style: 0, pixels: 0, tv: tvWeight },
  });
}

/**
 * Returns the layers that are shown, each once.
 * @param asked - undefined: the usual ones, as far as the network has them.
 * @throws `engine/unknown-layer` for layers that the network lacks; RangeError where there is no layer.
 */
export function chosenLayers(
  { network }: Pick<Engine, 'network'>,
  asked: readonly string[] | undefined,
): readonly string[] {
  const layers = [...new Set(asked ?? usualLayers.filter((layer) => network.layers.includes(layer)))];
  if (layers.length === 0) throw new RangeError('Expected at least one layer, got none');
  const unknown = layers.find((layer) => !network.layers.includes(layer));
  if (unknown !== undefined) throw unknownLayer(unknown, network.layers, network.name);
  return layers;
}
