import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { convolutionsOf, layerNames, parseLayer, topologies, topologyOf } from '../../src/engine/topology.js';
import { bundledWeights } from '../../src/engine/weights/bundled.js';
import { layersOf, loadNetwork, networkFromSafetensors, requireLayer } from '../../src/engine/weights/network.js';
import { preprocessings } from '../../src/engine/weights/preprocessing.js';
import { randomNetwork } from '../../src/engine/weights/random-network.js';
import { parseSafetensors, serializeSafetensors, type Tensor } from '../../src/engine/weights/safetensors.js';
import type { WeightsErrorCode } from '../../src/engine/weights/weights-error.js';
import { packageRoot } from '../../src/package-root.js';
import { realVgg19 } from '../shared-folder.js';

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown.');
}

/** Returns VGG19-lite's first convolutions with random weights, as the tensors that a file would have. */
function liteTensors(upTo = 'relu2_2'): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  for (const convolution of randomNetwork('vgg19-lite', 1, { upTo }).convolutions) {
    const { name, inputChannels, outputChannels, kernel, bias } = convolution;
    tensors.set(`conv${name}.weight`, { shape: [outputChannels, inputChannels, 3, 3], data: kernel });
    tensors.set(`conv${name}.bias`, { shape: [outputChannels], data: bias });
  }
  return tensors;
}

const liteMetadata = { network: 'vgg19-lite', pooling: 'average', preprocessing: 'caffe-bgr', licence: 'MIT' };

