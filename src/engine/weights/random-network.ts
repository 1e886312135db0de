import { normalNumbers } from '../../random-numbers.js';
import { unknownLayer } from '../engine-error.js';
import {
  type Convolution,
  convolutionsOf,
  layerNames,
  type NetworkName,
  type Pooling,
  parseLayer,
  type Topology,
  topologyOf,
} from '../topology.js';
import { assembleNetwork, type Network } from './network.js';
import { type PreprocessingName, preprocessings } from './preprocessing.js';

/** The options of {@link randomNetwork}. */
export interface RandomNetworkOptions {
  /** The last layer that is needed, such as 'relu3_1': the network ends with its convolution. Default: all layers. */
  readonly upTo?: string | undefined;
  /** The pooling between blocks. Default: 'average' for vgg19-lite, as it was trained, 'max' for everything else. */
  readonly pooling?: Pooling | undefined;
  /** The preprocessing. Default: 'caffe-bgr', which is VGG19's. */
  readonly preprocessing?: PreprocessingName | undefined;
}

/** Standard deviation of an ordinary picture's values in [0, 1]: about 60 of 255. */
const imageSpread = 0.24;

/** Standard deviation of biases: not 0 as in He et al., so that a forgotten bias shows; activations are about 1. */
const biasSpread = 0.1;

/**
 * Makes a network with random weights, for benchmarks and tests: the time that a network takes does not depend on its
 * weights, and gradients must be right for any weights. He initialisation ("Delving Deep into Rectifiers", He et al.
 * 2015) keeps activations near 1 in every layer.
 * @param architecture - a known network's name, or the output channels of every convolution by block: [[4, 5], [6]].
 * @param seed - a whole number; the same seed gives the same weights everywhere.
 * @throws `engine/unknown-network`, `engine/wrong-topology` for impossible blocks, `engine/unknown-layer` for `upTo`.
 */
export function randomNetwork(
  architecture: NetworkName | Topology['blocks'],
  seed: number,
  { upTo, pooling, preprocessing = 'caffe-bgr' }: RandomNetworkOptions = {},
): Network {
  const topology: Topology =
    typeof architecture === 'string' ? topologyOf(architecture) : { name: 'custom', blocks: architecture };
  const normal = normalNumbers(seed);
  const inputScale = (preprocessings[preprocessing][0]?.scale ?? 1) * imageSpread;
  const convolutions = truncate(convolutionsOf(topology), upTo, topology.name).map((convolution, index) => {
    const { inputChannels, outputChannels } = convolution;
    const spread = Math.sqrt(2 / (inputChannels * 9)) / (index === 0 ? inputScale : 1);
    return {
      ...convolution,
      kernel: Float32Array.from({ length: outputChannels * inputChannels * 9 }, () => normal() * spread),
      bias: Float32Array.from({ length: outputChannels }, () => normal() * biasSpread),
    };
  });
  return assembleNetwork({
    name: `random-${topology.name}`,
    pooling: pooling ?? (topology.name === 'vgg19-lite' ? 'average' : 'max'),
    preprocessing,
    licence: 'none needed: random numbers',
    convolutions,
  });
}

function truncate(
  convolutions: readonly Convolution[],
  upTo: string | undefined,
  network: string,
): readonly Convolution[] {
  if (upTo === undefined) return convolutions;
  const { convolution: last } = parseLayer(upTo);
  const index = convolutions.findIndex(({ name }) => name === last);
  if (index < 0) throw unknownLayer(upTo, layerNames(convolutions), network);
  return convolutions.slice(0, index + 1);
}
