import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { borderStatistics } from '../../../bench/quality/border.js';
import { comparePaired, estimate } from '../../../bench/quality/comparison.js';
import { styleAtContent } from '../../../bench/quality/equal-content.js';
import { highFrequencyEnergy } from '../../../bench/quality/high-frequency.js';
import { Judge } from '../../../bench/quality/judge.js';
import { diagonalPairs } from '../../../bench/quality/trials.js';
import { decodePicture } from '../../../src/imaging/decode.js';
import { resample } from '../../../src/imaging/resample.js';
import type { RgbImage } from '../../../src/imaging/rgb-image.js';
import { packageRoot } from '../../../src/package-root.js';
import { noisePicture } from '../../engine/random-pictures.js';

let photograph: RgbImage;
let painting: RgbImage;
beforeAll(async () => {
  const picture = async (file: string) =>
    resample((await decodePicture(await readFile(join(packageRoot(), file)), { maxSide: 256 })).image, 96, 80);
  [photograph, painting] = [await picture('examples/astronaut.jpg'), await picture('presets/dragonfire.jpg')];
});

function blurred({ width, height, data }: RgbImage): RgbImage {
  return resample(resample({ width, height, data }, width / 2, height / 2), width, height);
}

/** Turns a picture by half a circle: its texture is the same, but everything is somewhere else. */
function turned({ width, height, data }: RgbImage): RgbImage {
  const area = width * height;
  return { width, height, data: data.map((_, i) => data[i - (i % area) + area - 1 - (i % area)] ?? Number.NaN) };
}

/** Darkens a frame around the picture, `depth` pixels wide. */
function framed({ width, height, data }: RgbImage, depth: number): RgbImage {
  const isInside = (i: number) => {
    const [x, y] = [i % width, Math.floor(i / width) % height];
    return x >= depth && x < width - depth && y >= depth && y < height - depth;
  };
  return { width, height, data: data.map((value, i) => (isInside(i) ? value : 0.6 * value)) };
}

describe('a judge', () => {
  let judge: Judge;
  beforeAll(async () => {
    judge = await Judge.open();
  });
  afterAll(() => judge.dispose());

  it('sees no distance from a picture to itself', async () => {
    expect(await judge.distances(painting, painting, painting)).toEqual({ content: 0, styleGram: 0, styleMoments: 0 });
  });

  it('sees the style of a picture that is turned upside down, but not its content; of a photograph neither', async () => {
    const alike = await judge.distances(turned(painting), painting, painting);
    const unlike = await judge.distances(photograph, painting, painting);
    expect(alike.styleGram).toBeLessThan(0.3 * unlike.styleGram);
    expect(alike.styleMoments).toBeLessThan(0.4 * unlike.styleMoments);
    expect(alike.content).toBeGreaterThan(0.3 * unlike.content);
  });

  it('sees more distance the more noise there is', async () => {
    const noise = noisePicture(96, 80, 1);
    const noisy = (share: number) => ({
      ...photograph,
      data: photograph.data.map((value, i) => (1 - share) * value + share * (noise.data[i] ?? 0)),
    });
    const little = await judge.distances(noisy(0.1), photograph, photograph);
    const much = await judge.distances(noisy(0.4), photograph, photograph);
    for (const measure of ['content', 'styleGram', 'styleMoments'] as const) {
      expect(little[measure]).toBeGreaterThan(0);
      expect(much[measure]).toBeGreaterThan(2 * little[measure]);
    }
  });
});

describe('measures of pixels', () => {
  it('find less fine detail after blurring, and none in a flat picture', () => {
    expect(highFrequencyEnergy(blurred(photograph))).toBeLessThan(0.3 * highFrequencyEnergy(photograph));
    expect(highFrequencyEnergy({ ...photograph, data: photograph.data.map(() => 0.5) })).toBe(0);
  });

  it('see a darkened border, and none where there is none', () => {
    const flat = { width: 40, height: 30, data: new Float32Array(3 * 40 * 30).fill(0.5) };
    expect(borderStatistics(flat)).toEqual({ shift: 0, deviationRatio: 1 });
    expect(borderStatistics(framed(flat, 4)).shift).toBeLessThan(-0.15);
    const [before, after] = [borderStatistics(painting), borderStatistics(framed(painting, 4))];
    expect(after.shift).toBeLessThan(before.shift - 0.05);
    expect(after.deviationRatio).toBeLessThan(0.9 * before.deviationRatio);
  });
});

describe('a comparison', () => {
  it('tells mean and standard error', () => {
    expect(estimate([1, 2, 3, 4])).toEqual({ mean: 2.5, standardError: Math.sqrt(5 / 3 / 4), count: 4 });
  });

  it('finds a small, steady gain under a large variance between pairs', () => {
    const gains = [0.89, 0.91, 0.9, 0.92, 0.88];
    const { ratio, t, lower, pairs } = comparePaired(gains.map((gain, i) => [gain * 10 ** i, 10 ** i]));
    expect(ratio).toBeCloseTo(0.9, 3);
    expect(t).toBeLessThan(-10);
    expect([lower, pairs]).toEqual([5, 5]);
  });

  it('at equal content sees no gain where a setting merely sits elsewhere on the same curve', () => {
    const onCurve = (content: number) => ({ content, style: 0.3 / content });
    expect(styleAtContent([onCurve(4), onCurve(1), onCurve(2)], 1.5)).toBeCloseTo(0.2, 10);
    expect(styleAtContent([onCurve(1), onCurve(2)], 2)).toBe(0.15);
    expect(styleAtContent([onCurve(1), onCurve(2)], 2.1)).toBeUndefined();
    expect(styleAtContent([], 1)).toBeUndefined();
  });

  it('shows every style to as many contents, and no pair twice', () => {
    const pairs = diagonalPairs(['a', 'b', 'c'], ['x', 'y', 'z'], 2);
    expect(new Set(pairs.map(({ content, style }) => content + style)).size).toBe(6);
    for (const style of ['x', 'y', 'z']) expect(pairs.filter((pair) => pair.style === style)).toHaveLength(2);
  });
});
