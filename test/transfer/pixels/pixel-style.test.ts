import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { WeightMap } from '../../../src/engine/engine.js';
import type { RgbImage } from '../../../src/imaging/rgb-image.js';
import { singleStyle } from '../../../src/transfer/pictures.js';
import { PixelStyle, pixelTargets } from '../../../src/transfer/pixels/pixel-style.js';
import { noisePicture, wavyMap, wavyPicture } from '../../engine/random-pictures.js';
import { cosine, relativeError } from '../../numbers.js';

/** A case that pytorch.py computed. */
interface PytorchCase {
  readonly width: number;
  readonly height: number;
  readonly weighted: boolean;
  readonly error: number;
  readonly gradient: readonly number[];
}

const pytorchCases: readonly PytorchCase[] = JSON.parse(
  await readFile(fileURLToPath(new URL('pytorch.json', import.meta.url)), 'utf8'),
);

/** Makes the picture that pytorch.py makes, too. */
function waves(width: number, height: number, seed: number, contrast: readonly number[] = [1, 1, 1]): RgbImage {
  const data = Float32Array.from({ length: 3 * width * height }, (_, i) => {
    const [x, y, c] = [i % width, Math.floor(i / width) % height, Math.floor(i / (width * height))];
    const smooth = Math.sin(0.4 * x + 0.9 * c + seed) + Math.cos(0.3 * y - 0.2 * x * c);
    const noise = ((i * i * 7 + i * (13 + seed)) % 101) / 101 - 0.5;
    return 0.5 + (Math.fround(0.5 + 0.1 * smooth + 0.2 * noise) - 0.5) * Math.fround(contrast[c] ?? 1);
  });
  return { width, height, data };
}

function pytorchMap(width: number, height: number): WeightMap {
  const data = Float32Array.from({ length: width * height }, (_, i) => {
    return (((i % width) * 3 + Math.floor(i / width) * 5) % 11) / 11;
  });
  return { width, height, data };
}

function errorOf(style: PixelStyle, picture: RgbImage): number {
  return style.error(picture, 0);
}

/** Returns a picture with noise of one kind added: of a chroma colour, or of brightness. */
function noisy(picture: RgbImage, amount: number, direction: readonly number[]): RgbImage {
  const pixels = picture.width * picture.height;
  const noise = noisePicture(picture.width, picture.height, 9).data;
  const data = picture.data.map(
    (value, i) => value + amount * ((noise[i % pixels] ?? 0) - 0.5) * (direction[Math.floor(i / pixels)] ?? 0),
  );
  return { ...picture, data };
}

