import { describe, expect, it } from 'vitest';
import { channels } from '../../../src/imaging/plane.js';
import { paintedAlike } from '../../../src/transfer/moving/painted-alike.js';
import { drawn } from '../../motion/known-motion.js';

const [width, height] = [48, 32];
const picture = drawn(width, height, (x, y) => [
  0.5 + 0.4 * Math.sin(x / 3),
  0.5 + 0.4 * Math.cos(y / 2),
  ((x + y) % 7) / 7,
]);
/** Each colour became one of all three, as where a palette's colours are others. */
const painted = drawnFrom(({ red, green, blue }) => [0.9 - 0.6 * green, 0.2 + 0.3 * red + 0.3 * blue, 0.1 + 0.7 * red]);

function drawnFrom(
  color: (of: {
    readonly red: number;
    readonly green: number;
    readonly blue: number;
  }) => readonly [number, number, number],
) {
  const at = (i: number) => picture.data[i] ?? Number.NaN;
  return drawn(width, height, (x, y) => {
    const [i, pixels] = [y * width + x, width * height];
    return color({ red: at(i), green: at(pixels + i), blue: at(2 * pixels + i) });
  });
}
const known = (isKnown: (x: number) => boolean) => {
  const plane = (value: (x: number) => boolean) => ({
    width,
    height,
    data: Float32Array.from({ length: width * height }, (_, i) => (value(i % width) ? 1 : 0)),
  });
  return { told: plane(isKnown), lost: plane((x) => !isKnown(x)) };
};

function largestDifference(one: Float32Array, other: Float32Array): number {
  return one.reduce((most, value, i) => Math.max(most, Math.abs(value - (other[i] ?? Number.NaN))), 0);
}

describe('a picture as its surroundings were painted', () => {
  it('has their colours in what is not known', () => {
    const gap = known((x) => x < 20 || x >= 26);
    const withGap = {
      ...painted,
      data: painted.data.map((value, i) => (gap.told.data[i % (width * height)] ? value : 0.123)),
    };
    expect(largestDifference(paintedAlike(picture, withGap, gap).data, painted.data)).toBeLessThan(0.02);
  });

  it('makes up no colours for what is like nothing around', () => {
    const isNew = (x: number) => x >= 20 && x < 26;
    const some = drawn(width, height, (x, y) => (isNew(x) ? [1, 0, 1] : [0.45 + 0.05 * Math.sin(x + y), 0.5, 0.5]));
    const steep = drawn(width, height, (x, y) => [0.5 + 0.2 * Math.sin(x + y), 0.5, 0.5]);
    const [red] = channels(
      paintedAlike(
        some,
        steep,
        known((x) => !isNew(x)),
      ),
    );
    const told = red.data.filter((_, i) => isNew(i % width));
    // Four times as steep, a red of 1 would be one of 1 as well; none around is above 0.7.
    expect(Math.max(...told)).toBeLessThan(0.95);
    expect(Math.min(...told)).toBeGreaterThan(0.7);
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
