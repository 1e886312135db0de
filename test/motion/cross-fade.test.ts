import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../src/imaging/rgb-image.js';
import { fadesOn, shareOfFade } from '../../src/motion/cross-fade.js';
import { busyPattern, drawn } from './known-motion.js';

const [width, height] = [120, 90];
/** A picture with large shapes, as photographs have them. */
function soft(seed: number): RgbImage {
  const pattern = busyPattern(seed);
  return drawn(width, height, (x, y) => pattern(x / 4, y / 4));
}
const [from, to, other] = [soft(1), soft(4), soft(7)];

/** Returns a picture on the way, in few values and with dots that make up for it, as a GIF has them. */
function faded(share: number, end: RgbImage = to): RgbImage {
  const levels = 12;
  const data = from.data.map((value, i) => {
    const mixed = (1 - share) * value + share * (end.data[i] ?? Number.NaN);
    const [x, y] = [i % width, Math.floor(i / width)];
    return Math.floor(levels * mixed + (((5 * x + 3 * y) % 8) + 0.5) / 8) / levels;
  });
  return { width, height, data };
}

describe('a cross-fade', () => {
  it('goes on while it goes the same way, however long its steps are', () => {
    expect(fadesOn(faded(0), faded(0.1), faded(0.2))).toBe(true);
    expect(fadesOn(faded(0.2), faded(0.25), faded(0.4))).toBe(true);
    expect(fadesOn(faded(0.2), faded(0.3), faded(0.2))).toBe(false);
    expect(fadesOn(faded(0.3), faded(0.4), faded(0.4))).toBe(false);
    expect(fadesOn(faded(0), faded(0.1), faded(0.2, other))).toBe(false);
  });

  it('has come as far as its pictures say', () => {
    for (const share of [0, 0.3, 0.8, 1]) expect(shareOfFade(from, to, faded(share))).toBeCloseTo(share, 1);
    expect(shareOfFade(from, to, from)).toBe(0);
    expect(shareOfFade(from, to, to)).toBeCloseTo(1, 6);
  });
});
