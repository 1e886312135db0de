import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine, PerceptualEvaluation, PerceptualObjective, WeightMap } from '../../src/engine/engine.js';
import { randomNetwork } from '../../src/engine/weights/random-network.js';
import { cosine, relativeError } from '../numbers.js';
import { engineKinds } from './engines.js';
import { noisePicture, wavyMap, wavyPicture } from './random-pictures.js';

const network = randomNetwork([[4, 5], [6], [7]], 5);
const [width, height] = [22, 17];
const image = noisePicture(width, height, 3);

/** Makes a map with one value everywhere except for the pixel `at`, which has the value `pixel`. */
function flatMap(value: number, { at, pixel = value }: { at?: number; pixel?: number } = {}): WeightMap {
  return { width, height, data: new Float32Array(width * height).fill(value).map((v, i) => (i === at ? pixel : v)) };
}

describe.each(engineKinds)('$name:', ({ open }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open(network);
  });
  afterAll(() => engine.dispose());

  type Statistic = 'grams' | 'moments';

  async function objectiveWith(statistic: Statistic, map?: WeightMap, on = engine): Promise<PerceptualObjective> {
    const { activations } = await on.features(wavyPicture(width, height, 1), { activations: ['relu2_1'] });
    const style = await on.features(wavyPicture(20, 24, 2), { [statistic]: ['relu1_1', 'relu3_1'] });
    const mapped = map === undefined ? {} : { map };
    return {
      content: [...activations].map(([layer, target]) => ({ layer, weight: 1, target, ...mapped })),
      style: [...style.grams, ...style.moments].map(([layer, target]) => ({ layer, weight: 2, target, ...mapped })),
    };
  }

  async function evaluate(statistic: Statistic, map?: WeightMap, on = engine): Promise<PerceptualEvaluation> {
    return (await on.prepare(await objectiveWith(statistic, map, on))).evaluate(image);
  }

  describe.each(['grams', 'moments'] as const)('a weight map, with %s,', (statistic) => {
    it.each([1, 0.01, 250])('that is %d everywhere is as good as none', async (value) => {
      const [mapped, plain] = [await evaluate(statistic, flatMap(value)), await evaluate(statistic)];
      expect(relativeError(mapped.loss, plain.loss)).toBeLessThan(1e-5);
      expect(cosine(mapped.gradient, plain.gradient)).toBeGreaterThan(1 - 1e-6);
    });

    it('keeps its layers blind to what is far from where it is not zero', async () => {
      const map = flatMap(0, { at: 0, pixel: 1 });
      const { gradient } = await evaluate(statistic, map);
      // The corner position of relu3_1 sees no pixel more than 12 away.
      const far = gradient.filter((_, i) => i % width >= 16);
      expect(far.every((value) => value === 0)).toBe(true);
      expect(gradient.some((value) => value !== 0)).toBe(true);
    });
  });

  it('objectives of the same layers, by either statistic, with maps and without, are kept apart', async () => {
    const variants = (['grams', 'moments'] as const).flatMap((statistic) =>
      [undefined, wavyMap(width, height, 4)].map((map) => [statistic, map] as const),
    );
    const together: PerceptualEvaluation[] = [];
    for (const [statistic, map] of variants) together.push(await evaluate(statistic, map));
    for (const [index, [statistic, map]] of variants.entries()) {
      const alone = await open(network);
      expect(together[index]).toEqual(await evaluate(statistic, map, alone));
      await alone.dispose();
    }
    expect(new Set(together.map(({ loss }) => loss))).toHaveProperty('size', variants.length);
  });

  it('a picture that is the style has no error in its moments', async () => {
    const { moments } = await engine.features(image, { moments: ['relu1_1', 'relu3_1'] });
    const style = [...moments].map(([layer, target]) => ({ layer, weight: 1, target }));
    const { loss } = await (await engine.prepare({ content: [], style })).evaluate(image);
    expect(loss).toBeLessThan(1e-9);
  });

  describe('a weight map is refused', () => {
    it.each([
      ['of zeros', flatMap(0), 'wrong-map', /relu2_1 is zero everywhere/],
      // Pooling leaves out the last row and column of an odd side, so no position sees this pixel.
      [
        'of zeros where a layer looks',
        flatMap(0, { at: width * height - 1, pixel: 1 }),
        'wrong-map',
        /zero everywhere/,
      ],
      ['with a negative value', flatMap(1, { at: 7, pixel: -0.5 }), 'wrong-map', /Value 7 .* is -0.5/],
      ['with NaN', flatMap(1, { at: 7, pixel: Number.NaN }), 'not-finite', /Value 7 .* is NaN/],
      ['with infinity', flatMap(1, { at: 7, pixel: Number.POSITIVE_INFINITY }), 'not-finite', /Value 7 .* is Infinity/],
      ['with too few values', { width, height, data: new Float32Array(5).fill(1) }, 'wrong-size', /22×17 has 374 .*5/],
    ])('%s', async (_what, map, code, message) => {
      const objective = await objectiveWith('grams', map);
      await expect(engine.prepare(objective)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    });

    it('of another size than the picture', async () => {
      const { style } = await objectiveWith('moments', wavyMap(width, height + 1, 4));
      const prepared = await engine.prepare({ content: [], style });
      await expect(prepared.evaluate(image)).rejects.toMatchObject({
        code: 'wrong-size',
        message: expect.stringMatching(/relu1_1 is 22×18, but the picture is 22×17/),
      });
    });
  });

  it('moments of another network are refused', async () => {
    const { style } = await objectiveWith('moments');
    const other = await open(randomNetwork([[3, 4], [5], [6]], 5));
    await expect(other.prepare({ content: [], style })).rejects.toMatchObject({ code: 'wrong-size' });
    await other.dispose();
  });
});
