import {
  convolutionsOf,
  layerNames,
  multiplicationsPerPixel,
  type NetworkName,
  parseLayer,
  topologies,
} from '../engine/topology.js';
import type { Region } from '../transfer/area/region.js';
import { strideOf, windowSize } from '../transfer/area/window.js';
import { canvasPixels, canvasSize, evaluationPixels } from '../transfer/margins.js';
import { frameDefaults, motionPixels } from '../transfer/moving/frame-options.js';
import { planScales } from '../transfer/scales.js';
import { defaultLayers, lookedAt, type TransferLayers } from '../transfer/transfer-layers.js';

/** A kind of computation with a speed of its own: looking with a certain network, or arithmetic on pixels alone. */
export type Labour = NetworkName | 'pixels';

/** How much work a task is, apart from decoding and encoding pictures. */
export interface Cost {
  readonly labour: Labour;
  /** Pixels of all epochs together, margins included, in as many as cost {@link typicalNetwork} the same with its usual layers. */
  readonly pixelEpochs: number;
}

/**
 * About how many seconds decoding, encoding and drawing the animation take together. This hardly depends on the machine's speed
 * at networks, nor on the epochs.
 */
export const overheadSeconds = 2;

/** Average number of evaluations that an epoch of L-BFGS takes: some are tried in vain. */
const evaluationsPerEpoch = 1.06;

/** Measured time of a transfer against its evaluations alone: the optimiser and the losses on pixels take the rest. */
const besidesEngine = 1.3;

/** Returns how long an epoch takes for each pixel, where an evaluation takes so many seconds for each. */
export function secondsPerPixelEpoch(secondsPerPixel: number): number {
  return secondsPerPixel * evaluationsPerEpoch * besidesEngine;
}

/** The network that serves as the unit of costs, and that is assumed where a task names none. */
export const typicalNetwork = 'vgg19-lite';

/**
 * How long a multiplication takes in a network, relative to {@link typicalNetwork}: in wide layers Winograd's algorithm needs
 * fewer of them than are counted, and memory is less in the way (docs/performance.md).
 */
const secondsPerMultiplication = {
  'vgg19-lite': 1,
  vgg19: 0.5,
  vgg16: 0.5,
} as const satisfies Record<NetworkName, number>;

/** Cost in `pixelEpochs` of evaluating one pixel of the difference of two pictures, the optimiser's step included. */
export const pixelCost = 0.2;

/**
 * Returns what one pixel costs when a network evaluates it, relative to {@link typicalNetwork} with its usual layers.
 * @param layers - those that are looked at; deeper ones are not computed. Default: those that transfers usually look at.
 */
export function networkCost(network: NetworkName, layers = usualLayers(network)): number {
  return workPerPixel(network, layers) / workPerPixel(typicalNetwork, usualLayers(typicalNetwork));
}

function workPerPixel(network: NetworkName, layers: readonly string[]): number {
  const deepest = layersOf(network).findLast((layer) => layers.includes(layer));
  const upTo = deepest && parseLayer(deepest).convolution;
  return secondsPerMultiplication[network] * multiplicationsPerPixel(topologies[network], upTo);
}

/** Returns the layers that a transfer looks at which names some, or none. */
function usualLayers(network: NetworkName, named: Partial<TransferLayers> = {}): readonly string[] {
  return lookedAt({ ...defaultLayers({ name: network, layers: layersOf(network) }), ...named });
}

/** Returns the names of a network's layers, in order. */
export function layersOf(network: NetworkName): readonly string[] {
  return layerNames(convolutionsOf(topologies[network]));
}

/** Returns the cost of painting a square from coarse to fine; a picture's shape isn't known before it is decoded. */
export function transferCost(
  network: NetworkName,
  plan: {
    readonly size: number;
    readonly epochs: number;
    readonly scaleEpochs?: readonly number[] | undefined;
    /** The boxes that are styled. Default: everything is. */
    readonly regions?: readonly Region[] | undefined;
    /** The layers by which content and style are compared. Default: the usual ones. */
    readonly layers?: Partial<TransferLayers> | undefined;
  },
): Cost {
  const layers = usualLayers(network, plan.layers);
  const stride = strideOf(layers);
  const scales = planScales({ width: plan.size, height: plan.size }, plan);
  const pixelEpochs = scales.reduce((sum, scale) => {
    return sum + canvasPixels(windowSize(canvasSize(scale), plan.regions, stride)) * scale.epochs;
  }, 0);
  return { labour: network, pixelEpochs: networkCost(network, layers) * pixelEpochs };
}

/**
 * Epochs' worth of pixels that finding a frame's motion costs, and what is to be expected of it, and keeping it: at least so
 * many were measured at 256 pixels, and more the more threads evaluate, since this has one. Pixels beyond where motion is
 * found cost next to nothing.
 */
const epochsForMotion = 4;

/** Returns the cost of painting a frame that follows another one, as a square. */
export function nextFrameCost(network: NetworkName, size: number): Cost {
  const pixels = evaluationPixels({ width: size, height: size });
  return {
    labour: network,
    pixelEpochs: networkCost(network) * pixels * frameDefaults.frameEpochs + motionPixels(size) * epochsForMotion,
  };
}
