import { describe, expect, it } from 'vitest';
import type { Flow } from '../../src/motion/flow.js';
import { opticalFlows } from '../../src/motion/optical-flow.js';
import { warp } from '../../src/motion/warp.js';
import { busyPattern, drawn } from './known-motion.js';

const [width, height] = [144, 100];
const pattern = busyPattern(1);

/** A motion of the plane, and the one that undoes it. */
interface KnownMotion {
  readonly to: (x: number, y: number) => readonly [number, number];
  readonly from: (x: number, y: number) => readonly [number, number];
}

function shift(dx: number, dy: number): KnownMotion {
  return { to: (x, y) => [x + dx, y + dy], from: (x, y) => [x - dx, y - dy] };
}

function turn(angle: number, zoom: number): KnownMotion {
  const about = (cosine: number, sine: number) => (x: number, y: number) => {
    const [a, b] = [x - width / 2, y - height / 2];
    return [width / 2 + cosine * a - sine * b, height / 2 + sine * a + cosine * b] as const;
  };
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  return { to: about(zoom * cosine, zoom * sine), from: about(cosine / zoom, -sine / zoom) };
}

/** Returns how far a flow is off, in pixels, in the mean over those that stay inside. */
function meanError({ dx, dy }: Flow, motion: KnownMotion['to']): number {
  const errors: number[] = [];
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const [toX, toY] = motion(x, y);
    if (toX < 0 || toX > width - 1 || toY < 0 || toY > height - 1) continue;
    errors.push(Math.hypot(x + (dx[i] ?? Number.NaN) - toX, y + (dy[i] ?? Number.NaN) - toY));
  }
  return errors.reduce((sum, error) => sum + error, 0) / errors.length;
}

describe('the optical flow', () => {
  it.each([
    { what: 'a shift by fractions of a pixel', motion: shift(0.3, -0.6), bound: 0.05 },
    { what: 'a shift by pixels and fractions', motion: shift(-4.4, 3.25), bound: 0.05 },
    { what: 'a wide shift', motion: shift(13, 6.5), bound: 0.1 },
    { what: 'a turn with a zoom', motion: turn(0.05, 1.04), bound: 0.08 },
    { what: 'no motion', motion: shift(0, 0), bound: 1e-6 },
  ])('finds $what to $bound pixels', ({ motion, bound }) => {
    const before = drawn(width, height, pattern);
    const after = drawn(width, height, (x, y) => pattern(...motion.from(x, y)));
    const { back, forth } = opticalFlows(before, after);
    expect(meanError(back, motion.from)).toBeLessThanOrEqual(bound);
    // It is looked for in pictures half as large.
    expect(meanError(forth, motion.to)).toBeLessThanOrEqual(2 * bound);
  });

  it('of pictures larger than it looks at is as good in proportion', () => {
    const large = (x: number, y: number) => pattern(x / 4, y / 4);
    const before = drawn(480, 60, large);
    const after = drawn(480, 60, (x, y) => large(x - 6, y + 2));
    const { dx, dy } = opticalFlows(after, before).back;
    const inner = 30 * 480 + 240;
    expect(dx[inner]).toBeCloseTo(6, 0);
    expect(dy[inner]).toBeCloseTo(-2, 0);
  });

  it('is found for pictures of a single pixel and of a single colour', () => {
    for (const [w, h] of [
      [1, 1],
      [3, 40],
      [33, 17],
    ] as const) {
      const flat = drawn(w, h, () => [0.5, 0.5, 0.5]);
      expect([...opticalFlows(flat, flat).back.dx]).toEqual(new Array(w * h).fill(0));
    }
  });

  it('refuses frames of different sizes', () => {
    const picture = (w: number) => drawn(w, 8, pattern);
    expect(() => opticalFlows(picture(8), picture(9))).toThrow('one size');
  });
});

describe('a picture that is moved along its flow', () => {
  it('is the other one, but for what interpolation loses', () => {
    const [dx, dy] = [new Float32Array(width * height).fill(2.5), new Float32Array(width * height).fill(-1.25)];
    const moved = warp(drawn(width, height, pattern), { width, height, dx, dy });
    const expected = drawn(width, height, (x, y) => pattern(x + 2.5, y - 1.25));
    let most = 0;
    for (let i = 0; i < moved.data.length; i++) {
      const x = i % width;
      const y = Math.floor(i / width) % height;
      if (x >= width - 5 || y < 4) continue;
      most = Math.max(most, Math.abs((moved.data[i] ?? 0) - (expected.data[i] ?? 0)));
    }
    expect(most).toBeLessThan(0.01);
  });

  it('is the same to the last bit where nothing moves', () => {
    const picture = drawn(20, 10, pattern);
    const [dx, dy] = [new Float32Array(200), new Float32Array(200)];
    expect(warp(picture, { width: 20, height: 10, dx, dy }).data).toEqual(picture.data);
  });
});
