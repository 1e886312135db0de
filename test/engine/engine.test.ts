import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CodedError, isCoded } from '../../src/coded-error.js';
import type { Activations, Engine, FeatureRequest, Gram, PerceptualObjective } from '../../src/engine/engine.js';
import { randomNetwork } from '../../src/engine/weights/random-network.js';
import type { RgbImage } from '../../src/imaging/rgb-image.js';
import { relativeError } from '../numbers.js';
import { engineKinds } from './engines.js';
import { noisePicture } from './random-pictures.js';

const network = randomNetwork([[4, 5], [6], [7]], 5);
const otherNetwork = randomNetwork([[3, 4], [5], [6]], 5);

async function failureOf(action: Promise<unknown>): Promise<CodedError> {
  const error = await action.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (isCoded(error, 'engine')) return error;
  throw new Error(`Expected an error of an engine, got ${error}`);
}

describe.each(engineKinds)('$name:', ({ open }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open(network);
  });
  afterAll(() => engine.dispose());

  async function activationsOf(layer: string, image: RgbImage, from = engine): Promise<Activations> {
    const target = (await from.features(image, { activations: [layer] })).activations.get(layer);
    if (!target) throw new Error(`no activations of ${layer}`);
    return target;
  }

  async function gramOf(layer: string, image: RgbImage, from = engine): Promise<Gram> {
    const target = (await from.features(image, { grams: [layer] })).grams.get(layer);
    if (!target) throw new Error(`no Gram matrix of ${layer}`);
    return target;
  }

  async function objectiveAt(width: number, height: number): Promise<PerceptualObjective> {
    const [content, style] = [noisePicture(width, height, 1), noisePicture(20, 24, 2)];
    return {
      content: [{ layer: 'relu2_1', weight: 1, target: await activationsOf('relu2_1', content) }],
      style: [
        { layer: 'relu1_1', weight: 0.5, target: await gramOf('relu1_1', style) },
        { layer: 'relu3_1', weight: 2, target: await gramOf('relu3_1', style) },
      ],
    };
  }

  describe('a layer that the network lacks', () => {
    const image = noisePicture(16, 16, 1);
    const layers = ['conv1_1', 'relu1_1', 'conv1_2', 'relu1_2', 'conv2_1', 'relu2_1', 'conv3_1', 'relu3_1'];

    it.each<[string, FeatureRequest]>([
      ['as activations', { activations: ['relu1_1', 'relu4_1'] }],
      ['as a Gram matrix', { grams: ['relu4_1'] }],
    ])('is named with those that there are, %s', async (_how, request) => {
      const error = await failureOf(engine.features(image, request));
      expect(error).toMatchObject({
        code: 'unknown-layer',
        context: { layer: 'relu4_1', available: layers.join(', ') },
      });
      expect(error.message).toContain('"relu4_1"');
      expect(error.message).toContain(layers.join(', '));
    });

    it('is refused in an objective', async () => {
      const { content, style } = await objectiveAt(16, 16);
      const renamed = <Term extends { layer: string }>(terms: readonly Term[], layer: string) =>
        terms.slice(0, 1).map((term) => ({ ...term, layer }));
      for (const objective of [
        { content: renamed(content, 'relu2_9'), style },
        { content, style: renamed(style, 'pool1') },
      ]) {
        expect(await failureOf(engine.prepare(objective))).toMatchObject({ code: 'unknown-layer' });
      }
    });
  });

  describe('a picture is refused', () => {
    it('where it has not three values a pixel', async () => {
      const image = { width: 16, height: 16, data: new Float32Array(16 * 16) };
      const prepared = await engine.prepare(await objectiveAt(16, 16));
      for (const action of [engine.features(image, { grams: ['relu1_1'] }), prepared.evaluate(image)]) {
        expect(await failureOf(action)).toMatchObject({
          code: 'wrong-size',
          message: expect.stringMatching(/16×16 has 768 values, but 256 came/),
        });
      }
    });

    it('where it is empty', async () => {
      const empty = { width: 0, height: 8, data: new Float32Array() };
      expect(await failureOf(engine.features(empty, { grams: ['relu1_1'] }))).toMatchObject({ code: 'wrong-size' });
    });

    it('where pooling would leave nothing of it', async () => {
      const narrow = noisePicture(3, 40, 1);
      const error = await failureOf(engine.features(narrow, { activations: ['relu1_1'], grams: ['relu3_1'] }));
      expect(error).toMatchObject({ code: 'wrong-size', context: { width: 3, height: 40, smallest: 4 } });
      expect(error.message).toContain('at least 4 pixels');
      expect((await gramOf('relu3_1', noisePicture(4, 40, 1))).channels).toBe(7);
      expect((await gramOf('relu1_2', narrow)).channels).toBe(5);
    });

    it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
      'where it holds %d, and says where',
      async (value) => {
        const image = noisePicture(16, 16, 1);
        image.data[300] = value;
        const prepared = await engine.prepare(await objectiveAt(16, 16));
        for (const action of [engine.features(image, { activations: ['relu1_1'] }), prepared.evaluate(image)]) {
          const error = await failureOf(action);
          expect(error).toMatchObject({ code: 'not-finite', context: { position: 300 } });
          expect(error.message).toContain(`value 300 is ${value}`);
        }
      },
    );

    it('where its size is not that of the content', async () => {
      const prepared = await engine.prepare(await objectiveAt(16, 16));
      const error = await failureOf(prepared.evaluate(noisePicture(16, 20, 1)));
      expect(error).toMatchObject({
        code: 'wrong-size',
        context: { layer: 'relu2_1', targetWidth: 8, targetHeight: 8 },
      });
      expect(error.message).toMatch(/8×8.*16×20.*8×10/);
    });
  });

  describe('an objective', () => {
    it('is refused without a layer', async () => {
      expect(await failureOf(engine.prepare({ content: [], style: [] }))).toMatchObject({ code: 'failed' });
    });

    it('is refused with targets of another network', async () => {
      const { content, style } = await objectiveAt(16, 16);
      const other = await open(otherNetwork);
      const image = noisePicture(16, 16, 1);
      const [activations, gram] = [await activationsOf('relu2_1', image, other), await gramOf('relu1_1', image, other)];
      await other.dispose();
      for (const objective of [
        { content: [{ layer: 'relu2_1', weight: 1, target: activations }], style },
        { content, style: [{ layer: 'relu1_1', weight: 1, target: gram }] },
      ]) {
        const error = await failureOf(engine.prepare(objective));
        expect(error.code).toBe('wrong-size');
        expect(error.message).toMatch(/has \d channels.*same network/);
      }
    });

    it('gives the same bytes for the same picture', async () => {
      const prepared = await engine.prepare(await objectiveAt(20, 15));
      const image = noisePicture(20, 15, 9);
      expect(await prepared.evaluate(image)).toEqual(await prepared.evaluate(image));
    });

    it('leaves the picture alone and hands over the gradient', async () => {
      const prepared = await engine.prepare(await objectiveAt(16, 12));
      const image = noisePicture(16, 12, 9);
      const first = await prepared.evaluate(image);
      expect(image).toEqual(noisePicture(16, 12, 9));
      const gradient = first.gradient.slice();
      first.gradient.fill(Number.NaN);
      expect((await prepared.evaluate(image)).gradient).toEqual(gradient);
    });

    it('keeps its own weights and targets beside another one of the same layers', async () => {
      const objective = await objectiveAt(16, 16);
      const doubled = <Term extends { weight: number }>(terms: readonly Term[]) =>
        terms.map((term) => ({ ...term, weight: 2 * term.weight }));
      const nearer = { ...objective.content[0], target: await activationsOf('relu2_1', noisePicture(16, 16, 9)) };
      const image = noisePicture(16, 16, 9);
      const plain = await engine.prepare(objective);
      const twice = await engine.prepare({ content: doubled(objective.content), style: doubled(objective.style) });
      const reached = await engine.prepare({
        content: [{ layer: 'relu2_1', weight: 1, ...nearer }],
        style: objective.style,
      });

      const first = await plain.evaluate(image);
      const [again, double, there] = await Promise.all([
        plain.evaluate(image),
        twice.evaluate(image),
        reached.evaluate(image),
      ]);
      expect(again).toEqual(first);
      expect(double.loss).toBeCloseTo(2 * first.loss, 6);
      expect(double.content).toEqual(first.content);
      expect(double.style).toEqual(first.style);
      expect(there.content.get('relu2_1')).toBeLessThan(1e-10);
      expect(there.style).toEqual(first.style);
    });

    it('has each term once', async () => {
      const { content, style } = await objectiveAt(16, 16);
      const error = await failureOf(engine.prepare({ content, style: [...style, ...style] }));
      expect(error).toMatchObject({ code: 'failed' });
      expect(error.message).toContain('relu1_1');
    });

    it('adds up its terms, each with its weight', async () => {
      const { loss, content, style } = await (await engine.prepare(await objectiveAt(16, 16))).evaluate(
        noisePicture(16, 16, 9),
      );
      const sum = (content.get('relu2_1') ?? 0) + 0.5 * (style.get('relu1_1') ?? 0) + 2 * (style.get('relu3_1') ?? 0);
      expect(relativeError(loss, sum)).toBeLessThan(1e-12);
    });

    it('of style alone takes pictures of any size in turn', async () => {
      const { style } = await objectiveAt(16, 16);
      const prepared = await engine.prepare({ content: [], style });
      const alone = async (width: number, height: number) =>
        (await engine.prepare({ content: [], style })).evaluate(noisePicture(width, height, 4));
      const sizes = [
        [16, 16],
        [23, 17],
        [8, 40],
        [16, 16],
      ] as const;
      for (const [width, height] of sizes) {
        const evaluation = await prepared.evaluate(noisePicture(width, height, 4));
        expect(evaluation.gradient).toHaveLength(3 * width * height);
        expect(evaluation).toEqual(await alone(width, height));
      }
    });

    it('may compare with black, whose activations have no energy to divide by', async () => {
      const { content } = await objectiveAt(16, 16);
      const zero = content.map((term) => ({ ...term, target: { ...term.target, data: new Float32Array(6 * 64) } }));
      const { loss, gradient } = await (await engine.prepare({ content: zero, style: [] })).evaluate(
        noisePicture(16, 16, 9),
      );
      expect(Number.isFinite(loss)).toBe(true);
      expect(gradient.every(Number.isFinite)).toBe(true);
    });
  });

  describe('an engine that was disposed of', () => {
    it('says so to every call, as often as it is disposed of', async () => {
      const short = await open(network);
      const image = noisePicture(16, 16, 1);
      const objective = await objectiveAt(16, 16);
      const prepared = await short.prepare(objective);
      await prepared.evaluate(image);
      await short.dispose();
      await short.dispose();
      for (const action of [
        short.features(image, { grams: ['relu1_1'] }),
        short.prepare(objective),
        prepared.evaluate(image),
      ]) {
        expect(await failureOf(action)).toMatchObject({ code: 'disposed' });
      }
    });

    it('before it was used has nothing to free', async () => {
      await (await open(network)).dispose();
    });

    it('while evaluations wait for their turn lets each end or says so', async () => {
      for (const turns of [0, 1, 2, 5]) {
        const short = await open(network);
        const prepared = await short.prepare(await objectiveAt(16, 16));
        const image = noisePicture(16, 16, 1);
        const { loss } = await prepared.evaluate(image);
        const running = Promise.allSettled([prepared.evaluate(image), prepared.evaluate(image)]);
        for (let turn = 0; turn < turns; turn++) await Promise.resolve();
        await short.dispose();
        for (const result of await running) {
          if (result.status === 'fulfilled') expect(result.value.loss).toBe(loss);
          else expect(result.reason).toMatchObject({ code: 'disposed' });
        }
      }
    });
  });
});
