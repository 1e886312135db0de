import { describe, expect, it } from 'vitest';
import { fitToLongerSide, planScales } from '../../src/transfer/scales.js';

const landscape = { width: 3000, height: 2000 };

describe('the scales of a transfer', () => {
  it('double from about 128 pixels to the size of the result', () => {
    expect(planScales(landscape, { size: 512, epochs: 100 })).toEqual([
      { width: 128, height: 85, epochs: 50 },
      { width: 256, height: 171, epochs: 31 },
      { width: 512, height: 341, epochs: 19 },
    ]);
  });

  it('are a single one for a small result', () => {
    for (const size of [1, 40, 128, 191]) {
      const scales = planScales(landscape, { size, epochs: 7 });
      expect(scales).toEqual([{ ...fitToLongerSide(landscape, size), epochs: 7 }]);
    }
    expect(planScales(landscape, { size: 192, epochs: 7 })).toHaveLength(2);
  });

  it('keep the picture upright and in proportion', () => {
    const scales = planScales({ width: 500, height: 4000 }, { size: 600, epochs: 10 });
    expect(scales.map(({ width, height }) => [width, height])).toEqual([
      [19, 150],
      [38, 300],
      [75, 600],
    ]);
  });

  it('leave at least a pixel of the shorter side', () => {
    expect(fitToLongerSide({ width: 10_000, height: 3 }, 64)).toEqual({ width: 64, height: 1 });
  });

  it('come closer together for a smaller factor', () => {
    const sides = planScales({ width: 1, height: 1 }, { size: 512, epochs: 50, factor: Math.SQRT2 });
    expect(sides.map(({ width }) => width)).toEqual([128, 181, 256, 362, 512]);
  });

  it('share out all epochs, most of them to coarse scales, and at least one to the finest', () => {
    for (const size of [100, 256, 512, 1024, 4096]) {
      for (const epochs of [1, 2, 3, 4, 5, 6, 7, 10, 33, 100, 999]) {
        const shares = planScales(landscape, { size, epochs }).map((scale) => scale.epochs);
        const described = `${size} pixels, ${epochs} epochs: ${shares}`;
        expect(
          shares.reduce((sum, share) => sum + share, 0),
          described,
        ).toBe(epochs);
        expect(
          shares.every((share) => Number.isInteger(share) && share >= 0),
          described,
        ).toBe(true);
        expect(shares.at(-1), described).toBeGreaterThanOrEqual(1);
        if (epochs >= 33) expect(shares, described).toEqual(shares.toSorted((a, b) => b - a));
      }
    }
  });

  it.each([0, -5, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('cannot be planned for %d pixels or epochs', (wrong) => {
    expect(() => planScales(landscape, { size: wrong, epochs: 10 })).toThrow(
      new RangeError(`Expected \`size\` to be a whole number from 1 up, got ${wrong}`),
    );
    expect(() => planScales(landscape, { size: 512, epochs: wrong })).toThrow(
      new RangeError(`Expected \`epochs\` to be a whole number from 1 up, got ${wrong}`),
    );
  });

  it.each([1, 0.5, 0, -2, Number.NaN])('cannot be planned by a factor of %d', (factor) => {
    expect(() => planScales(landscape, { size: 512, epochs: 10, factor })).toThrow(
      new RangeError(`Expected \`factor\` to be a number above 1, got ${factor}`),
    );
  });

  it('are as many as there are epochs given for them, each twice as large as the one before', () => {
    expect(planScales(landscape, { size: 512, epochs: 7, scaleEpochs: [60, 0, 25, 15] })).toEqual([
      { width: 64, height: 43, epochs: 60 },
      { width: 128, height: 85, epochs: 0 },
      { width: 256, height: 171, epochs: 25 },
      { width: 512, height: 341, epochs: 15 },
    ]);
    expect(planScales(landscape, { size: 1024, epochs: 7, scaleEpochs: [3] })).toEqual([
      { width: 1024, height: 683, epochs: 3 },
    ]);
    expect(planScales(landscape, { size: 2, epochs: 7, scaleEpochs: [1, 1, 1] })[0]).toMatchObject({ width: 1 });
  });

  it.each([
    { scaleEpochs: [], message: 'Expected `scaleEpochs` to be of at least one scale, got none' },
    { scaleEpochs: [5, -1, 3], message: 'Expected `scaleEpochs` to be a whole number from 0 up, got -1' },
    { scaleEpochs: [5, 1.5], message: 'Expected `scaleEpochs` to be a whole number from 0 up, got 1.5' },
    {
      scaleEpochs: [0, 0],
      message: 'Expected `scaleEpochs of all scales together` to be a whole number from 1 up, got 0',
    },
  ])('cannot be given $scaleEpochs epochs', ({ scaleEpochs, message }) => {
    expect(() => planScales(landscape, { size: 512, epochs: 10, scaleEpochs })).toThrow(new RangeError(message));
  });
});
