import { multiplicationsPerPixel, type NetworkName, topologies } from '../engine/topology.js';
import type { Region } from '../transfer/area/region.js';
import { windowSize } from '../transfer/area/window-size.js';
import { canvasPixels, canvasSize, evaluationPixels } from '../transfer/margins.js';
import { frameDefaults, motionPixels } from '../transfer/moving/frame-options.js';
import { planScales } from '../transfer/scales.js';

/** A kind of computation with a speed of its own: looking with a certain network, or arithmetic on pixels alone. */
export type Labour = NetworkName | 'pixels';

/** How much work a task is, apart from decoding and encoding pictures. */
export interface Cost {
  readonly labour: Labour;
  /** Pixels of all epochs together, margins included, in as many as cost {@link typicalNetwork} the same. */
  readonly pixelEpochs: number;
}

/** Average number of evaluations that an epoch of L-BFGS takes: some are tried in vain. */
const evaluationsPerEpoch = 1.06;

/** Measured time of a transfer against its evaluations alone: the optimiser and the losses on pixels take the rest. */
const besidesEngine = 1.2;

/** Returns how long an epoch takes for each pixel, where an evaluation takes so many seconds for each. */
export function secondsPerPixelEpoch(secondsPerPixel: number): number {
  return secondsPerPixel * evaluationsPerEpoch * besidesEngine;
}

/** The network that serves as the unit of costs, and that is assumed where a task names none. */
export const typicalNetwork = 'vgg19-lite';

/** The deepest convolution that a style transfer usually needs; a network's deeper ones are not computed. */
const deepestConvolution = '5_1';

/** Cost in `pixelEpochs` of evaluating one pixel of the difference of two pictures, the optimiser's step included. */
export const pixelCost = 0.15;

/**
 * Returns what one pixel costs when a network evaluates it, relative to {@link typicalNetwork}.
 * @param upTo - the last convolution that is computed.
 */
export function networkCost(network: NetworkName, upTo = deepestConvolution): number {
  return (
    multiplicationsPerPixel(topologies[network], upTo) /
    multiplicationsPerPixel(topologies[typicalNetwork], deepestConvolution)
  );
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
  },
): Cost {
  const scales = planScales({ width: plan.size, height: plan.size }, plan);
  const pixelEpochs = scales.reduce((sum, scale) => {
    return sum + canvasPixels(windowSize(canvasSize(scale), plan.regions)) * scale.epochs;
  }, 0);
  return { labour: network, pixelEpochs: networkCost(network) * pixelEpochs };
}

/**
 * Epochs' worth of pixels that finding a frame's motion costs, and keeping it, as measured at 256 pixels; those beyond
 * where motion is found cost next to nothing.
 */
const epochsForMotion = 3;

/** Returns the cost of painting a frame that follows another one, as a square. */
export function nextFrameCost(network: NetworkName, size: number): Cost {
  const pixels = evaluationPixels({ width: size, height: size });
  return {
    labour: network,
    pixelEpochs: networkCost(network) * pixels * frameDefaults.frameEpochs + motionPixels(size) * epochsForMotion,
  };
}