describe("the error of a picture's pixels", () => {
  it.each(pytorchCases)('is PyTorch’s, with its gradient, at $width×$height (weighted: $weighted)', (expected) => {
    const { width, height, weighted } = expected;
    const targets = pixelTargets(singleStyle(waves(20, 26, 2, [0.9, 0.8, 0.85])));
    const style = new PixelStyle({ width, height }, targets, weighted ? pytorchMap(width, height) : undefined);
    const gradient = new Float32Array(3 * width * height);
    const error = style.error(waves(width, height, 1), 1);
    style.addGradient(gradient);
    expect(relativeError(error, expected.error)).toBeLessThan(1e-5);
    const reference = Float32Array.from(expected.gradient);
    expect(cosine(gradient, reference)).toBeGreaterThan(0.999999);
    expect(relativeError(Math.hypot(...gradient), Math.hypot(...reference))).toBeLessThan(1e-5);
  });

  it.each([
    { what: 'everywhere', map: undefined },
    { what: 'in a map', map: wavyMap(40, 30, 5) },
  ])('has the slope that its gradient says, $what', ({ map }) => {
    const size = { width: 40, height: 30 };
    const style = new PixelStyle(size, pixelTargets(singleStyle(wavyPicture(50, 40, 2))), map);
    const picture = noisy(wavyPicture(40, 30, 1), 0.2, [1, -1, 0.5]);
    const before = picture.data.map((value) => value / 3);
    const gradient = before.slice();
    style.error(picture, 2);
    style.addGradient(gradient);
    const slope = gradient.map((value, i) => (value - (before[i] ?? 0)) / 2);
    const squared = slope.reduce((sum, value) => sum + value * value, 0);
    const step = 1e-3 / Math.sqrt(squared);
    const at = (distance: number) =>
      errorOf(style, { ...picture, data: picture.data.map((value, i) => value + distance * (slope[i] ?? 0)) });
    expect(relativeError((at(step) - at(-step)) / (2 * step), squared)).toBeLessThan(1e-3);
  });

  it('is nothing for the style itself, wherever its parts lie, and about 2 for a picture of one colour', () => {
    const picture = wavyPicture(48, 32, 3);
    const style = new PixelStyle(picture, pixelTargets(singleStyle(picture)));
    expect(errorOf(style, picture)).toBeLessThan(1e-6);
    const mirrored = { ...picture, data: picture.data.toReversed() };
    const size = 48 * 32;
    const channels = [2, 1, 0].flatMap((channel) => [...mirrored.data.slice(channel * size, (channel + 1) * size)]);
    expect(errorOf(style, { ...picture, data: Float32Array.from(channels) })).toBeLessThan(1e-6);
    expect(errorOf(style, { ...picture, data: picture.data.map(() => 0.4) })).toBeCloseTo(2, 1);
  });

  it('rises far more by noise of colours than by as much noise of brightness, and not by colours that are smoother', () => {
    const picture = wavyPicture(64, 64, 4);
    const style = new PixelStyle(picture, pixelTargets(singleStyle(noisy(picture, 0.02, [1, 0, -1]))));
    const plain = errorOf(style, picture);
    expect(plain).toBeLessThan(0.01);
    expect(errorOf(style, noisy(picture, 0.1, [1, 0, -1]))).toBeGreaterThan(plain + 0.15);
    expect(errorOf(style, noisy(picture, 0.1, [1, 1, 1]))).toBeLessThan(plain + 0.03);
  });

  it('is of the mean of the statistics of several styles', () => {
    const [one, two] = [wavyPicture(40, 50, 2), noisePicture(60, 40, 4)];
    const blended = pixelTargets([
      { picture: one, weight: 0.25 },
      { picture: two, weight: 0.75 },
    ]);
    const [first, second] = [pixelTargets(singleStyle(one)), pixelTargets(singleStyle(two))];
    for (const resolution of ['full', 'half'] as const) {
      for (const [i, value] of blended[resolution].entries()) {
        expect(value).toBeCloseTo(
          0.25 * (first[resolution][i] ?? Number.NaN) + 0.75 * (second[resolution][i] ?? Number.NaN),
          12,
        );
      }
    }
  });

  it('is blind to pixels that a map leaves out, and finite where it leaves one pixel', () => {
    const size = { width: 32, height: 24 };
    const pixels = size.width * size.height;
    const targets = pixelTargets(singleStyle(wavyPicture(40, 40, 2)));
    const left = { ...size, data: Float32Array.from({ length: pixels }, (_, i) => (i % size.width < 16 ? 1 : 0)) };
    const style = new PixelStyle(size, targets, left);
    const picture = wavyPicture(size.width, size.height, 1);
    const gradient = new Float32Array(3 * pixels);
    const error = style.error(picture, 1);
    style.addGradient(gradient);
    const changed = picture.data.map((value, i) => (i % size.width < 16 ? value : 1 - value));
    expect(errorOf(style, { ...picture, data: changed })).toBeCloseTo(error, 10);
    expect(gradient.every((value, i) => i % size.width < 16 || value === 0)).toBe(true);
    const single = { ...size, data: new Float32Array(pixels).fill(1, 100, 101) };
    expect(errorOf(new PixelStyle(size, targets, single), picture)).toBeCloseTo(2, 1);
  });
});
