import { z } from 'zod';
import { chosenLayers, type LayerPicture, layerPictures, usualLayers } from '../transfer/layer-pictures.js';
import { layerSheet, layerSheetFrames, layerSheetSize } from '../transfer/layer-sheet.js';
import { evaluationPixels } from '../transfer/margins.js';
import { fitToLongerSide } from '../transfer/scales.js';
import { networkCost, pixelCost, typicalNetwork } from './cost.js';
import { decodeInput } from './decode-input.js';
import { requireMemory } from './require-memory.js';
import { runToEnd } from './run-to-end.js';
import { engineNeeds, type Inputs, type NetworkPainting, type PerformOptions, type Work } from './work.js';

const schema = z
  .object({
    kind: z.literal('layers'),
    ...engineNeeds,
    /** Names of the layers that are shown; undefined: the usual ones, as far as the network has them. */
    layers: z.array(z.string()).min(1).readonly().optional(),
    /** The longer side of each layer's picture, in pixels. */
    size: z.number(),
    /** Largest number of optimiser steps for each layer. */
    epochs: z.number(),
    seed: z.number().optional(),
  })
  .readonly();

/** A task that shows what is left of a picture in single layers of a network, on one sheet. */
export type LayersTask = z.infer<typeof schema>;

interface LayersPainting extends NetworkPainting {
  /** Width of each picture on the sheet, in pixels; `height` likewise. */
  readonly width: number;
  readonly height: number;
  readonly layers: readonly Pick<LayerPicture, 'layer' | 'loss' | 'startLoss' | 'epochs'>[];
}

export const layersWork = {
  schema,
  inputsOf: () => ['content'],
  sizeOf: ({ size }) => size,
  withSize: (task, size) => ({ ...task, size }),
  costOf: ({ network = typicalNetwork, layers = usualLayers, size, epochs }) => ({
    labour: network,
    // The network is computed only up to the layer. The optimiser's steps count, too: the first layers cost no more.
    pixelEpochs: layers.reduce((sum, layer) => {
      const cost = networkCost(network, [layer]) + pixelCost;
      return sum + cost * evaluationPixels({ width: size, height: size }) * epochs;
    }, 0),
  }),
  perform,
} as const satisfies Work<LayersTask, LayersPainting>;

async function perform(
  { network, pooling, layers: asked, size, epochs, seed }: LayersTask,
  inputs: Inputs,
  { engineFor, animated, memoryBytes, requireWritable = () => {}, signal, onProgress }: PerformOptions,
): Promise<LayersPainting> {
  const content = await decodeInput(inputs, 'content', 2 * size);
  const engine = await engineFor({ network, pooling });
  const tile = fitToLongerSide(content, size);
  requireWritable(layerSheetSize(chosenLayers(engine, asked), tile));
  requireMemory(engine, tile, memoryBytes);
  const growing = layerPictures(engine, content, { layers: asked, size, epochs, seed, signal });
  const result = await runToEnd(growing, (progress) => {
    const { layer, layerIndex, layers, epoch, loss, secondsLeft, picture } = progress;
    return onProgress?.({
      epoch: (layerIndex - 1) * epochs + epoch,
      epochs: layers * epochs,
      at: { kind: 'layer', layer, number: layerIndex, layers },
      loss,
      secondsLeft,
      picture,
    });
  });
  return {
    picture: layerSheet(result),
    frames: animated ? layerSheetFrames(result) : undefined,
    epochs: result.epochs,
    evaluations: result.evaluations,
    stopped: result.stopped,
    network: engine.network.name,
    engine: engine.name,
    engineSeconds: result.engineSeconds,
    width: result.original.width,
    height: result.original.height,
    layers: result.layers.map(({ layer, loss, startLoss, epochs }) => ({ layer, loss, startLoss, epochs })),
  };
}
