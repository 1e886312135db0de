import { createHash } from 'node:crypto';
import { unknownLayer } from '../engine-error.js';
import {
  type Convolution,
  convolutionsOf,
  imageChannels,
  type LayerKind,
  layerNames,
  networkNames,
  type Pooling,
  parseLayer,
  poolings,
  type Topology,
  topologies,
} from '../topology.js';
import { type InputChannel, type PreprocessingName, preprocessingNames, preprocessings } from './preprocessing.js';
import { readSafetensors, type Safetensors } from './safetensors.js';
import { shorten, type WeightsErrorCode, weightsError } from './weights-error.js';

/** A 3×3 convolution with its weights. */
export interface ConvolutionWeights extends Convolution {
  /**
   * OIHW kernel: outputChannels · inputChannels · 3 · 3 values of a cross-correlation (no flip, as in all frameworks).
   */
  readonly kernel: Float32Array;
  /** The bias of each output channel. */
  readonly bias: Float32Array;
}

/** A network that is ready to run: all that an engine needs to know about it. */
export interface Network {
  /** The network's name: a {@link NetworkName} where it was read from a file; random networks have other names. */
  readonly name: string;
  readonly pooling: Pooling;
  readonly preprocessing: PreprocessingName;
  /** The preprocessing as data, one entry for each of the network's input channels; none where there is none to do. */
  readonly inputChannels: readonly InputChannel[];
  /** The licence of the weights, as their file states it. */
  readonly licence: string;
  /**
   * The convolutions without gaps, from conv1_1 on but for {@link blocksAfter}; a file may stop before its topology does.
   */
  readonly convolutions: readonly ConvolutionWeights[];
  /** SHA-256, hexadecimal, of all that activations depend on (weights, pooling, preprocessing), as a key for caches. */
  readonly digest: string;
}

/** A network without the parts that {@link assembleNetwork} derives. */
export type NetworkParts = Omit<Network, 'inputChannels' | 'digest'>;

/** Options for loading a network. */
export interface NetworkOptions {
  /** The pooling between blocks. Default: the one that the weights were trained with. */
  readonly pooling?: Pooling | undefined;
}

/** A layer's position in its network. */
export interface LayerPosition {
  /** Index of the layer's convolution in {@link Network.convolutions}. */
  readonly index: number;
  readonly convolution: ConvolutionWeights;
  readonly kind: LayerKind;
}

/**
 * Loads a network from a safetensors file with tensors conv1_1.weight (OIHW), conv1_1.bias, … and the metadata network,
 * pooling, preprocessing and licence. A file that stops early (conv1_1 to conv3_4, say) offers the layers it has.
 * @throws `weights/…` where the file is missing or damaged, or holds no known network.
 */
export async function loadNetwork(path: string, options: NetworkOptions = {}): Promise<Network> {
  return networkFromSafetensors(await readSafetensors(path), path, options);
}

/**
 * Makes a network of a safetensors file's content.
 * @param fileName - the file's name in errors.
 * @throws `weights/…` where the content is no known network.
 */
export function networkFromSafetensors(
  { metadata, tensors }: Safetensors,
  fileName: string,
  options: NetworkOptions = {},
): Network {
  const choose = <Name extends string>(key: string, code: WeightsErrorCode, known: readonly Name[]): Name => {
    const name = metadata.get(key);
    const chosen = known.find((candidate) => candidate === name);
    if (chosen !== undefined) return chosen;
    const problem = name === undefined ? `its metadata has no "${key}"` : `its ${key} "${shorten(name)}" is unknown`;
    throw weightsError({
      code,
      file: fileName,
      problem: `${problem} (known: ${known.join(', ')})`,
      remedy: 'Take a file that was made for whitewalker, or complete its metadata.',
    });
  };
  const name = choose('network', 'unknown-network', networkNames);
  const trainedPooling = choose('pooling', 'unknown-pooling', poolings);
  const preprocessing = choose('preprocessing', 'unknown-preprocessing', preprocessingNames);
  return assembleNetwork({
    name,
    pooling: options.pooling ?? trainedPooling,
    preprocessing,
    licence: metadata.get('licence') ?? 'not stated',
    convolutions: convolutionsFrom(tensors, topologies[name], fileName),
  });
}

/** Makes a network of its parts: looks up its preprocessing and computes its digest. */
export function assembleNetwork(parts: NetworkParts): Network {
  return { ...parts, inputChannels: preprocessings[parts.preprocessing], digest: digestOf(parts) };
}

