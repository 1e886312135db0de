import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine, PerceptualObjective } from '../../../src/engine/engine.js';
import { processor, webGpuDevice } from '../../../src/engine/onnx/device.js';
import { OnnxEngine } from '../../../src/engine/onnx/onnx-engine.js';
import { bundledWeights } from '../../../src/engine/weights/bundled.js';
import { layersOf, loadNetwork, type Network } from '../../../src/engine/weights/network.js';
import { randomNetwork } from '../../../src/engine/weights/random-network.js';
import { defaultLayers } from '../../../src/transfer/transfer-layers.js';
import { cosine, relativeError } from '../../numbers.js';
import { noSoftwareVulkan, softwareVulkan } from '../../software-vulkan.js';
import { noisePicture, wavyMap, wavyPicture } from '../random-pictures.js';

/*
 * The device against the processor, on software Vulkan, where a few hundred channels take minutes. Sessions on WebGPU
 * forbid that the processor computes anything, so each of these tests also shows that the device does it all.
 */

/** VGG19's blocks with few channels. */
const likeVgg19 = [
  [4, 4],
  [4, 4],
  [4, 4, 4, 4],
  [4, 4, 4, 4],
  [4, 4],
];

const side = 32;
/** A size that no pooling divides, for which a graph is made for that size alone. */
const odd = { width: 37, height: 21 };

async function objectiveFor(engine: Engine, statistic: 'grams' | 'moments', isMapped: boolean, size: Size) {
  const layers = defaultLayers(engine.network);
  const { width, height } = size;
  const content = Object.keys(layers.content);
  const style = Object.keys(layers.style);
  const { activations } = await engine.features(wavyPicture(width, height, 1), { activations: content });
  const features = await engine.features(wavyPicture(40, 24, 2), { [statistic]: style });
  const map = isMapped ? { map: wavyMap(width, height, 5) } : {};
  const objective: PerceptualObjective = {
    content: [...activations].map(([layer, target]) => ({ layer, weight: 0.7, target, ...map })),
    style: [...features.grams, ...features.moments].map(([layer, target]) => ({ layer, weight: 0.4, target, ...map })),
  };
  return objective;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

async function expectParity(gpu: Engine, cpu: Engine, objective: PerceptualObjective, { width, height }: Size) {
  const image = noisePicture(width, height, 3);
  const actual = await (await gpu.prepare(objective)).evaluate(image);
  const expected = await (await cpu.prepare(objective)).evaluate(image);
  expect(relativeError(actual.loss, expected.loss), 'loss').toBeLessThan(1e-4);
  for (const kind of ['content', 'style'] as const) {
    for (const [layer, error] of expected[kind]) {
      expect(relativeError(actual[kind].get(layer) ?? Number.NaN, error), layer).toBeLessThan(1e-4);
    }
  }
  expect(cosine(actual.gradient, expected.gradient), 'gradient').toBeGreaterThan(0.9999);
}

describe.skipIf(noSoftwareVulkan !== undefined)(
  `WebGPU on software Vulkan (${noSoftwareVulkan ?? 'here'})`,
  { timeout: 300_000 },
  () => {
    beforeAll(() => {
      Object.assign(process.env, softwareVulkan);
    });

    describe.each([
      { name: 'VGG19-lite', load: () => loadNetwork(bundledWeights('vgg19-lite')), poolings: ['max'] },
      { name: "VGG19's shape", load: async () => randomNetwork(likeVgg19, 7), poolings: ['max', 'average'] },
    ] as const)('$name', ({ name, load, poolings }) => {
      describe.each(poolings)('with %s pooling has loss, terms and gradient of the processor', (pooling) => {
        let network: Network;
        let cpu: Engine;
        let gpu: Engine;
        beforeAll(async () => {
          network = { ...(await load()), pooling };
          cpu = new OnnxEngine(network, processor(1));
          gpu = new OnnxEngine(network, webGpuDevice());
        });
        afterAll(() => Promise.all([cpu.dispose(), gpu.dispose()]));

        const square = { width: side, height: side };
        it.each([
          { statistic: 'grams', isMapped: false, size: square },
          ...(name === 'VGG19-lite'
            ? []
            : ([
                { statistic: 'moments', isMapped: false, size: square },
                { statistic: 'grams', isMapped: true, size: square },
                { statistic: 'moments', isMapped: true, size: odd },
              ] as const)),
        ] as const)(
          'by $statistic, maps: $isMapped, at $size.width×$size.height',
          async ({ statistic, isMapped, size }) => {
            await expectParity(gpu, cpu, await objectiveFor(cpu, statistic, isMapped, size), size);
          },
        );
      });
    });

    it('has the features of the processor, at any size', async () => {
      const network = randomNetwork([[4, 5], [6, 7], [5]], 11);
      const [cpu, gpu] = [new OnnxEngine(network, processor(1)), new OnnxEngine(network, webGpuDevice())];
      const layers = layersOf(network).filter((layer) => layer.startsWith('relu'));
      for (const { width, height } of [odd, { width: 32, height: 16 }]) {
        const request = { activations: layers, grams: layers, moments: layers };
        const [actual, expected] = [
          await gpu.features(noisePicture(width, height, 1), request),
          await cpu.features(noisePicture(width, height, 1), request),
        ];
        for (const layer of layers) {
          const pairs = [
            [actual.activations.get(layer)?.data, expected.activations.get(layer)?.data],
            [actual.grams.get(layer)?.data, expected.grams.get(layer)?.data],
            [actual.moments.get(layer)?.mean, expected.moments.get(layer)?.mean],
            [actual.moments.get(layer)?.covariance, expected.moments.get(layer)?.covariance],
          ];
          for (const [a = new Float32Array(), b = new Float32Array()] of pairs) {
            expect(cosine(a, b), layer).toBeGreaterThan(0.999999);
          }
        }
      }
      await Promise.all([cpu.dispose(), gpu.dispose()]);
    });

    it('keeps the targets of two objectives apart that are evaluated in turn', async () => {
      const network = randomNetwork([[4], [4]], 3);
      const [cpu, gpu] = [new OnnxEngine(network, processor(1)), new OnnxEngine(network, webGpuDevice())];
      const size = { width: side, height: side };
      const first = await objectiveFor(cpu, 'grams', false, size);
      const second: PerceptualObjective = {
        content: first.content.map((term) => ({
          ...term,
          target: { ...term.target, data: term.target.data.map((value) => 1 - value) },
        })),
        style: first.style,
      };
      const image = noisePicture(side, side, 3);
      const losses = async (engine: Engine) => {
        const prepared = [await engine.prepare(first), await engine.prepare(second)];
        const found: number[] = [];
        for (const turn of [0, 1, 0]) found.push((await prepared[turn]?.evaluate(image))?.loss ?? Number.NaN);
        return found;
      };
      const [actual, expected] = [await losses(gpu), await losses(cpu)];
      for (const [i, loss] of expected.entries())
        expect(relativeError(actual[i] ?? Number.NaN, loss)).toBeLessThan(1e-4);
      expect(actual[0]).toBe(actual[2]);
      await Promise.all([cpu.dispose(), gpu.dispose()]);
    });
  },
);
