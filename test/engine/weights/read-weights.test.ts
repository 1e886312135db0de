import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CodedError, isCoded } from '../../../src/coded-error.js';
import { readWeights, serializeWeights } from '../../../src/engine/weights/import/read-weights.js';
import { readManifest } from '../../../src/engine/weights/manifest.js';
import {
  assembleNetwork,
  type ConvolutionWeights,
  loadNetwork,
  networkFromSafetensors,
} from '../../../src/engine/weights/network.js';
import { randomNetwork } from '../../../src/engine/weights/random-network.js';
import { parseSafetensors, serializeSafetensors, type Tensor } from '../../../src/engine/weights/safetensors.js';
import { realVgg19 } from '../../shared-folder.js';
import { kerasNamings, writeKerasFile } from './keras-file.js';

const manifest = readManifest();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whitewalker-weights-'));
});
afterAll(() => rm(folder, { recursive: true }));

const networks = {
  vgg19: randomNetwork('vgg19', 1, { upTo: 'relu3_4' }),
  vgg16: randomNetwork('vgg16', 2, { upTo: 'relu4_1' }),
};
const vgg19 = networks.vgg19.convolutions;
const vgg16 = networks.vgg16.convolutions;

/** Numbers of the convolutions in torchvision's `features`, which counts convolutions, ReLUs and poolings alike. */
const torchvisionNumbers = { vgg19: [0, 2, 5, 7, 10, 12, 14, 16], vgg16: [0, 2, 5, 7, 10, 12, 14, 17] };

function torchvisionTensors(convolutions: readonly ConvolutionWeights[], numbers: readonly number[]) {
  return new Map<string, Tensor>(
    convolutions.flatMap(({ inputChannels, outputChannels, kernel, bias }, index) => [
      [`features.${numbers[index]}.weight`, { shape: [outputChannels, inputChannels, 3, 3], data: kernel }],
      [`features.${numbers[index]}.bias`, { shape: [outputChannels], data: bias }],
    ]),
  );
}

/** Reads weights from a file, writes them in our own format, and loads them as a network. */
async function imported(path: string, network?: 'vgg19' | 'vgg16') {
  const weights = await readWeights(path, { manifest, network });
  return networkFromSafetensors(parseSafetensors(serializeWeights(weights), path), path);
}