function metadataWith(changes: Record<string, string | undefined>): Map<string, string> {
  const entries = Object.entries({ ...liteMetadata, ...changes });
  return new Map(entries.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
}

describe('a topology', () => {
  it('has the layers that the papers name', () => {
    const layers = (name: string) => layerNames(convolutionsOf(topologyOf(name)));
    expect(layers('vgg19')).toHaveLength(32);
    expect(layers('vgg19').at(-1)).toBe('relu5_4');
    expect(layers('vgg16')).toHaveLength(26);
    expect(layers('vgg16').at(-1)).toBe('relu5_3');
    expect(layers('vgg19-lite').at(-1)).toBe('relu5_1');
    expect(layers('vgg19').slice(0, 5)).toEqual(['conv1_1', 'relu1_1', 'conv1_2', 'relu1_2', 'conv2_1']);
  });

  it('chains its channels from the picture on and halves the size with every block', () => {
    const convolutions = convolutionsOf(topologies.vgg19);
    expect(convolutions[0]).toEqual({ name: '1_1', block: 1, inputChannels: 3, outputChannels: 64, downsampling: 1 });
    expect(convolutions.find(({ name }) => name === '4_1')).toEqual({
      name: '4_1',
      block: 4,
      inputChannels: 256,
      outputChannels: 512,
      downsampling: 8,
    });
    const parameters = convolutions.reduce(
      (sum, { inputChannels, outputChannels }) => sum + outputChannels * (inputChannels * 9 + 1),
      0,
    );
    // torchvision's vgg19().features has as many parameters.
    expect(parameters).toBe(20_024_384);
  });

  it('is refused under an unknown name, with the known ones named', () => {
    const error = thrownBy(() => topologyOf('resnet50'));
    expect(error).toMatchObject({ domain: 'engine', code: 'unknown-network', context: { network: 'resnet50' } });
    expect(error).toHaveProperty('message', expect.stringContaining('vgg19, vgg16, vgg19-lite'));
    expect(thrownBy(() => topologyOf('constructor'))).toMatchObject({ domain: 'engine', code: 'unknown-network' });
  });

  it('is refused where it is empty or has no whole channels', () => {
    for (const blocks of [[], [[]], [[4], []], [[0]], [[-1]], [[1.5]], [[Number.NaN]]]) {
      expect(thrownBy(() => convolutionsOf({ name: 'odd', blocks }))).toMatchObject({ code: 'wrong-topology' });
    }
  });
});

describe("a layer's name", () => {
  it('is taken apart', () => {
    expect(parseLayer('relu3_2')).toEqual({ convolution: '3_2', block: 3, kind: 'relu' });
    expect(parseLayer('conv1_1')).toEqual({ convolution: '1_1', block: 1, kind: 'conv' });
  });

  it.each(['', 'relu', 'relu3', 'relu3_', 'relu03_2', 'Relu3_2', 'pool1', 'relu3_2 ', '3_2', 'relu0_1', 'relu3_2_1'])(
    'is not "%s"',
    (name) => {
      const error = thrownBy(() => parseLayer(name));
      expect(error).toMatchObject({ domain: 'engine', code: 'unknown-layer', context: { layer: name } });
    },
  );
});

describe('the VGG19-lite of the repository', () => {
  it('loads whole', async () => {
    const network = await loadNetwork(bundledWeights('vgg19-lite'));
    expect(network).toMatchObject({ name: 'vgg19-lite', pooling: 'average', preprocessing: 'caffe-bgr' });
    expect(network.licence).toMatch(/^MIT; distilled from VGG19/);
    expect(network.inputChannels).toBe(preprocessings['caffe-bgr']);
    expect(network.convolutions).toHaveLength(13);
    expect(layersOf(network)).toEqual(layerNames(convolutionsOf(topologies['vgg19-lite'])));
    for (const { inputChannels, outputChannels, kernel, bias } of network.convolutions) {
      expect(kernel).toHaveLength(outputChannels * inputChannels * 9);
      expect(bias).toHaveLength(outputChannels);
    }
  });

  it('has a digest of its weights that pooling changes and loading again does not', async () => {
    const path = bundledWeights('vgg19-lite');
    const [first, second, max] = [
      await loadNetwork(path),
      await loadNetwork(path),
      await loadNetwork(path, { pooling: 'max' }),
    ];
    expect(first.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(second.digest).toBe(first.digest);
    expect(max.pooling).toBe('max');
    expect(max.digest).not.toBe(first.digest);
  });

  it('says where a layer is, and which there are where it has none of that name', async () => {
    const network = await loadNetwork(bundledWeights('vgg19-lite'));
    const { index, convolution, kind } = requireLayer(network, 'conv3_2');
    expect({ index, name: convolution.name, kind }).toEqual({ index: 5, name: '3_2', kind: 'conv' });
    const error = thrownBy(() => requireLayer(network, 'relu5_2'));
    const available = layersOf(network).join(', ');
    expect(error).toMatchObject({ domain: 'engine', code: 'unknown-layer', context: { layer: 'relu5_2', available } });
    expect(error).toHaveProperty(
      'message',
      expect.stringMatching(/"relu5_2" in vgg19-lite\. Choose from conv1_1, .*relu5_1\./),
    );
    const unknown = expect.objectContaining({
      domain: 'engine',
      code: 'unknown-layer',
      context: expect.objectContaining({ layer: 'pool1' }),
    });
    expect(() => requireLayer(network, 'pool1')).toThrow(unknown);
  });
});

describe.skipIf(realVgg19.isMissing)(`VGG19 up to conv3_4 (${realVgg19.need})`, () => {
  it('offers the layers that its file has, and no more', async () => {
    const network = await loadNetwork(realVgg19.path);
    expect(network).toMatchObject({ name: 'vgg19', pooling: 'max', preprocessing: 'caffe-bgr' });
    expect(network.licence).toContain('Creative Commons Attribution');
    expect(network.convolutions).toHaveLength(8);
    expect(layersOf(network).at(-1)).toBe('relu3_4');
    expect(requireLayer(network, 'relu3_4').convolution.outputChannels).toBe(256);
    const error = thrownBy(() => requireLayer(network, 'relu4_1'));
    const available = layersOf(network).join(', ');
    expect(error).toMatchObject({ domain: 'engine', code: 'unknown-layer', context: { available } });
    expect(error).toHaveProperty('message', expect.stringContaining('relu3_3, conv3_4, relu3_4.'));
  });

  it('pools as it is told', async () => {
    expect((await loadNetwork(realVgg19.path, { pooling: 'average' })).pooling).toBe('average');
  });
});

describe('a file of weights', () => {
  it('may stop before its topology does', () => {
    const bytes = serializeSafetensors(liteTensors('conv2_1'), metadataWith({}));
    const network = networkFromSafetensors(parseSafetensors(bytes, 'lite'), 'lite');
    expect(layersOf(network)).toEqual(['conv1_1', 'relu1_1', 'conv1_2', 'relu1_2', 'conv2_1', 'relu2_1']);
    expect(network.convolutions[2]).toEqual(randomNetwork('vgg19-lite', 1).convolutions[2]);
  });

  it('may leave out its licence, and be made for torchvision', () => {
    const metadata = metadataWith({ licence: undefined, preprocessing: 'torchvision-rgb' });
    const network = networkFromSafetensors({ metadata, tensors: liteTensors() }, 'lite');
    expect(network.licence).toBe('not stated');
    expect(network.inputChannels).toBe(preprocessings['torchvision-rgb']);
  });

  type Change = (tensors: Map<string, Tensor>) => unknown;
  const fill = (tensor: string, value: number) => (tensors: Map<string, Tensor>) => {
    const old = tensors.get(tensor);
    if (old) tensors.set(tensor, { shape: old.shape, data: old.data.with(3, value) });
  };
  const zeros = (...shape: number[]): Tensor => {
    return { shape, data: new Float32Array(shape.reduce((product, length) => product * length, 1)) };
  };
  const unknown = 'unknown-preprocessing';
  const keep: Change = () => undefined;
  const cases: [string, WeightsErrorCode, Record<string, string | undefined>, Change, RegExp, string?][] = [
    ['no network', 'unknown-network', { network: undefined }, keep, /no "network" \(known: vgg19, vgg16, vgg19-lite\)/],
    ['an unknown network', 'unknown-network', { network: 'alexnet' }, keep, /"alexnet" is unknown/],
    ['a network called like a part of Object', 'unknown-network', { network: 'toString' }, keep, /unknown/],
    ['no pooling', 'unknown-pooling', { pooling: undefined }, keep, /no "pooling" \(known: max, average\)/],
    ['an unknown pooling', 'unknown-pooling', { pooling: 'min' }, keep, /"min" is unknown/],
    ['no preprocessing', unknown, { preprocessing: undefined }, keep, /known: caffe-bgr, torchvision-rgb/],
    ['an unknown preprocessing', unknown, { preprocessing: 'x'.repeat(9999) }, keep, /"x+\.\.\." is unknown/],
    ['no tensors', 'missing-tensor', {}, (tensors) => tensors.clear(), /is missing/, 'conv1_1.weight'],
    ['no first bias', 'missing-tensor', {}, (t) => t.delete('conv1_1.bias'), /is missing/, 'conv1_1.bias'],
    ['a gap', 'missing-tensor', {}, (t) => t.delete('conv1_2.weight'), /vgg19-lite needs/, 'conv1_2.weight'],
    ['no last bias', 'missing-tensor', {}, (t) => t.delete('conv2_2.bias'), /is missing/, 'conv2_2.bias'],
    ['no last kernel', 'missing-tensor', {}, (t) => t.delete('conv2_2.weight'), /is missing/, 'conv2_2.weight'],
    [
      'a tensor too many',
      'unexpected-tensor',
      {},
      (t) => t.set('fc6.weight', zeros(1)),
      /no such tensor/,
      'fc6.weight',
    ],
    ['a layer too many', 'unexpected-tensor', {}, (t) => t.set('conv5_2.bias', zeros(128)), /no such/, 'conv5_2.bias'],
    ['another network', 'wrong-shape', { network: 'vgg19' }, keep, /\[16,3,3,3\], .* \[64,3,3,3\]/, 'conv1_1.weight'],
    ['HWIO', 'wrong-shape', {}, (t) => t.set('conv1_1.weight', zeros(3, 3, 3, 16)), /\[3,3,3,16\]/, 'conv1_1.weight'],
    ['a flat kernel', 'wrong-shape', {}, (t) => t.set('conv1_1.weight', zeros(432)), /\[432\]/, 'conv1_1.weight'],
    [
      'a bias of one axis more',
      'wrong-shape',
      {},
      (t) => t.set('conv1_1.bias', zeros(16, 1)),
      /\[16,1\]/,
      'conv1_1.bias',
    ],
    ['NaN', 'not-finite', {}, fill('conv2_1.weight', Number.NaN), /value 3 is NaN/, 'conv2_1.weight'],
    [
      'infinity',
      'not-finite',
      {},
      fill('conv1_2.bias', Number.NEGATIVE_INFINITY),
      /value 3 is -Infinity/,
      'conv1_2.bias',
    ],
  ];

  it.each(cases)('is refused for %s: %s', (_description, code, changes, change, message, tensor) => {
    const tensors = liteTensors();
    change(tensors);
    const error = thrownBy(() =>
      networkFromSafetensors({ metadata: metadataWith(changes), tensors }, 'odd.safetensors'),
    );
    expect(error).toMatchObject({ domain: 'weights', code });
    const file = 'odd.safetensors';
    expect(error).toHaveProperty('context', tensor === undefined ? { file } : { file, tensor });
    expect(error).toHaveProperty('message', expect.stringMatching(message));
    expect(error).toHaveProperty('message', expect.stringMatching(/^odd\.safetensors[:,].+\. [A-Z].+\.$/));
    expect(String(error).length).toBeLessThan(400);
  });

  it('is refused where it is missing', async () => {
    const path = join(packageRoot(), 'weights', 'nowhere.safetensors');
    await expect(loadNetwork(path)).rejects.toMatchObject({
      domain: 'weights',
      code: 'missing',
      context: { file: path },
    });
  });
});

describe('preprocessing', () => {
  const shown = (name: keyof typeof preprocessings, rgb: readonly [number, number, number]) =>
    preprocessings[name].map(({ color, scale, offset }) => scale * rgb[color] + offset);

  it('of Caffe is blue, green, red of 255 minus the mean', () => {
    expect(shown('caffe-bgr', [1, 0.5, 0])).toEqual([-103.939, 127.5 - 116.779, 255 - 123.68]);
  });

  it('of torchvision is 0 at the mean and 1 a standard deviation above it', () => {
    for (const value of shown('torchvision-rgb', [0.485, 0.456, 0.406])) expect(value).toBeCloseTo(0, 12);
    for (const value of shown('torchvision-rgb', [0.714, 0.68, 0.631])) expect(value).toBeCloseTo(1, 12);
  });
});

describe('a random network', () => {
  it('is the same for the same seed and another for another', () => {
    const weights = (seed: number) => randomNetwork([[4, 5], [6]], seed);
    expect(weights(7)).toEqual(weights(7));
    expect(weights(7).digest).not.toBe(weights(8).digest);
    // Weights are the same numbers on all machines and in all versions, so that measurements can be compared.
    expect([...(weights(7).convolutions[1]?.bias ?? [])].map((value) => value.toFixed(5))).toMatchInlineSnapshot(`
      [
        "-0.10784",
        "0.05369",
        "0.09103",
        "0.14807",
        "0.07879",
      ]
    `);
  });

  it('takes small blocks, a last layer, pooling and preprocessing', () => {
    const network = randomNetwork([[4, 5], [6]], 1, { pooling: 'average', preprocessing: 'torchvision-rgb' });
    expect(network).toMatchObject({ name: 'random-custom', pooling: 'average', preprocessing: 'torchvision-rgb' });
    expect(layersOf(network)).toEqual(['conv1_1', 'relu1_1', 'conv1_2', 'relu1_2', 'conv2_1', 'relu2_1']);
    expect(network.convolutions.map(({ kernel, bias }) => [kernel.length, bias.length])).toEqual([
      [4 * 3 * 9, 4],
      [5 * 4 * 9, 5],
      [6 * 5 * 9, 6],
    ]);
    expect(layersOf(randomNetwork('vgg19', 1, { upTo: 'relu2_1' })).at(-1)).toBe('relu2_1');
    expect(randomNetwork('vgg19-lite', 1, { upTo: 'relu1_1' }).pooling).toBe('average');
    expect(randomNetwork('vgg16', 1, { upTo: 'relu1_1' }).pooling).toBe('max');
  });

  it('has weights that spread as He et al. have them', () => {
    const [first, second] = randomNetwork([[64, 64]], 3).convolutions;
    const spread = (values: Float32Array = new Float32Array()) =>
      Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);
    expect(spread(second?.kernel)).toBeCloseTo(Math.sqrt(2 / (64 * 9)), 2);
    expect(spread(first?.kernel) * 255 * 0.24).toBeCloseTo(Math.sqrt(2 / 27), 1);
    expect(second?.kernel.every(Number.isFinite)).toBe(true);
  });

  it('does not stop at a layer that it lacks', () => {
    expect(() => randomNetwork('vgg19-lite', 1, { upTo: 'relu5_2' })).toThrow(
      expect.objectContaining({ domain: 'engine', code: 'unknown-layer' }),
    );
    expect(() => randomNetwork([[2]], 1, { upTo: 'relu1_2' })).toThrow(/Choose from conv1_1, relu1_1\./);
  });
});
