import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../src/imaging/rgb-image.js';
import { uniformNumbers } from '../../src/random-numbers.js';
import { boxPenalty, totalVariation } from '../../src/transfer/pixel-losses.js';
import { relativeError } from '../numbers.js';

/** Makes a picture of multiples of 1/512 in [−0.25, 1.25]: differences by 1/1024 are exact in single precision. */
function roughPicture(width: number, height: number): RgbImage {
  const uniform = uniformNumbers(width * 100 + height);
  const data = Float32Array.from({ length: 3 * width * height }, () => Math.round(768 * uniform() - 128) / 512);
  return { width, height, data };
}

/** Computes the total variation by definition, mean(dx²) + mean(dy²); a direction without neighbours adds 0. */
function plainTotalVariation({ width, height, data }: RgbImage): number {
  const squares: { across: number[]; down: number[] } = { across: [], down: [] };
  for (let channel = 0; channel < 3; channel++) {
    const at = (x: number, y: number) => data[(channel * height + y) * width + x] ?? Number.NaN;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        if (x + 1 < width) squares.across.push((at(x + 1, y) - at(x, y)) ** 2);
        if (y + 1 < height) squares.down.push((at(x, y + 1) - at(x, y)) ** 2);
      }
    }
  }
  const mean = (values: number[]) =>
    values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : 0;
  return mean(squares.across) + mean(squares.down);
}

/** Computes the box penalty by definition, the mean squared distance to [0, 1]. */
function plainBoxPenalty({ data }: RgbImage): number {
  return data.reduce((sum, value) => sum + (value - Math.min(Math.max(value, 0), 1)) ** 2, 0) / data.length;
}

const losses = [
  { name: 'total variation', loss: totalVariation, plain: plainTotalVariation },
  { name: 'the box penalty', loss: boxPenalty, plain: plainBoxPenalty },
];

const sizes = [
  { width: 7, height: 5 },
  { width: 1, height: 9 },
  { width: 9, height: 1 },
  { width: 2, height: 2 },
  { width: 1, height: 1 },
];

describe.each(losses)('$name', ({ loss, plain }) => {
  it.each(sizes)('is what its formula says, at $width×$height', ({ width, height }) => {
    const image = roughPicture(width, height);
    const value = loss(image, { gradient: new Float32Array(image.data.length), weight: 3 });
    expect(value).toBeCloseTo(plain(image), 12);
  });

  it.each(sizes)('adds its weighted slope to the gradient, at $width×$height', ({ width, height }) => {
    const image = roughPicture(width, height);
    const before = roughPicture(width, height).data.map((value) => value - 0.3);
    const gradient = before.slice();
    loss(image, { gradient, weight: 3 });
    const step = 1 / 1024;
    for (let i = 0; i < gradient.length; i++) {
      const at = (distance: number) => plain({ ...image, data: image.data.with(i, (image.data[i] ?? 0) + distance) });
      const slope = (at(step) - at(-step)) / (2 * step);
      // Central differences are exact for squares, but not where the step crosses the border of the box.
      const tolerance = [0, 1].includes(image.data[i] ?? 0) ? 3 * step : 1e-5;
      const added = (gradient[i] ?? Number.NaN) - (before[i] ?? 0);
      expect(Math.abs(added - 3 * slope), `value ${i}`).toBeLessThan(tolerance);
    }
  });

  it('leaves picture and gradient alone where its weight is 0', () => {
    const image = roughPicture(6, 4);
    const gradient = image.data.slice();
    expect(loss(image, { gradient, weight: 0 })).toBeCloseTo(plain(image), 12);
    expect(gradient).toEqual(image.data);
    expect(image).toEqual(roughPicture(6, 4));
  });
});

describe('the box penalty', () => {
  it('is nothing for a picture that can be shown, its borders included', () => {
    const image = { width: 2, height: 1, data: Float32Array.of(0, 1, 0.5, 0.25, 1, 0) };
    const gradient = new Float32Array(6);
    expect(boxPenalty(image, { gradient, weight: 10 })).toBe(0);
    expect(gradient).toEqual(new Float32Array(6));
  });

  it('shows that a picture holds NaN', () => {
    const image = { width: 1, height: 1, data: Float32Array.of(0, Number.NaN, 0.5) };
    expect(boxPenalty(image, { gradient: new Float32Array(3), weight: 10 })).toBeNaN();
  });
});

describe('total variation', () => {
  it('is nothing for a flat picture, and the square of the slope for a ramp', () => {
    const flat = { width: 4, height: 3, data: new Float32Array(36).fill(0.7) };
    expect(totalVariation(flat, { gradient: new Float32Array(36), weight: 1 })).toBe(0);
    const ramp = { width: 4, height: 3, data: Float32Array.from({ length: 36 }, (_, i) => (i % 4) / 8) };
    const value = totalVariation(ramp, { gradient: new Float32Array(36), weight: 1 });
    expect(relativeError(value, 1 / 64)).toBeLessThan(1e-12);
  });
});
