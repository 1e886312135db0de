import { describe, expect, it } from 'vitest';
import { paintedAlike } from '../../../src/transfer/moving/painted-alike.js';
import { drawn } from '../../motion/known-motion.js';

const [width, height] = [48, 32];
const picture = drawn(width, height, (x, y) => [
  0.5 + 0.4 * Math.sin(x / 3),
  0.5 + 0.4 * Math.cos(y / 2),
  ((x + y) % 7) / 7,
]);
const painted = { ...picture, data: picture.data.map((value) => 0.9 - 0.6 * value) };
const known = (isKnown: (x: number) => boolean) => ({
  width,
  height,
  data: Float32Array.from({ length: width * height }, (_, i) => (isKnown(i % width) ? 1 : 0)),
});

function largestDifference(one: Float32Array, other: Float32Array): number {
  return one.reduce((most, value, i) => Math.max(most, Math.abs(value - (other[i] ?? Number.NaN))), 0);
}

describe('a picture as its surroundings were painted', () => {
  it('has their colours in what is not known', () => {
    const gap = known((x) => x < 20 || x >= 26);
    const withGap = {
      ...painted,
      data: painted.data.map((value, i) => (gap.data[i % (width * height)] ? value : 0.123)),
    };
    expect(largestDifference(paintedAlike(picture, withGap, gap).data, painted.data)).toBeLessThan(0.02);
  });

  it('is as it was where nothing is known around', () => {
    const { data } = paintedAlike(
      picture,
      painted,
      known((x) => x < 8),
    );
    const isFar = (i: number) => i % width >= 16;
    expect(data.filter((_, i) => isFar(i))).toEqual(picture.data.filter((_, i) => isFar(i)));
    expect(
      paintedAlike(
        picture,
        painted,
        known(() => false),
      ).data,
    ).toEqual(picture.data);
  });
});
