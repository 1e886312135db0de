import { beforeAll, describe, expect, it } from 'vitest';
import type { RgbImage } from '../../src/imaging/rgb-image.js';
import {
  type SpotDifferenceOptions,
  type SpotDifferenceProgress,
  type SpotDifferenceResult,
  spotDifference,
} from '../../src/spot-difference/spot-difference.js';
import { draw, largestDifference, meanDifference, pixelAt } from '../imaging/test-pictures.js';
import { photograph } from './photographs.js';

let first: RgbImage;
let second: RgbImage;
beforeAll(async () => {
  first = await photograph('coffee', 120);
  const { width, height, data } = first;
  second = draw(width, height, (x, y) => {
    const [red, green, blue] = [0, 1, 2].map((channel) => data[(channel * height + y) * width + x] ?? 0) as [
      number,
      number,
      number,
    ];
    return Math.hypot(x - 30, y - 50) < 8 || Math.hypot(x - 90, y - 20) < 6 ? [blue, green, red] : [red, green, blue];
  });
});

async function run(a: RgbImage, b: RgbImage, options: SpotDifferenceOptions = {}) {
  const progress: (SpotDifferenceProgress & { now: RgbImage })[] = [];
  const generator = spotDifference(a, b, options);
  let turn = await generator.next();
  while (!turn.done) {
    progress.push({ ...turn.value, now: turn.value.picture() });
    turn = await generator.next();
  }
  const result: SpotDifferenceResult = turn.value;
  return { progress, result };
}

describe('spotDifference', () => {
  it('turns the first picture into the second, a part of the way in each epoch', async () => {
    const { progress, result } = await run(first, second);
    expect(progress.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
    expect(progress.every(({ epochs, comparison }) => epochs === 30 && comparison.found === 2)).toBe(true);
    expect(progress.at(-1)?.secondsLeft).toBe(0);
    const distances = [first, ...progress.map(({ now }) => now)].map((picture) => meanDifference(picture, second));
    for (let epoch = 1; epoch < distances.length; epoch++) {
      const share = (distances[epoch] ?? 0) / (distances[epoch - 1] ?? 0);
      // Each epoch leaves the same share of the difference, 0.02^(1/30), so that 2 % are left after 30 epochs.
      expect(share).toBeCloseTo(0.878, 2);
    }
    expect(result).toMatchObject({ likeness: 'different', found: 2, epochs: 30, stopped: false });
    expect(largestDifference(result.picture, second)).toBeLessThan(0.021);
    expect(result.loss).toBeCloseTo(progress.at(-1)?.loss ?? 0, 12);
    expect(result.loss).toBeCloseTo(4e-4 * (progress[0]?.startLoss ?? 0), 6);
  });

  it.each([1, 4, 90])('comes as close in %i epochs', async (epochs) => {
    const { progress, result } = await run(first, second, { epochs });
    expect(progress.length).toBe(epochs);
    expect(largestDifference(result.picture, second)).toBeLessThan(0.021);
  });

  it('circles both differences in both pictures, and changes nothing else', async () => {
    const { result } = await run(first, second, { epochs: 1 });
    const { width, height } = first;
    expect(result.still).toMatchObject({ height });
    const gap = result.still.width - 2 * width;
    expect(gap).toBeGreaterThan(0);
    expect(pixelAt(result.still, width, 10)).toEqual([1, 1, 1]);
    for (const [picture, offset] of [
      [first, 0],
      [second, width + gap],
    ] as const) {
      let drawn = 0;
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const isMarked = pixelAt(result.still, x + offset, y).some((value, i) => value !== pixelAt(picture, x, y)[i]);
          // Circles are drawn around the differences: nothing is marked inside of them or far from them.
          const distance = Math.min(Math.hypot(x - 30, y - 50) - 8, Math.hypot(x - 90, y - 20) - 6);
          if (isMarked) drawn++;
          if (distance < -2 || distance > 25) expect(isMarked).toBe(false);
        }
      }
      expect(drawn).toBeGreaterThan(100);
    }
  });

  it('puts wide pictures above each other', async () => {
    const wide = draw(90, 30, (x) => [x / 90, 0.5, 0.5]);
    const { result } = await run(wide, { ...wide, data: wide.data.slice() });
    expect([result.still.width, result.still.height > 60]).toEqual([90, true]);
  });

  it('has nothing to do where both are identical', async () => {
    const { progress, result } = await run(first, { ...first, data: first.data.slice() });
    expect(progress).toEqual([]);
    expect(result).toMatchObject({ likeness: 'identical', found: 0, epochs: 0, stopped: false });
    expect(largestDifference(result.picture, first)).toBe(0);
  });

  it('stops with the picture so far, the comparison complete', async () => {
    const controller = new AbortController();
    const generator = spotDifference(first, second, { signal: controller.signal });
    await generator.next();
    controller.abort();
    const turn = await generator.next();
    expect(turn).toMatchObject({ done: true, value: { stopped: true, epochs: 1, found: 2 } });
    const { result } = await run(first, second, { signal: controller.signal });
    expect(result).toMatchObject({ stopped: true, epochs: 0, found: 2, loss: undefined });
  });

  it('refuses impossible options', async () => {
    await expect(run(first, second, { size: 0 })).rejects.toThrow(/`size` to be a whole number from 1 up, got 0/);
    await expect(run(first, second, { epochs: 1.5 })).rejects.toThrow(/`epochs` to be a whole number from 1 up/);
  });
});
