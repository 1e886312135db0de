import { expect, test } from 'vitest';
import { fromBytes, toBytes } from '../../src/imaging/rgb-bytes.js';

const pixel = (...data: readonly number[]) => ({ width: 1, height: 1, data: Float32Array.from(data) });

test('bytes are interleaved', () => {
  const image = { width: 2, height: 1, data: Float32Array.of(1, 0, 0, 1, 0.2, 0.4) };

  expect([...toBytes(image)]).toEqual([255, 0, 51, 0, 255, 102]);
});

test('values are rounded to the nearest step', () => {
  expect([...toBytes(pixel(0.49 / 255, 0.51 / 255, 254.51 / 255))]).toEqual([0, 1, 255]);
});

test('values outside of [0, 1] are clamped', () => {
  expect([...toBytes(pixel(-0.3, 1.7, -1e30))]).toEqual([0, 255, 0]);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
  '%s is an error and says where',
  (value) => {
    const image = { width: 2, height: 2, data: new Float32Array(12).fill(0.5) };
    image.data[4 + 3] = value;

    expect(() => toBytes(image)).toThrow(
      expect.objectContaining({ domain: 'image', code: 'not-finite', context: { value, channel: 1, x: 1, y: 1 } }),
    );
  },
);

test('all bytes survive the way to a picture and back', () => {
  const bytes = Uint8Array.from({ length: 3 * 256 }, (_, index) => (index * 85) % 256);

  expect(toBytes(fromBytes(bytes, 16, 16))).toEqual(bytes);
});

test('grey bytes make a grey picture, and what is behind RGB is left out', () => {
  expect([...fromBytes(Uint8Array.of(255, 0), 2, 1, 1).data]).toEqual([1, 0, 1, 0, 1, 0]);
  expect([...fromBytes(Uint8Array.of(255, 0, 255, 9), 1, 1, 4).data]).toEqual([1, 0, 1]);
});

test('a wrong number of bytes is an error', () => {
  expect(() => fromBytes(new Uint8Array(11), 2, 2)).toThrow('Expected 2×2×3 = 12 bytes, got 11');
});
