import { afterEach, expect, it, vi } from 'vitest';
import { planScales } from '../../src/transfer/scales.js';
import { TimeEstimate } from '../../src/transfer/time-estimate.js';

afterEach(() => {
  vi.useRealTimers();
});

/** Milliseconds of an evaluation by the picture's side, as measured once with VGG19-lite on a busy machine. */
const evaluationMs: Readonly<Record<number, number>> = {
  8: 19,
  16: 19,
  32: 35,
  64: 58,
  128: 90,
  256: 288,
  512: 932,
};
/** What the very first evaluation took. */
const firstMs = 991;
const besidesMs = 0.2;

it.each([
  ['three scales', { size: 512, epochs: 100 }],
  ['seven scales', { size: 512, epochs: 100, scaleEpochs: [20, 20, 20, 15, 10, 10, 5] }],
  ['a single epoch at each of seven scales', { size: 512, epochs: 7, scaleEpochs: [1, 1, 1, 1, 1, 1, 1] }],
])('tells from the first epoch on about how long %s will take', async (_, options) => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const scales = planScales({ width: 1, height: 1 }, options);
  const estimate = new TimeEstimate(scales);
  const told: { readonly at: number; readonly left: number }[] = [];
  for (const [index, { width, epochs }] of scales.entries()) {
    const evaluate = async () => {
      vi.advanceTimersByTime(
        told.length + index === 0 && performance.now() === begin ? firstMs : (evaluationMs[width] ?? Number.NaN),
      );
    };
    const begin = performance.now();
    for (let epoch = 1; epoch <= epochs; epoch++) {
      const evaluations = epoch === 1 ? 2 : 1;
      await estimate.measureEpoch(async () => {
        for (let evaluation = 0; evaluation < evaluations; evaluation++) await estimate.measure(index, evaluate);
        vi.advanceTimersByTime(besidesMs * (evaluationMs[width] ?? Number.NaN));
        return { evaluations };
      });
      told.push({ at: performance.now(), left: estimate.secondsLeft(index, epochs - epoch) });
    }
  }
  const end = performance.now();
  expect(told.at(-1)?.left).toBe(0);
  for (const { at, left } of told.slice(0, -1)) {
    const truth = (end - at) / 1000;
    expect(left / truth).toBeGreaterThan(0.4);
    expect(left / truth).toBeLessThan(2.5);
  }
});
