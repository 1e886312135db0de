import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../src/imaging/rgb-image.js';
import { protectionMap } from '../../src/transfer/protection.js';
import { noisePicture } from '../engine/random-pictures.js';

const [width, height] = [90, 60];

/** A picture that is flat in its left half and noise in its right half. */
const halfStructured: RgbImage = {
  width,
  height,
  data: noisePicture(width, height, 1).data.map((value, i) => (i % width < width / 2 ? 0.5 : value)),
};

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe('the protection of fine structure', () => {
  it.each([0, 0.3, 1])('has a mean weight of 1 at strength %d', (strength) => {
    const map = protectionMap(halfStructured, strength);
    expect(map).toMatchObject({ width, height });
    expect(mean(map.data)).toBeCloseTo(1, 5);
    expect(map.data.every((value) => value >= 0)).toBe(true);
  });

  it('moves weight from what is flat to what has structure, the more the stronger it is', () => {
    const at = (strength: number) => {
      const { data } = protectionMap(halfStructured, strength);
      return { flat: data[30 * width + 10] ?? Number.NaN, structured: data[30 * width + 80] ?? Number.NaN };
    };
    expect(at(0)).toEqual({ flat: 1, structured: 1 });
    expect(at(0.5).flat).toBeCloseTo(0.5, 5);
    expect(at(0.5).structured).toBeGreaterThan(1.4);
    expect(at(1).flat).toBeCloseTo(0, 5);
    expect(at(1).structured).toBeGreaterThan(at(0.5).structured);
  });

  it('of a picture without any structure is the same everywhere', () => {
    const flat = { width, height, data: new Float32Array(3 * width * height).fill(0.4) };
    expect(protectionMap(flat, 0.8).data.every((value) => Math.abs(value - 1) < 1e-6)).toBe(true);
  });

  it('stays in an area, over which its mean is 1', () => {
    const area = { width, height, data: new Float32Array(width * height).map((_, i) => (i % width < 60 ? 1 : 0)) };
    const { data } = protectionMap(halfStructured, 0.7, area);
    expect(data.every((value, i) => (area.data[i] === 0 ? value === 0 : value > 0))).toBe(true);
    expect(mean(data) / mean(area.data)).toBeCloseTo(1, 5);
  });
});
