import { describe, expect, it } from 'vitest';
import { layersOf } from '../../src/engine/weights/network.js';
import { randomNetwork } from '../../src/engine/weights/random-network.js';
import { engineKinds } from './engines.js';
import { noisePicture } from './random-pictures.js';
import { referenceActivations, referenceGram, referenceMoments } from './reference-network.js';

/** Returns the largest absolute error, in units of the reference's standard deviation. */
function largestError(actual: Float32Array, reference: Float64Array): number {
  const mean = reference.reduce((sum, value) => sum + value, 0) / reference.length;
  const variance = reference.reduce((sum, value) => sum + (value - mean) ** 2, 0) / reference.length;
  const error = reference.reduce(
    (largest, value, i) => Math.max(largest, Math.abs(value - (actual[i] ?? Infinity))),
    0,
  );
  return error / Math.sqrt(variance);
}

describe.each(engineKinds)('$name: activations, Gram matrices and moments are what the definitions say', ({ open }) => {
  it.each([
    { why: 'for pictures of the Caffe network', pooling: 'max', preprocessing: 'caffe-bgr' },
    { why: 'for pictures of torchvision', pooling: 'average', preprocessing: 'torchvision-rgb' },
  ] as const)('$why, at a size that no pooling divides', async ({ pooling, preprocessing }) => {
    const network = randomNetwork([[4, 5], [6, 7], [5]], 11, { pooling, preprocessing });
    const engine = await open(network);
    const image = noisePicture(23, 17, 1);
    const layers = layersOf(network);
    const request = { activations: layers, grams: layers, moments: layers };
    const { activations, grams, moments } = await engine.features(image, request);
    const reference = referenceActivations(network, image);
    expect([...activations.keys()]).toEqual(layers);
    for (const [layer, planes] of reference) {
      const { channels, height, width } = planes;
      expect(activations.get(layer), layer).toMatchObject({ channels, height, width });
      expect(largestError(activations.get(layer)?.data ?? new Float32Array(), planes.data), layer).toBeLessThan(1e-4);
      const gram = grams.get(layer);
      expect(gram?.channels, layer).toBe(channels);
      expect(largestError(gram?.data ?? new Float32Array(), referenceGram(planes)), layer).toBeLessThan(1e-4);
      const statistics = moments.get(layer);
      const { mean, covariance } = referenceMoments(planes);
      expect(statistics?.channels, layer).toBe(channels);
      expect(largestError(statistics?.mean ?? new Float32Array(), mean), layer).toBeLessThan(1e-4);
      expect(largestError(statistics?.covariance ?? new Float32Array(), covariance), layer).toBeLessThan(1e-4);
    }
    await engine.dispose();
  });

  it('where activations hardly differ from position to position, which leaves the covariance its precision', async () => {
    const network = randomNetwork([[4, 5]], 11);
    const engine = await open(network);
    const { width, height, data } = noisePicture(40, 30, 1);
    const image = { width, height, data: data.map((value) => 0.7 + 1e-3 * value) };
    const { moments } = await engine.features(image, { moments: ['conv1_1'] });
    const planes = referenceActivations(network, image).get('conv1_1') ?? expect.fail('no reference');
    const { covariance } = referenceMoments(planes);
    expect(largestError(moments.get('conv1_1')?.covariance ?? new Float32Array(), covariance)).toBeLessThan(1e-2);
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
