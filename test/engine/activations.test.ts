import { describe, expect, it } from 'vitest';
import { layersOf } from '../../src/engine/weights/network.js';
import { randomNetwork } from '../../src/engine/weights/random-network.js';
import { engineKinds } from './engines.js';
import { noisePicture } from './random-pictures.js';
import { referenceActivations, referenceGram } from './reference-network.js';

/** The largest difference, in units of the reference's spread. */
function largestError(actual: Float32Array, reference: Float64Array): number {
  const mean = reference.reduce((sum, value) => sum + value, 0) / reference.length;
  const variance = reference.reduce((sum, value) => sum + (value - mean) ** 2, 0) / reference.length;
  const error = reference.reduce(
    (largest, value, i) => Math.max(largest, Math.abs(value - (actual[i] ?? Infinity))),
    0,
  );
  return error / Math.sqrt(variance);
}

describe.each(engineKinds)('$name: activations and Gram matrices are what the definitions say', ({ open }) => {
  it.each([
    { why: 'for pictures of the Caffe network', pooling: 'max', preprocessing: 'caffe-bgr' },
    { why: 'for pictures of torchvision', pooling: 'average', preprocessing: 'torchvision-rgb' },
  ] as const)('$why, at a size that no pooling divides', async ({ pooling, preprocessing }) => {
    const network = randomNetwork([[4, 5], [6, 7], [5]], 11, { pooling, preprocessing });
    const engine = await open(network);
    const image = noisePicture(23, 17, 1);
    const layers = layersOf(network);
    const { activations, grams } = await engine.features(image, { activations: layers, grams: layers });
    const reference = referenceActivations(network, image);
    expect([...activations.keys()]).toEqual(layers);
    for (const [layer, planes] of reference) {
      const { channels, height, width } = planes;
      expect(activations.get(layer), layer).toMatchObject({ channels, height, width });
      expect(largestError(activations.get(layer)?.data ?? new Float32Array(), planes.data), layer).toBeLessThan(1e-4);
      const gram = grams.get(layer);
      expect(gram?.channels, layer).toBe(channels);
      expect(largestError(gram?.data ?? new Float32Array(), referenceGram(planes)), layer).toBeLessThan(1e-4);
    }
    await engine.dispose();
  });

  it.each([
    { width: 18, height: 13 },
    { width: 16, height: 12 },
    { width: 5, height: 3 },
  ])("of so many channels that Winograd's algorithm may be taken, at $width×$height", async ({ width, height }) => {
    const network = randomNetwork([[128, 130], [129]], 12, { pooling: 'average' });
    const engine = await open(network);
    const image = noisePicture(width, height, 2);
    const layers = ['conv1_2', 'relu1_2', 'conv2_1'];
    const { activations } = await engine.features(image, { activations: layers });
    const reference = referenceActivations(network, image);
    for (const layer of layers) {
      const planes = reference.get(layer);
      const actual = activations.get(layer);
      if (!planes || !actual) throw new Error(`no activations of ${layer}`);
      expect(largestError(actual.data, planes.data), layer).toBeLessThan(1e-4);
    }
    await engine.dispose();
  });
});
