import { describe, expect, it } from 'vitest';
import type { Plane } from '../../../src/imaging/plane.js';
import type { RgbImage } from '../../../src/imaging/rgb-image.js';
import { beginning, type Lender } from '../../../src/transfer/moving/new-ground.js';
import { busyPattern, drawn } from '../../motion/known-motion.js';

const [width, height] = [80, 60];
const pattern = busyPattern(2);
const strokes = busyPattern(7);
const plane = (value: (x: number, y: number) => number): Plane => ({
  width,
  height,
  data: Float32Array.from({ length: width * height }, (_, i) => value(i % width, Math.floor(i / width))),
});
/** What repeats itself every 20 pixels, and what it was painted as. */
const content = drawn(width, height, (x, y) => pattern(x % 20, y % 20));
const painted = drawn(width, height, (x, y) => strokes(x % 20, y % 20));
const unknown = drawn(width, height, () => [0.5, 0.1, 0.9]);

const isNew = (x: number) => x >= 30 && x < 38;

interface Circumstances {
  readonly sliver?: number;
  readonly counts?: Plane;
  readonly lender?: Partial<Lender>;
  readonly moves?: Plane;
}

/** Begins a frame of which so many columns from the 30th on are new. */
function withNewColumns(
  columns: number,
  picture: RgbImage,
  { sliver = 1, counts, lender, moves = plane(() => 1) }: Circumstances = {},
) {
  const isUnknown = (x: number) => x >= 30 && x < 30 + columns;
  const known = plane((x) => (isUnknown(x) ? 0 : 1));
  const withoutThem = { ...painted, data: painted.data.map((value, i) => (isUnknown(i % width) ? 0 : value)) };
  return beginning(
    {
      content: picture,
      unknown,
      painted: withoutThem,
      told: known,
      lender: { anchor: content, painting: painted, finished: known, place: (pixel) => pixel, ...lender },
      madeUp: plane(() => 0),
      moves,
      lost: plane((x) => (isUnknown(x) ? 1 : 0)),
      counts,
    },
    sliver,
  );
}

/** Returns the mean difference from a picture in the first 8 new columns. */
function differenceIn(one: RgbImage, other: RgbImage): number {
  const differences = [...one.data].flatMap((value, i) =>
    isNew(i % width) ? [Math.abs(value - (other.data[i] ?? Number.NaN))] : [],
  );
  return differences.reduce((sum, value) => sum + value, 0) / differences.length;
}

describe('new ground', () => {
  it('begins with the strokes of what looks like it', () => {
    const { start, isStrange } = withNewColumns(8, content);
    expect(isStrange).toBe(false);
    expect(differenceIn(start, painted)).toBeLessThan(0.02);
    expect(start.data.every((value, i) => isNew(i % width) || value === painted.data[i])).toBe(true);
  });

  it('begins with those of the frame before, where the motion has lost them', () => {
    const thing = busyPattern(5);
    const isThing = (x: number) => isNew(x - 20);
    const now = drawn(width, height, (x, y) => (isNew(x) ? thing(x, y) : pattern(x % 20, y % 20)));
    const before = drawn(width, height, (x, y) => (isThing(x) ? thing(x - 20, y) : pattern(x % 20, y % 20)));
    const paintedBefore = drawn(width, height, (x, y) => (isThing(x) ? strokes(y, x) : strokes(x % 20, y % 20)));
    const { start, isStrange } = withNewColumns(8, now, {
      lender: { anchor: before, painting: paintedBefore, finished: plane(() => 1) },
    });
    expect(isStrange).toBe(false);
    const wanted = drawn(width, height, (x, y) => strokes(y, x + 20));
    expect(differenceIn(start, wanted)).toBeLessThan(0.02);
  });

  it('has no strokes of its own where it is narrow', () => {
    const borrowed = differenceIn(withNewColumns(8, content).start, painted);
    const told = differenceIn(withNewColumns(8, content, { sliver: 9 }).start, painted);
    expect(told).toBeGreaterThan(3 * borrowed);
  });

  it('begins as a picture of its own does where much of it is like nothing that was painted', () => {
    const other = drawn(width, height, (x, y) => (isNew(x) ? [1, 1 - x / 90, 0] : pattern(x % 20, y % 20)));
    const { start, isStrange } = withNewColumns(8, other);
    expect(isStrange).toBe(true);
    expect(differenceIn(start, unknown)).toBeLessThan(1e-6);
    const little = drawn(width, height, (x, y) => (isNew(x) && y < 8 ? [1, 1 - x / 90, 0] : pattern(x % 20, y % 20)));
    expect(withNewColumns(8, little).isStrange).toBe(false);
  });

  it('is strange where there is too much of it', () => {
    expect(withNewColumns(8, content).isStrange).toBe(false);
    expect(withNewColumns(18, content).isStrange).toBe(true);
  });

  it('has room for strokes where it is strange: what moves beside it is new as well', () => {
    const { madeUp } = withNewColumns(18, content, { sliver: 2, moves: plane((x) => (x < 30 ? 0 : 1)) });
    expect([...madeUp.data.subarray(24, 54)]).toEqual([...Array(6).fill(0), ...Array(20).fill(1), ...Array(4).fill(0)]);
  });

  it('is not strange where it does not count', () => {
    const other = drawn(width, height, (x, y) => (isNew(x) ? [1, 1 - x / 90, 0] : pattern(x % 20, y % 20)));
    const counts = plane((x) => (isNew(x) ? 0 : 1));
    expect(withNewColumns(8, other, { counts }).isStrange).toBe(false);
  });
});
