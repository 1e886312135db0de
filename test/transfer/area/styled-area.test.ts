import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../../src/imaging/rgb-image.js';
import { uniformNumbers } from '../../../src/random-numbers.js';
import { type Mask, maskFromPicture, resizeMask } from '../../../src/transfer/area/mask.js';
import { styledArea } from '../../../src/transfer/area/styled-area.js';

/** Makes a picture with three equal planes. */
function greyPicture({ width, height, data }: Mask): RgbImage {
  return { width, height, data: Float32Array.from({ length: 3 * data.length }, (_, i) => data[i % data.length] ?? 0) };
}

function maskOf(width: number, height: number, value: (x: number, y: number) => number): Mask {
  const data = Float32Array.from({ length: width * height }, (_, i) => value(i % width, Math.floor(i / width)));
  return { width, height, data };
}

const leftHalf = maskOf(100, 60, (x) => (x < 50 ? 1 : 0));
const size = { width: 100, height: 60 };

describe('the area that is styled', () => {
  it('is everywhere without mask and regions, with a white mask, and with a region over the whole picture', () => {
    const whole = { left: 0, top: 0, width: 100, height: 100 };
    expect(styledArea({}, size)).toBeUndefined();
    expect(styledArea({ mask: maskOf(33, 17, () => 1) }, size)).toBeUndefined();
    expect(styledArea({ mask: leftHalf, regions: [whole] }, size)).toBeUndefined();
  });

  it('never reaches beyond the mask, and fades in inside of it over 3 % of the longer side', () => {
    const { data = [] } = styledArea({ mask: leftHalf }, size) ?? {};
    const row = [...data.slice(3000, 3100)];
    expect(row.slice(50).every((value) => value === 0)).toBe(true);
    expect(row.slice(0, 47).every((value) => value === 1)).toBe(true);
    expect(row.slice(46, 51).every((value, i, near) => i === 0 || value <= (near[i - 1] ?? 0))).toBe(true);
    expect(row[49]).toBeGreaterThan(0);
    expect(row[49]).toBeLessThan(0.5);
  });

  it('fades over 8 % where it is regions alone, over as many pixels as are asked for, or not at all', () => {
    const regions = [{ left: 0, top: 0, width: 50, height: 100 }];
    const soft = (feather?: number) => {
      const { data = [] } = styledArea({ regions, feather }, size) ?? {};
      return [...data.slice(3000, 3050)].filter((value) => value < 1).length;
    };
    expect([soft(), soft(20), soft(0)]).toEqual([8, 20, 0]);
  });

  it('does not fade at the borders of the picture', () => {
    const { data = [] } = styledArea({ mask: leftHalf }, size) ?? {};
    expect([data[0], data[20], data[59 * 100]]).toEqual([1, 1, 1]);
  });

  it('has all of the style in the middle of a part that is narrower than two edges', () => {
    const { data = [] } =
      styledArea({ mask: maskOf(400, 40, (x) => (x >= 100 && x < 104 ? 1 : 0)) }, { width: 400, height: 40 }) ?? {};
    expect(Math.max(...data)).toBe(1);
  });

  it('is where the mask is white or a region lies', () => {
    const regions = [{ left: 80, top: 0, width: 20, height: 100 }];
    const { data = [] } = styledArea({ mask: leftHalf, regions }, size) ?? {};
    expect([data[3020], data[3065], data[3090]]).toEqual([1, 0, 1]);
  });

  it('follows soft masks', () => {
    const soft = maskOf(100, 60, (x) => x / 99);
    const { data = [] } = styledArea({ mask: soft }, size) ?? {};
    for (const x of [10, 40, 70, 99]) expect(data[3000 + x]).toBeCloseTo(x / 99, 6);
  });

  it.each([
    ['a black mask', maskOf(9, 9, () => 0), 'nothing-styled', /black everywhere.*Paint white/],
    ['one with NaN', maskOf(9, 9, (x) => (x === 3 ? Number.NaN : 1)), 'wrong-mask', /value 3 is NaN/],
    ['one of bytes', maskOf(9, 9, () => 255), 'wrong-mask', /value 0 is 255/],
    ['one of another size than it says', { ...leftHalf, width: 7 }, 'wrong-mask', /7×60/],
  ])('is refused for %s', (_what, mask, code, message) => {
    expect(() => styledArea({ mask }, size)).toThrow(
      expect.objectContaining({ domain: 'mask', code, message: expect.stringMatching(message) }),
    );
  });

  it('is refused for a region outside of the picture', () => {
    const regions = [{ left: 120, top: 0, width: 20, height: 100 }];
    expect(() => styledArea({ regions }, size)).toThrow(expect.objectContaining({ code: 'wrong-region' }));
  });
});

describe('a mask', () => {
  it('stays from 0 to 1 in every size', () => {
    const values = uniformNumbers(3);
    const mask = maskOf(15, 11, () => (values() < 0.2 ? 1 : 0));
    const sizes = Array.from({ length: 40 }, (_, i) => i + 1);
    const outside = sizes.filter((to) => resizeMask(mask, to, to).data.some((value) => value < 0 || value > 1 + 1e-6));
    expect(outside).toEqual([]);
  });

  it('takes what is nearly black or white in a picture for black and white', () => {
    const uniform = uniformNumbers(3);
    const noisy = maskOf(40, 10, (x) => (x < 20 ? 0.05 : 0.95) + 0.01 * uniform());
    expect(maskFromPicture(greyPicture(noisy))).toEqual(maskOf(40, 10, (x) => (x < 20 ? 0 : 1)));
    const [grey] = maskFromPicture(greyPicture(maskOf(1, 1, () => 0.5))).data;
    expect(grey).toBeCloseTo(0.5, 6);
  });

  it.each([
    [31, 23],
    [200, 150],
    [100, 7],
    [1, 1],
  ])('keeps its mean and its range at %d×%d', (width, height) => {
    const resized = resizeMask(leftHalf, width, height);
    expect(resized.data).toHaveLength(width * height);
    expect(resized.data.reduce((sum, value) => sum + value, 0) / (width * height)).toBeCloseTo(0.5, 2);
    expect(resized.data.every((value) => value >= 0 && value <= 1)).toBe(true);
    // Black and white stay as they are, except for pixels right at the edge.
    const row = resized.data.slice(0, width);
    expect(row.filter((value) => value > 0 && value < 1).length).toBeLessThanOrEqual(Math.max(2, width / 40));
  });
});
