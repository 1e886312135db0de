import { convolutionsOf, type NetworkName, networkNames, type Topology, topologies } from '../../topology.js';
import type { Tensor } from '../safetensors.js';
import { shorten, weightsError } from '../weights-error.js';

/** A convolution that was read from a file of any layout. */
export interface ForeignConvolution {
  /** The kernel in OIHW, whichever layout the file has. */
  readonly kernel: Tensor;
  readonly bias: Tensor;
}

/** A file's convolutions, with the keys that they have in its layout, such as "block1_conv1" or "0". */
export interface ForeignLayout {
  /** The layout's name for people: "Keras", "PyTorch". */
  readonly title: string;
  readonly convolutions: ReadonlyMap<string, ForeignConvolution>;
  /** Returns the keys that a topology's convolutions have in this layout, in the order of the network. */
  readonly keysOf: (topology: Topology) => readonly string[];
}

/** A network that was recognised in a file, with its tensors by our names: conv1_1.weight (OIHW), conv1_1.bias, … */
export interface RecognisedNetwork {
  readonly network: NetworkName;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/**
 * Finds out by keys and shapes which network a file holds. A file may lack the last convolutions; if it then fits two
 * networks, `requested` must say which it is.
 * @param fileName - the file's name in errors.
 * @param requested - the network that the file must hold; undefined accepts any.
 * @throws `weights/not-importable` for no known network, or another than requested; `weights/ambiguous` if it fits two.
 */
export function recogniseNetwork(
  layout: ForeignLayout,
  fileName: string,
  requested?: NetworkName | undefined,
): RecognisedNetwork {
  const candidates = networkNames.filter((network) => fits(layout, topologies[network]));
  const network = requested ?? candidates[0];
  if (network === undefined || !candidates.includes(network)) {
    const problem = `holds ${described(layout)}, which is no ${requested ?? 'VGG16 or VGG19'}`;
    throw weightsError({
      code: 'not-importable',
      file: fileName,
      problem: candidates.length > 0 ? `holds ${candidates.join(' or ')}, not ${requested}` : problem,
      remedy:
        'Needed are the 3×3 convolutions of VGG16 or VGG19, from the first one on without gaps and without batch normalisation.',
    });
  }
  if (requested === undefined && candidates.length > 1) {
    throw weightsError({
      code: 'ambiguous',
      file: fileName,
      problem: `stops so early that it could be ${candidates.join(' or ')}`,
      remedy: `Say which it is: ${candidates.map((name) => `--network ${name}`).join(' or ')}.`,
    });
  }
  return { network, tensors: tensorsOf(layout, topologies[network]) };
}

/** Tells whether a file's convolutions are the first ones of a topology. */
function fits({ convolutions, keysOf }: ForeignLayout, topology: Topology): boolean {
  const keys = keysOf(topology);
  if (convolutions.size === 0 || convolutions.size > keys.length) return false;
  return convolutionsOf(topology)
    .slice(0, convolutions.size)
    .every(({ inputChannels, outputChannels }, index) => {
      const found = convolutions.get(keys[index] ?? '');
      return (
        found !== undefined &&
        hasShape(found.kernel, [outputChannels, inputChannels, 3, 3]) &&
        hasShape(found.bias, [outputChannels])
      );
    });
}

function tensorsOf({ convolutions, keysOf }: ForeignLayout, topology: Topology): ReadonlyMap<string, Tensor> {
  const keys = keysOf(topology);
  return new Map(
    convolutionsOf(topology).flatMap(({ name }, index) => {
      const found = convolutions.get(keys[index] ?? '');
      if (!found) return [];
      return [
        [`conv${name}.weight`, found.kernel],
        [`conv${name}.bias`, found.bias],
      ] as const;
    }),
  );
}

function hasShape({ shape }: Tensor, expected: readonly number[]): boolean {
  return shape.length === expected.length && expected.every((length, axis) => shape[axis] === length);
}

function described({ title, convolutions }: ForeignLayout): string {
  if (convolutions.size === 0) return `no convolutions that ${title} would call so`;
  const list = [...convolutions].map(([key, { kernel }]) => `${key} [${kernel.shape.join('×')}]`).join(', ');
  return `${convolutions.size} convolutions in ${title}'s layout (${shorten(list)})`;
}
