import { readFile } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import { crop } from '../../src/imaging/reflect-pad.js';
import { resample, resized } from '../../src/imaging/resample.js';
import { fromBytes } from '../../src/imaging/rgb-bytes.js';
import { draw, largestDifference, mean, meanDifference, mosaic, pixelAt } from './test-pictures.js';

const sizes = [
  [40, 30],
  [64, 48],
  [97, 53],
  [20, 80],
  [7, 5],
  [1, 1],
  [200, 3],
] as const;

describe.each(sizes)('from 64×48 to %i×%i', (width, height) => {
  test('a constant stays constant, up to the border', () => {
    const constant = draw(64, 48, () => [0.3, 0.7, -0.2]);

    const resampled = resample(constant, width, height);

    expect(
      largestDifference(
        resampled,
        draw(width, height, () => [0.3, 0.7, -0.2]),
      ),
    ).toBeLessThan(1e-6);
  });

  test('the mean is kept', () => {
    const picture = mosaic(64, 48);

    const resampled = resample(picture, width, height);

    expect(Math.abs(mean(resampled.data) - mean(picture.data))).toBeLessThan(0.02);
  });
});

test.each([
  [96, 96, 1e-6],
  [160, 130, 1e-6],
  [48, 40, 2e-3],
  [20, 20, 2e-3],
])('a ramp of 64×64 stays straight inside of %i×%i', (width, height, tolerance) => {
  // Coordinates go from 0 to 1 across the picture, so that pixel centres of both sizes lie on the same lines.
  const ramp = (w: number, h: number) =>
    draw(w, h, (x, y) => [(x + 0.5) / w, (y + 0.5) / h, (x + 0.5) / w - (y + 0.5) / h]);

  const resampled = resample(ramp(64, 64), width, height);

  const margin = 4;
  const inside = (image: ReturnType<typeof ramp>) =>
    crop(image, margin, margin, image.width - 2 * margin, image.height - 2 * margin);
  expect(largestDifference(inside(resampled), inside(ramp(width, height)))).toBeLessThan(tolerance);
});

test('the same size gives the same values in memory of their own', () => {
  const picture = mosaic(20, 10);

  const copy = resample(picture, 20, 10);

  expect(copy).toEqual(picture);
  expect(copy.data).not.toBe(picture.data);
});

test('what has the wanted size can be had without a copy', () => {
  const picture = mosaic(20, 10);

  expect(resized(picture, 20, 10)).toBe(picture);
  expect(resized(picture, 10, 10)).toEqual(resample(picture, 10, 10));
});

test('the axes do not depend on each other', () => {
  const picture = mosaic(40, 40);

  const both = resample(picture, 60, 25);

  expect(largestDifference(both, resample(resample(picture, 60, 40), 60, 25))).toBeLessThan(1e-6);
  expect(largestDifference(both, resample(resample(picture, 40, 25), 60, 25))).toBeLessThan(1e-6);
});

test('shrinking does not alias: a fine checkerboard becomes grey', () => {
  const checkerboard = draw(100, 100, (x, y) => ((x + y) % 2 ? [1, 1, 1] : [0, 0, 0]));

  const small = resample(checkerboard, 30, 30);

  expect(
    largestDifference(
      crop(small, 3, 3, 24, 24),
      draw(24, 24, () => [0.5, 0.5, 0.5]),
    ),
  ).toBeLessThan(0.01);
});

test('enlarging an edge overshoots by less than a tenth, and is not clamped', () => {
  const edge = draw(20, 20, (x) => (x < 10 ? [0, 0, 0] : [1, 1, 1]));

  const { data } = resample(edge, 80, 80);

  const [smallest, largest] = [Math.min(...data), Math.max(...data)];
  expect(smallest).toBeGreaterThan(-0.1);
  expect(smallest).toBeLessThan(-0.01);
  expect(largest).toBeLessThan(1.1);
  expect(largest).toBeGreaterThan(1.01);
});

test('enlarging meets the samples again', () => {
  const picture = mosaic(15, 15);

  // The factor 3 is odd, so that every third pixel has its centre on one of the original picture's.
  const large = resample(picture, 45, 45);

  for (const [x, y] of [
    [0, 0],
    [7, 3],
    [14, 14],
  ] as const) {
    for (const [channel, value] of pixelAt(large, 3 * x + 1, 3 * y + 1).entries()) {
      expect(value).toBeCloseTo(pixelAt(picture, x, y)[channel] ?? Number.NaN, 5);
    }
  }
});

test.each([
  [300, 200],
  [450, 300],
  [128, 85],
])('a photograph shrinks to %i×%i as with libvips', async (width, height) => {
  const raw = (image: Sharp) => image.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const photograph = await readFile('examples/coffee.jpg');
  const original = await raw(sharp(photograph));
  const theirs = await raw(
    sharp(original.data, { raw: original.info }).resize(width, height, { fit: 'fill', kernel: 'lanczos3' }),
  );

  const ours = resample(fromBytes(original.data, original.info.width, original.info.height), width, height);

  expect(meanDifference(ours, fromBytes(theirs.data, width, height))).toBeLessThan(0.006);
});

test.each([
  [0, 5],
  [5, -1],
  [2.5, 5],
  [Number.NaN, 5],
])('a size of %d×%d is an error', (width, height) => {
  expect(() => resample(mosaic(8, 8), width, height)).toThrow(`got ${width}×${height}`);
});
