import { describe, expect, it } from 'vitest';
import type { Engine, PerceptualObjective } from '../../src/engine/engine.js';
import { processor } from '../../src/engine/onnx/device.js';
import { OnnxEngine } from '../../src/engine/onnx/onnx-engine.js';
import type { Tensor, TensorFlow } from '../../src/engine/tensorflow/tensorflow.js';
import { TensorFlowEngine } from '../../src/engine/tensorflow/tensorflow-engine.js';
import type { Pooling } from '../../src/engine/topology.js';
import { bundledWeights } from '../../src/engine/weights/bundled.js';
import { layersOf, loadNetwork, type Network } from '../../src/engine/weights/network.js';
import { randomNetwork } from '../../src/engine/weights/random-network.js';
import { cosine, relativeError } from '../numbers.js';
import { testTensorFlow } from './engines.js';
import { noisePicture, wavyMap, wavyPicture } from './random-pictures.js';

/**
 * Makes an objective of these layers.
 * @param plain - whether style is compared by Gram matrices, without maps; otherwise by moments, with a map for each
 * term.
 */
async function objectiveFor(
  engine: Engine,
  content: readonly string[],
  style: readonly string[],
  side: number,
  plain = true,
) {
  const { activations } = await engine.features(wavyPicture(side, side, 1), { activations: content });
  const request = plain ? { grams: style } : { moments: style };
  const { grams, moments } = await engine.features(wavyPicture(side + 5, side + 2, 2), request);
  const mapFor = (seed: number) => (plain ? {} : { map: wavyMap(side, side, seed) });
  const objective: PerceptualObjective = {
    content: [...activations].map(([layer, target]) => ({ layer, weight: 1, target, ...mapFor(5) })),
    style: [...grams, ...moments].map(([layer, target]) => ({ layer, weight: 10, target, ...mapFor(6) })),
  };
  return objective;
}

const small = randomNetwork([[4, 5], [6], [7]], 5);
const smallLayers = { content: ['relu2_1'], style: ['relu1_1', 'relu3_1'] } as const;
const smallObjective = (engine: Engine, side: number, plain = true) =>
  objectiveFor(engine, smallLayers.content, smallLayers.style, side, plain);

describe('the TensorFlow engine agrees with the ONNX engine', () => {
  const lite = (pooling: Pooling) => loadNetwork(bundledWeights('vgg19-lite'), { pooling });
  // The real VGG19 is compared in golden.test.ts, where its weights are at hand.
  const wide = async (pooling: Pooling) => randomNetwork('vgg19', 3, { upTo: 'relu3_4', pooling });

  type Load = (pooling: Pooling) => Promise<Network>;
  it.each<[name: string, pooling: Pooling, network: Load, side: number, plain: boolean]>([
    ['VGG19-lite', 'average', lite, 70, true],
    ['VGG19-lite', 'max', lite, 70, true],
    ['VGG19-lite, by moments and through maps,', 'max', lite, 50, false],
    ['VGG19 to conv3_4', 'average', wide, 40, true],
    ['VGG19 to conv3_4', 'max', wide, 40, true],
  ])('on %s with %s pooling', async (_name, pooling, load, side, plain) => {
    const network = await load(pooling);
    const [tensorFlow, onnx] = [
      new TensorFlowEngine(await testTensorFlow(), network),
      new OnnxEngine(network, processor(1)),
    ];
    const layers = layersOf(network);
    const style = layers.filter((layer) => /relu\d_1/.test(layer));
    const objective = await objectiveFor(onnx, layers.slice(-1), style, side, plain);
    const image = noisePicture(side, side, 3);
    const evaluate = async (engine: Engine) => (await engine.prepare(objective)).evaluate(image);
    const [actual, expected] = [await evaluate(tensorFlow), await evaluate(onnx)];
    expect(relativeError(actual.loss, expected.loss)).toBeLessThan(1e-4);
    for (const kind of ['content', 'style'] as const) {
      for (const [layer, term] of expected[kind]) {
        expect(relativeError(actual[kind].get(layer) ?? Number.NaN, term), `${kind} ${layer}`).toBeLessThan(1e-4);
      }
    }
    expect(cosine(actual.gradient, expected.gradient)).toBeGreaterThan(0.9999);
    await Promise.all([tensorFlow.dispose(), onnx.dispose()]);
  });
});

describe('the TensorFlow engine frees', () => {
  it('all that an evaluation makes, and the targets of the objective before', async () => {
    const tf = await testTensorFlow();
    const engine = new TensorFlowEngine(tf, small);
    const objective = await smallObjective(engine, 24);
    const prepared = await engine.prepare(objective);
    const image = noisePicture(24, 24, 3);
    await prepared.evaluate(image);
    const { numTensors, numBytes } = tf.memory();
    for (let i = 0; i < 49; i++) await prepared.evaluate(image);
    expect(tf.memory()).toMatchObject({ numTensors, numBytes });

    for (const plain of [true, false, true, false]) {
      const another = await engine.prepare(await smallObjective(engine, 24, plain));
      await another.evaluate(image);
      await prepared.evaluate(image);
      await engine.features(image, { activations: ['conv1_2'], grams: ['relu3_1'], moments: ['relu3_1'] });
    }
    expect(tf.memory()).toMatchObject({ numTensors, numBytes });
    await engine.dispose();
  });

  it('everything when it is disposed of', async () => {
    const tf = await testTensorFlow();
    const { numTensors, numBytes } = tf.memory();
    const engine = new TensorFlowEngine(tf, small);
    await (await engine.prepare(await smallObjective(engine, 24))).evaluate(noisePicture(24, 24, 3));
    await engine.dispose();
    expect(tf.memory()).toMatchObject({ numTensors, numBytes });
  });

  it.each([
    { place: 'forward', fails: 4 },
    { place: 'backward', fails: 7 },
  ])('what it kept for the backward pass when memory runs out in the $place pass', async ({ fails }) => {
    const tf = await testTensorFlow();
    let convolutionsLeft = Number.POSITIVE_INFINITY;
    const scarce: TensorFlow = {
      ...tf,
      conv2d: (x: Tensor, filter: Tensor, strides: number, padding: 'same') => {
        if (--convolutionsLeft === 0)
          throw new Error('OOM when allocating tensor with shape[1,24,24,5] and type float');
        return tf.conv2d(x, filter, strides, padding);
      },
    };
    const engine = new TensorFlowEngine(scarce, small);
    const prepared = await engine.prepare(await smallObjective(engine, 24));
    const image = noisePicture(24, 24, 3);
    const before = await prepared.evaluate(image);
    const { numTensors, numBytes } = tf.memory();
    convolutionsLeft = fails;
    await expect(prepared.evaluate(image)).rejects.toMatchObject({
      code: 'out-of-memory',
      message: expect.stringContaining('Take a smaller size'),
    });
    expect(tf.memory()).toMatchObject({ numTensors, numBytes });
    expect(await prepared.evaluate(image)).toEqual(before);
    await engine.dispose();
  });
});

describe('the TensorFlow engine computes on the thread that everything runs on', () => {
  it('and lets others have a turn after every evaluation', async () => {
    const engine = new TensorFlowEngine(await testTensorFlow(), small);
    const prepared = await engine.prepare(await smallObjective(engine, 16));
    let turns = 0;
    const turn = () => {
      turns++;
      next = setImmediate(turn);
    };
    let next = setImmediate(turn);
    for (let i = 0; i < 5; i++) await prepared.evaluate(noisePicture(16, 16, 3));
    clearImmediate(next);
    expect(turns).toBeGreaterThanOrEqual(4);
    await engine.dispose();
  });
});