async function file(name: string, content: Uint8Array | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

async function failureOf(action: Promise<unknown>): Promise<CodedError> {
  const error = await action.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (isCoded(error, 'weights')) return error;
  throw error ?? new Error('Nothing was thrown.');
}

describe("Keras' weights", () => {
  it.each(Object.entries(kerasNamings))('are read bit by bit: %s', async (title, naming) => {
    const path = join(folder, `${title}.h5`);
    await writeKerasFile(path, vgg19, naming, [
      ['fc1/fc1_W_1:0', new Float32Array(6), [2, 3]],
      ['optimizer_weights/block1_conv1/momentum:0', new Float32Array(1728), [3, 3, 3, 64]],
      ['layers/dense/vars/0', new Float32Array(6), [2, 3]],
    ]);
    const network = await imported(path);
    expect(network).toMatchObject({ name: 'vgg19', pooling: 'max', preprocessing: 'caffe-bgr' });
    expect(network.licence).toContain('Creative Commons Attribution');
    // The digest is made of weights, pooling and preprocessing: all are equal to the last bit.
    expect(network.digest).toBe(networks.vgg19.digest);
  });

  it("are VGG16's where block 3 ends with the third convolution", async () => {
    const path = join(folder, 'vgg16.h5');
    await writeKerasFile(path, vgg16);
    expect(await imported(path)).toMatchObject({ name: 'vgg16', digest: networks.vgg16.digest });
    const error = await failureOf(imported(path, 'vgg19'));
    expect(error).toMatchObject({ code: 'not-importable', message: expect.stringContaining('holds vgg16, not vgg19') });
  });

  it('have to be named where they stop before the networks differ', async () => {
    const path = join(folder, 'short.h5');
    await writeKerasFile(path, vgg19.slice(0, 5));
    const error = await failureOf(imported(path));
    expect(error).toMatchObject({ code: 'ambiguous', message: expect.stringContaining('--network vgg16') });
    const expected = randomNetwork('vgg19', 1, { upTo: 'relu3_1' });
    expect(await imported(path, 'vgg16')).toMatchObject({ name: 'vgg16', digest: expected.digest });
  });

  it('are refused with a gap, without a bias, or damaged', async () => {
    const gap = join(folder, 'gap.h5');
    await writeKerasFile(gap, vgg19.toSpliced(5, 1));
    expect(await failureOf(imported(gap))).toMatchObject({ code: 'not-importable' });

    const noBias = join(folder, 'no-bias.h5');
    await writeKerasFile(noBias, [], undefined, [
      ['block1_conv1/block1_conv1_W_1:0', new Float32Array(1728), [3, 3, 3, 64]],
    ]);
    expect((await failureOf(imported(noBias))).message).toContain('has no bias');

    const whole = await readFile(gap);
    const cut = await file('cut.h5', whole.subarray(0, whole.length / 2));
    const error = await failureOf(imported(cut));
    expect(error).toMatchObject({ code: 'unreadable', context: { file: cut } });
    expect(error.message).toContain('truncated file');
    expect(error.message).not.toContain('\n');

    const none = join(folder, 'none.h5');
    await writeKerasFile(none, [], undefined, [['dense/kernel:0', new Float32Array(6), [2, 3]]]);
    expect((await failureOf(imported(none))).message).toContain('no convolutions');
  });

  it.skipIf(realVgg19.isMissing)(`of the real VGG19 come through HDF5 bit-equal (${realVgg19.need})`, async () => {
    const real = await loadNetwork(realVgg19.path);
    expect(real.convolutions).toHaveLength(8);
    const path = join(folder, 'real.h5');
    await writeKerasFile(path, real.convolutions);
    const network = await imported(path);
    expect(network.digest).toBe(real.digest);
  });
});

describe('safetensors files', () => {
  it.each(['vgg19', 'vgg16'] as const)("of torchvision's %s are read with its preprocessing", async (name) => {
    const { convolutions, pooling } = networks[name];
    const tensors = torchvisionTensors(convolutions, torchvisionNumbers[name]);
    tensors.set('classifier.0.weight', { shape: [2, 3], data: new Float32Array(6) });
    const path = await file(`torchvision-${name}.safetensors`, serializeSafetensors(tensors));
    const { digest } = assembleNetwork({
      name,
      pooling,
      preprocessing: 'torchvision-rgb',
      licence: 'not stated',
      convolutions,
    });
    expect(await imported(path)).toMatchObject({ name, licence: 'not stated', digest });
  });

  it('of our own come back as they are', async () => {
    const keras = join(folder, 'keras.h5');
    await writeKerasFile(keras, vgg19);
    const bytes = serializeWeights(await readWeights(keras, { manifest }));
    const path = await file('ours.safetensors', bytes);
    const again = serializeWeights(await readWeights(path, { manifest }));
    expect(Buffer.compare(again, bytes)).toBe(0);
  });

  it('with batch normalisation or unknown names are refused', async () => {
    const tensors = torchvisionTensors(vgg19.slice(0, 1), [0]);
    tensors.set('features.1.weight', { shape: [64], data: new Float32Array(64) });
    tensors.set('features.1.bias', { shape: [64], data: new Float32Array(64) });
    tensors.set('features.1.running_mean', { shape: [64], data: new Float32Array(64) });
    const normalised = await file('bn.safetensors', serializeSafetensors(tensors));
    expect((await failureOf(imported(normalised))).message).toContain('batch normalisation');

    const other = new Map([['encoder.layer.0.weight', { shape: [1], data: Float32Array.of(1) }]]);
    const unknown = await file('other.safetensors', serializeSafetensors(other));
    expect(await failureOf(imported(unknown))).toMatchObject({ code: 'not-importable' });
  });
});

describe('what is no file of weights', () => {
  it.each([
    ['page.h5', '<!DOCTYPE html><html><body>Sign in</body></html>', 'is a web page'],
    ['page.safetensors', '\n  <html>', 'is a web page'],
    ['model.pth', 'PK\u0003\u0004archive', 'PyTorch file'],
    ['empty.h5', '', 'too few'],
  ])('is called by its name: %s', async (name, content, expected) => {
    expect((await failureOf(imported(await file(name, content)))).message).toContain(expected);
  });

  it('is missing', async () => {
    expect(await failureOf(imported(join(folder, 'nothing.h5')))).toMatchObject({ code: 'missing' });
  });
});
