import { describe, expect, it } from 'vitest';
import type { Plane } from '../../../src/imaging/plane.js';
import { mostAlike } from '../../../src/transfer/moving/most-alike.js';
import { busyPattern, drawn } from '../../motion/known-motion.js';

const [width, height] = [72, 40];
const pattern = busyPattern(3);
/** The same twice, beside one another. */
const twice = drawn(width, height, (x, y) => pattern(x % 36, y));
const plane = (isOne: (x: number, y: number) => boolean): Plane => ({
  width,
  height,
  data: Float32Array.from({ length: width * height }, (_, i) => (isOne(i % width, Math.floor(i / width)) ? 1 : 0)),
});
/** Each pixel's own place. */
const known = (pixel: number) => pixel;
const isWanted = (x: number, y: number) => x >= 46 && x < 60 && y >= 8 && y < 30;

describe('what looks most alike', () => {
  const wanted = plane(isWanted);

  it('is found where it is the same, and lies together', () => {
    const { place, difference } = mostAlike(twice, { wanted, among: twice, known, offered: plane((x) => x < 36) });
    const found = [...place].flatMap((at, pixel) =>
      isWanted(pixel % width, Math.floor(pixel / width)) ? [pixel - at] : [],
    );
    expect(found.filter((way) => way === 36).length / found.length).toBeGreaterThan(0.95);
    expect(difference.data.filter((value) => value > 0.01).length).toBeLessThan(20);
    expect(place.filter((at) => at >= 0)).toHaveLength(found.length);
  });

  it('is looked for in another picture, from where what lies beside it is there', () => {
    const shift = 5;
    const moved = drawn(width, height, (x, y) => pattern(x - shift, y));
    const asIs = drawn(width, height, (x, y) => pattern(x, y));
    const { place, difference } = mostAlike(moved, {
      wanted,
      among: asIs,
      offered: plane(() => true),
      known: (pixel) => pixel - shift,
    });
    const found = [...place].flatMap((at, pixel) => (at === -1 ? [] : [pixel - at]));
    expect(found.filter((way) => way === shift).length / found.length).toBeGreaterThan(0.99);
    expect(Math.max(...difference.data)).toBeLessThan(0.01);
  });

  it('is only what is offered', () => {
    const { place, difference } = mostAlike(twice, {
      wanted,
      among: twice,
      known,
      offered: plane((x, y) => x < 6 && y > 30),
    });
    const isOffered = (at: number) => at % width < 6 && Math.floor(at / width) > 30;
    expect(place.every((at) => at === -1 || isOffered(at))).toBe(true);
    expect(Math.max(...difference.data)).toBeGreaterThan(0.1);
    const nothing = mostAlike(twice, { wanted, among: twice, known, offered: plane(() => false) });
    expect(nothing.place.every((at) => at === -1)).toBe(true);
  });
});