/**
 * Returns the blocks behind a block as a network of their own. Its pictures are the activations of that block's last
 * ReLU, and downsamplings are counted from there.
 */
export function blocksAfter(network: Network, block: number): Network {
  const convolutions = network.convolutions.filter((convolution) => convolution.block > block);
  const before = network.convolutions.findLast((convolution) => convolution.block === block)?.downsampling ?? 1;
  return {
    ...network,
    inputChannels: [],
    convolutions: convolutions.map((one) => ({ ...one, downsampling: one.downsampling / before })),
  };
}

/** Returns the number of channels of the pictures that go into a network. */
export function pictureChannels({ convolutions }: Pick<Network, 'convolutions'>): number {
  return convolutions[0]?.inputChannels ?? imageChannels;
}

/** Returns the names of the layers that a network has, in order: conv1_1, relu1_1, conv1_2, … */
export function layersOf(network: Pick<Network, 'convolutions'>): readonly string[] {
  return layerNames(network.convolutions);
}

/**
 * Finds a layer of a network by its name, such as 'relu3_2'.
 * @throws `engine/unknown-layer` that names the layers that the network has.
 */
export function requireLayer(network: Pick<Network, 'name' | 'convolutions'>, layer: string): LayerPosition {
  const available = layersOf(network);
  if (available.includes(layer)) {
    const { convolution: name, kind } = parseLayer(layer);
    const index = network.convolutions.findIndex((convolution) => convolution.name === name);
    const convolution = network.convolutions[index];
    if (convolution) return { index, convolution, kind };
  }
  throw unknownLayer(layer, available, network.name);
}

function convolutionsFrom(
  tensors: Safetensors['tensors'],
  topology: Topology,
  file: string,
): readonly ConvolutionWeights[] {
  const convolutions = convolutionsOf(topology);
  const names = convolutions.flatMap(({ name }) => [weightName(name), biasName(name)]);
  for (const tensor of tensors.keys()) {
    if (names.includes(tensor)) continue;
    throw weightsError({
      code: 'unexpected-tensor',
      file,
      tensor,
      problem: `${topology.name} has no such tensor`,
      remedy: `Take a file that has ${names[0]} to ${names.at(-1)} only, or correct the "network" in its metadata.`,
    });
  }

  // The file's last convolution decides how many there must be: none may be missing before it.
  const last = convolutions.findLastIndex(({ name }) => tensors.has(weightName(name)) || tensors.has(biasName(name)));
  return convolutions.slice(0, Math.max(last, 0) + 1).map((convolution) => {
    const { name, inputChannels, outputChannels } = convolution;
    const values = (tensor: string, shape: readonly number[]) => valuesOf(tensors, tensor, shape, topology.name, file);
    return {
      ...convolution,
      kernel: values(weightName(name), [outputChannels, inputChannels, 3, 3]),
      bias: values(biasName(name), [outputChannels]),
    };
  });
}

function valuesOf(
  tensors: Safetensors['tensors'],
  name: string,
  expected: readonly number[],
  network: string,
  file: string,
): Float32Array {
  const tensor = tensors.get(name);
  if (!tensor) {
    throw weightsError({
      code: 'missing-tensor',
      file,
      tensor: name,
      problem: `is missing, which ${network} needs`,
    });
  }
  const { shape, data } = tensor;
  if (shape.length !== expected.length || expected.some((length, axis) => shape[axis] !== length)) {
    const problem = `has the shape [${shape}], but in ${network} it has [${expected}]`;
    const remedy = 'Take a file of that network, or correct the "network" in its metadata.';
    throw weightsError({ code: 'wrong-shape', file, tensor: name, problem, remedy });
  }
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    const problem = `value ${bad} is ${data[bad]}, not a finite number`;
    throw weightsError({ code: 'not-finite', file, tensor: name, problem });
  }
  return data;
}

function weightName(convolution: string): string {
  return `conv${convolution}.weight`;
}

function biasName(convolution: string): string {
  return `conv${convolution}.bias`;
}

function digestOf({ pooling, preprocessing, convolutions }: NetworkParts): string {
  const hash = createHash('sha256').update(`${pooling} ${preprocessing}\n`);
  for (const { name, inputChannels, outputChannels, kernel, bias } of convolutions) {
    hash.update(`${name} ${inputChannels} ${outputChannels}\n`).update(kernel).update(bias);
  }
  return hash.digest('hex');
}
