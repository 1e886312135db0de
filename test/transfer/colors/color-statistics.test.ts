import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../../src/imaging/rgb-image.js';
import { normalNumbers, uniformNumbers } from '../../../src/random-numbers.js';
import { blend, colorStatistics, recolor } from '../../../src/transfer/colors/color-statistics.js';

/** Makes a picture of independent evenly spread numbers of variance 1, mixed by a matrix and moved to a mean. */
function colorCloud(
  seed: number,
  { mean, mix }: { readonly mean: readonly number[]; readonly mix: readonly (readonly number[])[] },
  [width, height] = [40, 30] as const,
): RgbImage {
  const uniform = uniformNumbers(seed);
  const spread = () => Math.sqrt(12) * (uniform() - 0.5);
  const area = width * height;
  const data = new Float32Array(3 * area);
  for (let i = 0; i < area; i++) {
    const independent = [spread(), spread(), spread()];
    for (const [channel, row] of mix.entries()) {
      const mixed = row.reduce((sum, weight, k) => sum + weight * (independent[k] ?? 0), 0);
      data[channel * area + i] = (mean[channel] ?? 0) + mixed;
    }
  }
  return { width, height, data };
}

function flat(...color: readonly number[]): RgbImage {
  const data = Float32Array.from({ length: 3 * 20 * 20 }, (_, i) => color[Math.floor(i / 400)] ?? 0);
  return { width: 20, height: 20, data };
}

function statisticsOf({ width, height, data }: RgbImage) {
  const area = width * height;
  const planes = [0, 1, 2].map((channel) => Array.from(data.subarray(channel * area, (channel + 1) * area)));
  const mean = planes.map((plane) => plane.reduce((sum, value) => sum + value, 0) / area);
  const covariance = planes.map((a, row) =>
    planes.map((b, column) => {
      const products = a.map((value, i) => (value - (mean[row] ?? 0)) * ((b[i] ?? 0) - (mean[column] ?? 0)));
      return products.reduce((sum, product) => sum + product, 0) / area;
    }),
  );
  return { mean, covariance };
}

function largestDifference(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? Number.NaN))));
}

const photograph = colorCloud(1, {
  mean: [0.45, 0.5, 0.4],
  mix: [
    [0.14, 0, 0.04],
    [0.06, 0.12, 0],
    [0, 0.05, 0.12],
  ],
});

const painting = colorCloud(2, {
  mean: [0.6, 0.45, 0.5],
  mix: [
    [0.1, 0.06, 0],
    [0, 0.1, -0.04],
    [-0.05, 0, 0.11],
  ],
});

describe('a recoloured picture', () => {
  it("has the palette's mean and covariance", () => {
    const result = recolor(photograph, colorStatistics(painting));
    // Clamped values would change the statistics, so none may be.
    expect(result.data.every((value) => value > 0 && value < 1)).toBe(true);
    const [actual, wanted] = [statisticsOf(result), statisticsOf(painting)];
    expect(largestDifference(actual.mean, wanted.mean)).toBeLessThan(1e-5);
    const spread = Math.max(...wanted.covariance.flat());
    expect(largestDifference(actual.covariance.flat(), wanted.covariance.flat())).toBeLessThan(0.05 * spread);
  });

  it('is nearly itself where the palette is its own', () => {
    const result = recolor(photograph, colorStatistics(photograph));
    expect(largestDifference([...result.data], [...photograph.data])).toBeLessThan(1e-4);
  });

  it('is a new picture in [0, 1], and the others stay as they are', () => {
    const before = [photograph.data.slice(), painting.data.slice()];
    const vivid = { ...painting, data: painting.data.map((value) => 4 * value - 1.5) };
    const result = recolor(photograph, colorStatistics(vivid));
    expect(result).toMatchObject({ width: 40, height: 30 });
    expect(result.data).toHaveLength(3600);
    expect(Math.min(...result.data)).toBe(0);
    expect(Math.max(...result.data)).toBe(1);
    expect([photograph.data, painting.data]).toEqual(before);
  });

  it.each([
    ['black', flat(0, 0, 0)],
    ['white', flat(1, 1, 1)],
    ['of one colour', flat(0.2, 0.7, 0.4)],
  ])('which was %s has one colour, the mean of the palette', (_name, picture) => {
    const { mean, covariance } = statisticsOf(recolor(picture, colorStatistics(painting)));
    expect(largestDifference(mean, statisticsOf(painting).mean)).toBeLessThan(1e-5);
    expect(Math.max(...covariance.flat())).toBeLessThan(1e-10);
  });

  it('takes on a flat palette by losing nearly all of its contrast', () => {
    const { mean, covariance } = statisticsOf(recolor(photograph, colorStatistics(flat(0.2, 0.7, 0.4))));
    expect(largestDifference(mean, [0.2, 0.7, 0.4])).toBeLessThan(1e-5);
    expect(Math.max(...covariance.flat())).toBeLessThan(2e-3);
  });

  it('which was grey gets the colours of the palette along its greys, and no coloured noise', () => {
    const grey = colorCloud(3, { mean: [0.5, 0.5, 0.5], mix: [[0.15], [0.15], [0.15]] });
    // The noise is that of the last of 8 bits, different in each channel, as a JPEG of a grey photograph has it.
    const normal = normalNumbers(4);
    const noisy = { ...grey, data: grey.data.map((value) => value + normal() / 255) };
    const [clean, result] = [recolor(grey, colorStatistics(painting)), recolor(noisy, colorStatistics(painting))];
    expect(result.data.every(Number.isFinite)).toBe(true);
    expect(largestDifference(statisticsOf(clean).mean, statisticsOf(painting).mean)).toBeLessThan(0.01);
    const noise = clean.data.map((value, i) => value - (result.data[i] ?? 0));
    const spread = Math.sqrt(noise.reduce((sum, value) => sum + value * value, 0) / noise.length);
    expect(spread).toBeLessThan(5 / 255);
  });

  it('may be a single pixel', () => {
    const pixel = { width: 1, height: 1, data: Float32Array.of(0.1, 0.9, 0.3) };
    expect(
      largestDifference([...recolor(pixel, colorStatistics(painting)).data], statisticsOf(painting).mean),
    ).toBeLessThan(1e-5);
    expect(recolor(painting, colorStatistics(pixel)).data.every(Number.isFinite)).toBe(true);
  });
});

describe('blended colour statistics', () => {
  it('are exactly those of a picture that has all the weight', () => {
    const statistics = colorStatistics(photograph);
    expect(blend([{ statistics, weight: 1 }])).toEqual(statistics);
  });

  it('lie between those of their pictures', () => {
    const [first, second] = [colorStatistics(photograph), colorStatistics(painting)];
    const { mean, covariance } = blend([
      { statistics: first, weight: 0.75 },
      { statistics: second, weight: 0.25 },
    ]);
    const between = (a: number | undefined, b: number | undefined) => 0.75 * (a ?? 0) + 0.25 * (b ?? 0);
    expect(mean[2]).toBeCloseTo(between(first.mean[2], second.mean[2]), 12);
    expect(covariance[0]?.[1]).toBeCloseTo(between(first.covariance[0]?.[1], second.covariance[0]?.[1]), 12);
  });
});
