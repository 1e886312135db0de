import { describe, expect, it } from 'vitest';
import { styleAtScale } from '../../src/transfer/style-at-scale.js';
import { draw, pixelAt } from '../imaging/test-pictures.js';

const scale = { width: 200, height: 100, epochs: 1 };

/** Stripes of 8 pixels on the left half, grey on the right. */
const striped = (width: number, height: number) =>
  draw(width, height, (x) => (x < width / 2 ? [(x >> 2) % 2, 0, 0] : [0.5, 0.5, 0.5]));

const sizeOf = (picture: { readonly width: number; readonly height: number }, strokeSize = 1) => {
  const style = { picture: striped(picture.width, picture.height), weight: 0.4 };
  const { picture: scaled, weight } = styleAtScale(style, scale, strokeSize);
  expect(weight).toBe(0.4);
  return [scaled.width, scaled.height];
};

describe('a style at a scale', () => {
  it('has the area of the scale, whatever its own size and proportions', () => {
    expect(sizeOf({ width: 400, height: 400 })).toEqual([141, 141]);
    expect(sizeOf({ width: 100, height: 400 })).toEqual([71, 283]);
  });

  it('is not blurred by enlarging it much', () => {
    expect(sizeOf({ width: 60, height: 80 })).toEqual([90, 120]);
  });

  it('is as much larger as its strokes are to be', () => {
    expect(sizeOf({ width: 400, height: 400 }, 0.5)).toEqual([71, 71]);
    expect(sizeOf({ width: 400, height: 400 }, 2)).toEqual([283, 283]);
    expect(sizeOf({ width: 60, height: 80 }, 2)).toEqual([180, 240]);
  });

  it('is cut to its middle where it would get far larger than the canvas, with strokes as large as asked for', () => {
    expect(sizeOf({ width: 400, height: 400 }, 4)).toEqual([283, 283]);
    const { picture } = styleAtScale({ picture: striped(400, 400), weight: 1 }, scale, 4);
    // Stripes of 8 pixels are 11.3 wide now; the border to grey is in the middle.
    const reds = Array.from({ length: 141 }, (_, x) => pixelAt(picture, x, 140)[0] ?? 0);
    const changes = reds.filter((red, x) => x > 0 && red > 0.5 !== (reds[x - 1] ?? 0) > 0.5).length;
    expect(changes).toBeGreaterThanOrEqual(24);
    expect(changes).toBeLessThanOrEqual(26);
    expect(pixelAt(picture, 150, 140)[1]).toBeCloseTo(0.5, 2);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('is refused with strokes of size %d', (strokeSize) => {
    expect(() => sizeOf({ width: 40, height: 40 }, strokeSize)).toThrow(
      new RangeError(`Expected \`styleScale\` to be a number above 0, got ${strokeSize}`),
    );
  });
});
