import { expect, test } from 'vitest';
import { framesInUnits } from '../../../src/imaging/animation/frame-times.js';
import { sampleFrames } from '../../../src/imaging/animation/sample-frames.js';

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

test('all frames are taken where there are few enough', () => {
  expect(sampleFrames([30, 40, 500], 3)).toEqual([
    { index: 0, delayMs: 30 },
    { index: 1, delayMs: 40 },
    { index: 2, delayMs: 500 },
  ]);
});

test.each([
  ['of the same length', Array<number>(100).fill(40)],
  ['that are thirds', Array<number>(100).fill(100 / 3)],
  ['of which one stands long', [...Array<number>(60).fill(20), 5000, ...Array<number>(60).fill(20)]],
  ['that grow longer', Array.from({ length: 200 }, (_, index) => 20 + index)],
])('of frames %s some are taken, and the length stays', (_name, delaysMs) => {
  for (const most of [1, 2, 7, 24, 48, 99]) {
    const chosen = sampleFrames(delaysMs, most);

    expect(chosen.length).toBeLessThanOrEqual(most);
    expect(chosen.length).toBeGreaterThan(0.8 * most - 1);
    expect(chosen[0]?.index).toBe(0);
    expect(sum(chosen.map(({ delayMs }) => delayMs))).toBeCloseTo(sum(delaysMs), 6);
    for (const { index, delayMs } of chosen) expect(delayMs).toBeGreaterThanOrEqual((delaysMs[index] ?? 0) - 1e-6);
  }
});

test.each([
  ['milliseconds', [83, 83, 84]],
  ['hundredths', [80, 90, 80]],
])('rounding to %s leaves them even', (_unit, three) => {
  const delaysMs = Array.from({ length: 24 }, (_, index) => three[index % 3] ?? Number.NaN);

  expect(sampleFrames(delaysMs, 12).map(({ index }) => index)).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22]);
  expect(sampleFrames(delaysMs, 8).map(({ index }) => index)).toEqual([0, 3, 6, 9, 12, 15, 18, 21]);
});

test('they lie evenly in time, not in number', () => {
  // A second of 50 frames, and one of 10.
  const chosen = sampleFrames([...Array<number>(50).fill(20), ...Array<number>(10).fill(100)], 20);

  expect(chosen.filter(({ index }) => index < 50).length).toBe(10);
  expect(chosen.slice(0, 10).map(({ index }) => index)).toEqual([0, 5, 10, 15, 20, 25, 30, 35, 40, 45]);
});

test('less than one frame is none', () => {
  expect(() => sampleFrames([100, 100], 0)).toThrow(RangeError);
});

const hundredths = { ms: 10, least: 2, most: 65_535 };

test('rounding to hundredths never adds up', () => {
  const timed = framesInUnits(Array<number>(30).fill(100 / 3), hundredths);

  expect(timed.slice(0, 3).map(({ units }) => units)).toEqual([3, 4, 3]);
  expect(sum(timed.map(({ units }) => units))).toBe(100);
});

test('frames that are too short are left out, and the length stays', () => {
  const timed = framesInUnits(Array<number>(60).fill(1000 / 60), hundredths);

  expect(Math.min(...timed.map(({ units }) => units))).toBe(2);
  expect(sum(timed.map(({ units }) => units))).toBe(100);
  expect(framesInUnits([100, 4], hundredths)).toEqual([{ index: 0, units: 10 }]);
});

test('a frame is shown for the longest that can be written', () => {
  expect(framesInUnits([1e9, 100], hundredths)[0]?.units).toBe(65_535);
});
