import type { Dataset, File } from 'h5wasm/node';
import { isCoded } from '../../../coded-error.js';
import { convolutionsOf, type Topology } from '../../topology.js';
import type { Tensor } from '../safetensors.js';
import { weightsError } from '../weights-error.js';
import type { ForeignConvolution, ForeignLayout } from './recognise-network.js';

/**
 * This file reads weights as Keras stores them in HDF5. The layout changed over the years, so only the parts that stay
 * are looked for: a layer's name in the path, and a kernel of four axes beside a bias of one.
 *
 *   block1_conv1/block1_conv1_W_1:0            (the published files)
 *   model_weights/block1_conv1/block1_conv1/kernel:0
 *   layers/block1_conv1/vars/0                 (Keras 3)
 *   layers/conv2d_1/vars/0                     (Keras 3, by class instead of name)
 */

/** The bytes that every HDF5 file begins with. */
export const hdf5Signature = Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a);

const namedLayer = /(?:^|\/)(block\d+_conv\d+)(?:\/|$)/;
const numberedLayer = /(?:^|\/)layers\/(conv2d(?:_\d+)?)\/vars(?:\/|$)/;

/** Paths of the optimiser's state, which is passed over: momentum and the like have the shapes of the weights. */
const optimizerState = /(?:^|\/)optimizer/;

/**
 * Reads the convolutions of a Keras HDF5 file and passes over everything else in it.
 * @throws `weights/unreadable` where HDF5's library can't read the file, `weights/not-importable` for a layer without
 *   kernel or bias, or with values that are not little-endian floating point.
 */
export async function readKerasWeights(path: string): Promise<ForeignLayout> {
  // The library's WebAssembly is loaded only when a file of Keras is read.
  const { File, Dataset, ready } = await import('h5wasm/node');
  const library = await ready;
  // The library throws its errors instead of writing them to the terminal.
  library.activate_throwing_error_handler();
  let file: File | undefined;
  try {
    file = new File(path, 'r');
    return layoutOf(file, path, (entity): entity is Dataset => entity instanceof Dataset);
  } catch (cause) {
    if (isCoded(cause, 'weights')) throw cause;
    throw weightsError({ code: 'unreadable', file: path, problem: `is no whole HDF5 file (${innermost(cause)})` });
  } finally {
    try {
      file?.close();
    } catch {
      // A damaged file that can't be closed loses nothing, because nothing was written to it.
    }
  }
}

function layoutOf(file: File, path: string, isDataset: (entity: unknown) => entity is Dataset): ForeignLayout {
  const named = new Map<string, Dataset[]>();
  const numbered = new Map<string, Dataset[]>();
  for (const objectPath of file.paths()) {
    if (optimizerState.test(objectPath)) continue;
    const name = namedLayer.exec(objectPath)?.[1];
    const number = numberedLayer.exec(objectPath)?.[1];
    const [layers, key] = name === undefined ? [numbered, number] : [named, name];
    const entity = key === undefined ? undefined : file.get(objectPath);
    if (key === undefined || !isDataset(entity)) continue;
    layers.set(key, [...(layers.get(key) ?? []), entity]);
  }
  const layers = named.size > 0 ? named : numbered;
  return {
    title: 'Keras',
    convolutions: new Map([...layers].map(([key, datasets]) => [key, convolutionOf(key, datasets, path)])),
    keysOf: named.size > 0 ? namedKeys : numberedKeys,
  };
}

function convolutionOf(layer: string, datasets: readonly Dataset[], file: string): ForeignConvolution {
  const ofRank = (rank: number, what: string) => {
    const found = datasets.filter(({ shape }) => shape?.length === rank);
    const [dataset] = found;
    if (dataset !== undefined && found.length === 1) return tensorOf(dataset, layer, file);
    throw weightsError({
      code: 'not-importable',
      file,
      tensor: layer,
      problem: `has ${found.length === 0 ? 'no' : 'more than one'} ${what}`,
      remedy: "Take Keras' own file of weights.",
    });
  };
  return { kernel: transposed(ofRank(4, 'kernel')), bias: ofRank(1, 'bias') };
}

function tensorOf(dataset: Dataset, layer: string, file: string): Tensor {
  const { shape, dtype } = dataset;
  const { value } = dataset;
  if (shape && String(dtype).startsWith('<')) {
    if (value instanceof Float32Array) return { shape, data: value };
    if (value instanceof Float64Array) return { shape, data: Float32Array.from(value) };
  }
  throw weightsError({
    code: 'not-importable',
    file,
    tensor: layer,
    problem: `its values are of type ${JSON.stringify(dtype)}, needed are little-endian float32 or float64`,
    remedy: "Take Keras' own file of weights.",
  });
}

/** Converts a kernel from HWIO, TensorFlow's layout, to OIHW. */
function transposed({ shape, data }: Tensor): Tensor {
  const [height = 0, width = 0, inputs = 0, outputs = 0] = shape;
  const result = new Float32Array(data.length);
  const area = height * width;
  for (let tap = 0; tap < area; tap++) {
    for (let input = 0; input < inputs; input++) {
      const row = (tap * inputs + input) * outputs;
      for (let output = 0; output < outputs; output++) {
        result[(output * inputs + input) * area + tap] = data[row + output] ?? Number.NaN;
      }
    }
  }
  return { shape: [outputs, inputs, height, width], data: result };
}

function namedKeys(topology: Topology): readonly string[] {
  return convolutionsOf(topology).map(({ name }) => `block${name.replace('_', '_conv')}`);
}

function numberedKeys(topology: Topology): readonly string[] {
  return convolutionsOf(topology).map((_, index) => (index === 0 ? 'conv2d' : `conv2d_${index}`));
}

/**
 * The last error of HDF5's stack, which is the cause: "#006: …/H5Fsuper.c line 577 in H5F__super_read(): truncated …"
 */
function innermost(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const causes = [...text.matchAll(/^\s*#\d+:.*?\(\): (.*)$/gm)];
  return causes.at(-1)?.[1] ?? text.split('\n')[0] ?? text;
}
