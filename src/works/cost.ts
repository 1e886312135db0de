import { multiplicationsPerPixel, type NetworkName, topologies } from '../engine/topology.js';
import { planScales } from '../transfer/scales.js';

/** What a machine can be fast or slow at: looking with a network, or arithmetic on pixels without any. */
export type Labour = NetworkName | 'pixels';

/** How much work a task is, apart from decoding and encoding pictures. */
export interface Cost {
  readonly labour: Labour;
  /** Pixels that are looked at, summed over all epochs, in terms of {@link typicalNetwork}. */
  readonly pixelEpochs: number;
}

/** The network that costs are compared with, and that looks if a task names none. */
export const typicalNetwork = 'vgg19-lite';

/** The deepest layer that a transfer usually looks at; a network's deeper ones are not computed. */
const deepestConvolution = '5_1';

/** What an evaluation of the difference of two pictures costs per pixel, with the optimiser's step. */
export const pixelCost = 0.15;

/**
 * What an evaluation by a network costs per pixel, in evaluations by the typical network.
 * @param upTo - the last convolution that is computed.
 */
export function networkCost(network: NetworkName, upTo = deepestConvolution): number {
  return (
    multiplicationsPerPixel(topologies[network], upTo) /
    multiplicationsPerPixel(topologies[typicalNetwork], deepestConvolution)
  );
}

/** The work of painting a square from coarse to fine; what shape a picture has isn't known before it is decoded. */
export function transferCost(
  network: NetworkName,
  plan: { readonly size: number; readonly epochs: number; readonly scaleEpochs?: readonly number[] | undefined },
): Cost {
  const scales = planScales({ width: plan.size, height: plan.size }, plan);
  const pixelEpochs = scales.reduce((sum, { width, height, epochs }) => sum + width * height * epochs, 0);
  return { labour: network, pixelEpochs: networkCost(network) * pixelEpochs };
}
