import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine/engine.js';
import { Lbfgs } from '../../src/transfer/optimizers/lbfgs.js';
import { totalVariation } from '../../src/transfer/pixel-losses.js';
import { cosine, relativeError } from '../numbers.js';
import { pytorchResults } from '../shared-folder.js';
import { engineKinds } from './engines.js';
import { goldens } from './goldens.js';

if (pytorchResults.isMissing) it.skip(`VGG19 against PyTorch (${pytorchResults.need})`, () => {});

const pairs = engineKinds.flatMap((kind) => goldens().map((golden) => ({ kind, golden })));

for (const { kind, golden } of pairs) {
  const missing = golden.weightsPath === undefined;
  const { expected } = golden;
  const title = missing ? ` (skipped: ${expected.weights} is not here)` : '';
  describe.skipIf(missing)(`${kind.name} against PyTorch, ${golden.name}${title}`, () => {
    let engine: Engine;
    beforeAll(async () => {
      engine = await kind.open(await golden.network());
    });
    afterAll(() => engine.dispose());

    async function totalLoss() {
      const [content, style] = [await golden.content(), await golden.style()];
      const contentLayers = Object.entries(expected.contentLayers);
      const styleLayers = Object.entries(expected.styleLayers);
      const { activations } = await engine.features(content, { activations: contentLayers.map(([layer]) => layer) });
      const { grams } = await engine.features(style, { grams: styleLayers.map(([layer]) => layer) });
      const weights = expected.lossWeights;
      const prepared = await engine.prepare({
        content: contentLayers.map(([layer, weight]) => {
          const target = activations.get(layer);
          if (!target) throw new Error(`no activations of ${layer}`);
          return { layer, weight: weight * weights.content, target };
        }),
        style: styleLayers.map(([layer, weight]) => {
          const target = grams.get(layer);
          if (!target) throw new Error(`no Gram matrix of ${layer}`);
          return { layer, weight: weight * weights.style, target };
        }),
      });
      return async (data: Float32Array) => {
        const image = { width: content.width, height: content.height, data };
        const evaluation = await prepared.evaluate(image);
        const tv = totalVariation(image, { gradient: evaluation.gradient, weight: weights.tv });
        return { ...evaluation, tv, loss: evaluation.loss + weights.tv * tv };
      };
    }

    it('computes the same activations', async () => {
      const layers = Object.keys(expected.activationsOfContent);
      const { activations } = await engine.features(await golden.content(), { activations: layers });
      for (const layer of layers) {
        const actual = activations.get(layer);
        const reference = expected.activationsOfContent[layer];
        if (!actual || !reference) throw new Error(`no activations of ${layer}`);
        expect([1, actual.channels, actual.height, actual.width], layer).toEqual(reference.shape);
        const { mean, std, min, max } = statisticsOf(actual.data);
        expect(relativeError(std, reference.std), `${layer} std`).toBeLessThan(1e-4);
        expect(relativeError(mean, reference.mean), `${layer} mean`).toBeLessThan(1e-4);
        expect(relativeError(max, reference.max), `${layer} max`).toBeLessThan(1e-4);
        expect(Math.abs(min - reference.min) / reference.std, `${layer} min`).toBeLessThan(1e-3);
      }
    });

    it('computes the same loss, terms and gradient', async () => {
      const evaluate = await totalLoss();
      const { image, gradient } = await golden.image();
      const actual = await evaluate(image.data);
      expect(relativeError(actual.loss, expected.atImage.loss)).toBeLessThan(1e-4);
      expect(relativeError(actual.tv, expected.atImage.tv)).toBeLessThan(1e-4);
      for (const kind of ['content', 'style'] as const) {
        expect([...actual[kind].keys()]).toEqual(Object.keys(expected.atImage[kind]));
        for (const [layer, reference] of Object.entries(expected.atImage[kind])) {
          expect(relativeError(actual[kind].get(layer) ?? Number.NaN, reference), layer).toBeLessThan(1e-4);
        }
      }
      expect(cosine(actual.gradient, gradient)).toBeGreaterThan(0.99999);
      expect(relativeError(Math.sqrt(dotOf(actual.gradient)), Math.sqrt(dotOf(gradient)))).toBeLessThan(1e-3);
    });

    it.skipIf(!kind.isFast)('lets L-BFGS come as low as PyTorch in as many evaluations', async () => {
      const evaluate = await totalLoss();
      let evaluations = 0;
      let lowest = Number.POSITIVE_INFINITY;
      const optimizer = new Lbfgs(
        async (point) => {
          const evaluation = await evaluate(point);
          if (++evaluations <= expected.lbfgs.evaluations) lowest = Math.min(lowest, evaluation.loss);
          return evaluation;
        },
        (await golden.content()).data,
        { history: expected.lbfgs.history },
      );
      while (evaluations < expected.lbfgs.evaluations) await optimizer.step();
      expect(lowest).toBeLessThan(1.05 * expected.lbfgs.final.loss);
    });
  });
}

function statisticsOf(data: Float32Array) {
  let [sum, squares, min, max] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of data) {
    sum += value;
    squares += value * value;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  const mean = sum / data.length;
  const std = Math.sqrt(squares / data.length - mean * mean);
  return { mean, std, min, max };
}

function dotOf(data: Float32Array): number {
  return data.reduce((sum, value) => sum + value * value, 0);
}
