import type { CodedError } from '../coded-error.js';
import { engineError, unknownLayer } from './engine-error.js';

/**
 * The networks, described as data. All are of the VGG family ("Very Deep Convolutional Networks for Large-Scale Image
 * Recognition", Simonyan and Zisserman 2015): 3×3 convolutions of stride 1 with a zero padding of 1, each followed by a
 * ReLU, in blocks with a 2×2 pooling of stride 2 between them. The fully connected layers are left out: style transfer
 * asks for none of them, and without them pictures of any size go in.
 */

/** The poolings between blocks. VGG was trained with 'max'; with 'average', Gatys et al. got smoother pictures. */
export const poolings = ['max', 'average'] as const;
export type Pooling = (typeof poolings)[number];

/** The names of the networks whose weights come with the program or can be downloaded. */
export const networkNames = ['vgg19', 'vgg16', 'vgg19-lite'] as const;
export type NetworkName = (typeof networkNames)[number];

/** The shape of a network: for each block, the output channels of its convolutions. The picture has three channels. */
export interface Topology {
  readonly name: string;
  readonly blocks: readonly (readonly number[])[];
}

/** A 3×3 convolution and the ReLU after it: '3_2' is the second in block 3 and has the layers conv3_2 and relu3_2. */
export interface Convolution {
  readonly name: string;
  /** Number of the block, from 1. A pooling precedes the first convolution of every block but block 1. */
  readonly block: number;
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** Input pixels that one position covers along a side, 2^(block − 1): each pooling halves sides, rounding down. */
  readonly downsampling: number;
}

/** The kinds of layers: 'conv' is the value before the ReLU, 'relu' the value after it. */
export type LayerKind = 'conv' | 'relu';

/** A layer's name taken apart: 'relu3_2' is convolution '3_2', kind 'relu'. */
export interface Layer {
  readonly convolution: string;
  /** Number of the convolution's block, from 1. */
  readonly block: number;
  readonly kind: LayerKind;
}

/** Number of channels of a network's input, an RGB picture. */
export const imageChannels = 3;

/** The topologies of all known networks, by name. */
export const topologies: Readonly<Record<NetworkName, Topology & { readonly name: NetworkName }>> = {
  vgg19: {
    name: 'vgg19',
    blocks: [
      [64, 64],
      [128, 128],
      [256, 256, 256, 256],
      [512, 512, 512, 512],
      [512, 512, 512, 512],
    ],
  },
  vgg16: {
    name: 'vgg16',
    blocks: [
      [64, 64],
      [128, 128],
      [256, 256, 256],
      [512, 512, 512],
      [512, 512, 512],
    ],
  },
  // VGG19-lite has a quarter of VGG19's channels, and is no deeper than style transfer looks.
  'vgg19-lite': {
    name: 'vgg19-lite',
    blocks: [[16, 16], [32, 32], [64, 64, 64, 64], [128, 128, 128, 128], [128]],
  },
};

/** The networks' names in texts for people. */
export const networkTitles: Readonly<Record<NetworkName, string>> = {
  vgg19: 'VGG19',
  vgg16: 'VGG16',
  'vgg19-lite': 'VGG19-lite',
};

/** Whether a word from outside (a setting, a file's metadata) names a known network. */
export function isNetworkName(name: string): name is NetworkName {
  return networkNames.some((known) => known === name);
}

/** Whether a word from outside names a kind of pooling. */
export function isPooling(name: string): name is Pooling {
  return poolings.some((known) => known === name);
}

/**
 * Returns the topology of the network of that name.
 * @throws `engine/unknown-network` that lists the known networks.
 */
export function topologyOf(name: string): Topology & { readonly name: NetworkName } {
  if (!isNetworkName(name)) {
    const available = networkNames.join(', ');
    const message = `There is no network "${name}". Choose from ${available}.`;
    throw engineError('unknown-network', message, { network: name, available });
  }
  return topologies[name];
}

/**
 * Returns a topology's convolutions, in the order in which a picture goes through them.
 * @throws `engine/wrong-topology` where no block is there, one is empty, or channels are no whole number from 1 up.
 */
export function convolutionsOf(topology: Topology): readonly Convolution[] {
  const convolutions: Convolution[] = [];
  let inputChannels = imageChannels;
  for (const [index, channels] of topology.blocks.entries()) {
    const block = index + 1;
    if (channels.length === 0) throw wrongTopology(topology, `block ${block} has no convolution`);
    for (const [position, outputChannels] of channels.entries()) {
      const name = `${block}_${position + 1}`;
      if (!Number.isSafeInteger(outputChannels) || outputChannels < 1) {
        throw wrongTopology(topology, `convolution ${name} has ${outputChannels} channels`);
      }
      convolutions.push({ name, block, inputChannels, outputChannels, downsampling: 2 ** index });
      inputChannels = outputChannels;
    }
  }
  if (convolutions.length === 0) throw wrongTopology(topology, 'there is no block');
  return convolutions;
}

/**
 * Returns the work of a network's forward pass, in multiplications per pixel of the picture.
 * @param upTo - the last convolution that is computed, such as '5_1'. If there is none of that name, all are computed.
 */
export function multiplicationsPerPixel(topology: Topology, upTo?: string): number {
  const convolutions = convolutionsOf(topology);
  const end = convolutions.findIndex(({ name }) => name === upTo);
  return convolutions
    .slice(0, end < 0 ? undefined : end + 1)
    .reduce((sum, { inputChannels, outputChannels, downsampling }) => {
      return sum + (9 * inputChannels * outputChannels) / downsampling ** 2;
    }, 0);
}

function wrongTopology(topology: Topology, problem: string): CodedError {
  return engineError(
    'wrong-topology',
    `"${topology.name}" is no network: ${problem}. Give at least one block, each a list of channel counts from 1 up.`,
    { network: topology.name },
  );
}

/** Returns the names of the layers that these convolutions have, in order: conv1_1, relu1_1, conv1_2, … */
export function layerNames(convolutions: readonly { readonly name: string }[]): readonly string[] {
  return convolutions.flatMap(({ name }) => [`conv${name}`, `relu${name}`]);
}

/**
 * Takes a layer's name apart: 'relu3_2' → { convolution: '3_2', kind: 'relu' }. A network need not have that layer.
 * @throws `engine/unknown-layer` for a text that is no layer's name.
 */
export function parseLayer(layer: string): Layer {
  const [, kind, convolution, block] = /^(conv|relu)(([1-9]\d*)_[1-9]\d*)$/.exec(layer) ?? [];
  if ((kind !== 'conv' && kind !== 'relu') || convolution === undefined) throw unknownLayer(layer, []);
  return { convolution, block: Number(block), kind };
}
