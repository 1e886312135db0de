import { describe, expect, it } from 'vitest';
import { Canvas } from '../../src/transfer/canvas.js';
import { noisePicture } from '../engine/random-pictures.js';

describe.each([
  { width: 64, height: 48 },
  { width: 65, height: 49 },
  { width: 79, height: 31 },
  { width: 1, height: 96 },
  { width: 8, height: 1 },
])('a canvas for $width×$height', ({ width, height }) => {
  const canvas = new Canvas({ width, height });
  const picture = noisePicture(width, height, 1);

  it('has sides that four poolings divide, with margins of 8 pixels but not many more', () => {
    for (const [inner, outer] of [
      [width, canvas.width],
      [height, canvas.height],
    ] as const) {
      expect(outer % 16).toBe(0);
      expect(outer - inner).toBeGreaterThanOrEqual(16);
      expect(outer - inner).toBeLessThan(32);
    }
  });

  it('gives a picture back as it was placed', () => {
    const placed = canvas.place(picture);
    expect(placed).toMatchObject({ width: canvas.width, height: canvas.height });
    expect(placed.data).toHaveLength(3 * canvas.width * canvas.height);
    expect(canvas.cutOut(placed.data)).toEqual(picture);
  });

  it('mirrors the picture in its margins', () => {
    const { data } = canvas.place(picture);
    // Each channel of the canvas has only values of the picture's: no margin is black, and no channel is mixed up.
    for (let channel = 0; channel < 3; channel++) {
      const plane = (from: Float32Array, area: number) => new Set(from.subarray(channel * area, (channel + 1) * area));
      expect(plane(data, canvas.width * canvas.height)).toEqual(plane(picture.data, width * height));
    }
  });

  it('clamps what it cuts out and leaves the canvas as it is', () => {
    const { data } = canvas.place({ width, height, data: picture.data.map((value) => 3 * value - 1) });
    const before = data.slice();
    const inner = canvas.cutOut(data);
    expect(inner.data).toEqual(picture.data.map((value) => Math.min(Math.max(Math.fround(3 * value - 1), 0), 1)));
    expect(data).toEqual(before);
  });
});
