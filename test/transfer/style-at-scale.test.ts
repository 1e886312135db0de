import { describe, expect, it } from 'vitest';
import { styleAtScale } from '../../src/transfer/style-at-scale.js';

const scale = { width: 200, height: 100, epochs: 1 };

const flat = (width: number, height: number) => ({ width, height, data: new Float32Array(3 * width * height) });

const sizeOf = (picture: { readonly width: number; readonly height: number }, strokeSize = 1) => {
  const style = { picture: flat(picture.width, picture.height), weight: 0.4 };
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

  it('gets four times as large as the canvas at most, but for a small canvas', () => {
    expect(sizeOf({ width: 400, height: 400 }, 4)).toEqual([566, 566]);
    const large = { width: 1500, height: 700, epochs: 1 };
    const { picture } = styleAtScale({ picture: flat(2500, 2500), weight: 1 }, large, 4);
    expect(picture.width).toBe(Math.round(2 * Math.sqrt(1500 * 700)));
    const middling = { width: 400, height: 400, epochs: 1 };
    expect(styleAtScale({ picture: flat(900, 900), weight: 1 }, middling, 4).picture.width).toBe(1024);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('is refused with strokes of size %d', (strokeSize) => {
    expect(() => sizeOf({ width: 40, height: 40 }, strokeSize)).toThrow(
      new RangeError(`Expected \`styleScale\` to be a number above 0, got ${strokeSize}`),
    );
  });
});
