import { expect, test } from 'vitest';
import { EvolvingPalette } from '../../../src/imaging/gif/palette.js';
import { toBytes } from '../../../src/imaging/rgb-bytes.js';
import { draw, gradient, mosaic } from '../test-pictures.js';

function quantised(pixels: Uint8Array, palette: EvolvingPalette): Uint8Array {
  const { palette: colors, indices } = palette.quantise(pixels);
  return Uint8Array.from(pixels, (_, index) => colors[3 * (indices[Math.floor(index / 3)] ?? 0) + (index % 3)] ?? 0);
}

function rootMeanSquare(a: Uint8Array, b: Uint8Array): number {
  return Math.sqrt(a.reduce((sum, value, index) => sum + (value - (b[index] ?? 0)) ** 2, 0) / a.length);
}

test('a picture of few colours keeps them exactly', () => {
  const flag = toBytes(draw(30, 30, (x, y) => [x < 10 ? 1 : 0.2, y < 20 ? 0.4 : 0.6, 0.8]));

  expect(quantised(flag, new EvolvingPalette(16))).toEqual(flag);
});

test('a picture of one colour is one colour', () => {
  const blue = toBytes(draw(8, 8, () => [0, 0, 1]));

  expect(new EvolvingPalette(255).quantise(blue)).toEqual({
    palette: Uint8Array.of(0, 0, 255),
    indices: new Uint8Array(64),
  });
});

test('more colours are closer to the picture', () => {
  const picture = toBytes(gradient(100, 100));
  const errors = [4, 16, 64, 255].map((colors) =>
    rootMeanSquare(picture, quantised(picture, new EvolvingPalette(colors))),
  );

  expect(errors).toEqual([...errors].sort((a, b) => b - a));
  expect(errors[3]).toBeLessThan(5);
});

test('each pixel has the nearest colour there is', () => {
  const picture = toBytes(mosaic(40, 40));
  const { palette, indices } = new EvolvingPalette(32).quantise(picture);

  const distanceTo = (pixel: number, color: number) =>
    [0, 1, 2].reduce((sum, c) => sum + ((picture[3 * pixel + c] ?? 0) - (palette[3 * color + c] ?? 0)) ** 2, 0);
  for (let pixel = 0; pixel < indices.length; pixel += 4) {
    const distances = Array.from({ length: 32 }, (_, color) => distanceTo(pixel, color));
    // The palette tells colours apart in steps of 4, and rounds them.
    expect(Math.sqrt(distanceTo(pixel, indices[pixel] ?? -1))).toBeLessThan(Math.sqrt(Math.min(...distances)) + 7);
  }
});

test('it follows a picture as well as it is made for one', () => {
  const [from, to] = [toBytes(mosaic(80, 80, 1)), toBytes(gradient(80, 80))];
  const palette = new EvolvingPalette(64);
  const frames = Array.from({ length: 10 }, (_, frame) =>
    from.map((value, index) => value + ((to[index] ?? 0) - value) * (frame / 9)),
  );

  const followed = frames.map((frame) => quantised(frame, palette)).at(-1) ?? from;

  expect(rootMeanSquare(followed, to)).toBeLessThan(1.3 * rootMeanSquare(quantised(to, new EvolvingPalette(64)), to));
});

test('a picture that stays keeps its colours', () => {
  const picture = toBytes(mosaic(80, 80));
  const [still, anew] = [1, 2].map((seed) => {
    const palette = new EvolvingPalette(64);
    // One palette has seen the picture before, the other has seen another picture.
    palette.quantise(seed === 1 ? picture : toBytes(mosaic(80, 80, seed)));
    return rootMeanSquare(quantised(picture, palette), quantised(picture, palette));
  });

  expect(still).toBeLessThan((anew ?? 0) / 2);
});

test('it makes room for new colours when it had few', () => {
  const palette = new EvolvingPalette(64);
  palette.quantise(toBytes(draw(20, 20, () => [0.5, 0.5, 0.5])));
  const picture = toBytes(draw(20, 20, (x, y) => [x < 10 ? 1 : 0, y < 10 ? 1 : 0, 0.5]));

  expect(quantised(picture, palette)).toEqual(picture);
});
