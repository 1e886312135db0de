import { File, ready } from 'h5wasm/node';
import type { ConvolutionWeights } from '../../../src/engine/weights/network.js';

/** Returns Keras' names for a convolution's kernel and bias, by its name ("1_1") and its index in the network. */
export type KerasNaming = (name: string, index: number) => readonly [kernel: string, bias: string];

const block = (name: string) => `block${name.replace('_', '_conv')}`;

/** Names in the layouts that Keras' versions have written. */
export const kerasNamings: Readonly<Record<string, KerasNaming>> = {
  'as published': (name) => [`${block(name)}/${block(name)}_W_1:0`, `${block(name)}/${block(name)}_b_1:0`],
  'whole model': (name) => [
    `model_weights/${block(name)}/${block(name)}/kernel:0`,
    `model_weights/${block(name)}/${block(name)}/bias:0`,
  ],
  'Keras 3, by name': (name) => [`layers/${block(name)}/vars/0`, `layers/${block(name)}/vars/1`],
  'Keras 3, by class': (_, index) => {
    const layer = index === 0 ? 'conv2d' : `conv2d_${index}`;
    return [`layers/${layer}/vars/0`, `layers/${layer}/vars/1`];
  },
};

/** Another data set that may be in such a file: path, values and shape. */
export type Extra = readonly [path: string, data: Float32Array, shape: readonly number[]];

/** Writes convolutions as Keras does, as an HDF5 file with kernels in the layout HWIO. */
export async function writeKerasFile(
  path: string,
  convolutions: readonly ConvolutionWeights[],
  naming: KerasNaming = kerasNamings['as published'] ?? (() => ['', '']),
  extras: readonly Extra[] = [],
): Promise<void> {
  await ready;
  const file = new File(path, 'w');
  const groups = new Set<string>();
  const write = (dataPath: string, data: Float32Array, shape: readonly number[]) => {
    const parts = dataPath.split('/');
    for (let depth = 1; depth < parts.length; depth++) {
      const group = parts.slice(0, depth).join('/');
      if (!groups.has(group)) file.create_group(group);
      groups.add(group);
    }
    file.create_dataset({ name: dataPath, data, shape: [...shape], dtype: '<f4' });
  };
  for (const [index, { name, inputChannels, outputChannels, kernel, bias }] of convolutions.entries()) {
    const [kernelPath, biasPath] = naming(name, index);
    write(kernelPath, hwioOf(kernel, inputChannels, outputChannels), [3, 3, inputChannels, outputChannels]);
    write(biasPath, bias, [outputChannels]);
  }
  for (const [extraPath, data, shape] of extras) write(extraPath, data, shape);
  file.close();
}

function hwioOf(oihw: Float32Array, inputs: number, outputs: number): Float32Array {
  return Float32Array.from(oihw, (_, at) => {
    const output = at % outputs;
    const input = Math.floor(at / outputs) % inputs;
    const tap = Math.floor(at / (outputs * inputs));
    return oihw[(output * inputs + input) * 9 + tap] ?? Number.NaN;
  });
}
