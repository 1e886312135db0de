import { readFile } from 'node:fs/promises';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { decodePicture } from '../../src/imaging/decode.js';
import { toBytes } from '../../src/imaging/rgb-bytes.js';
import type { RgbImage } from '../../src/imaging/rgb-image.js';
import { concat, pngChunk, pngSignature } from './handmade-files.js';
import { type GifFrame, gifColors, gifOf } from './handmade-gif.js';
import { draw, gradient, largestDifference, pixelAt } from './test-pictures.js';

type Rgb = readonly [number, number, number];

const white: Rgb = [1, 1, 1];
const colorOf = (index: number): Rgb => {
  const [red, green, blue] = gifColors[index] ?? [0, 0, 0];
  return [red / 255, green / 255, blue / 255];
};
const stripes = (x: number, y: number) => (x + 3 * y) % 8;

const frame = (left: number, top: number, width: number, height: number, more: Partial<GifFrame> = {}): GifFrame => ({
  left,
  top,
  width,
  height,
  pixel: stripes,
  ...more,
});

/** What a browser shows of a frame on its canvas, with a white page behind it. */
function onCanvas(width: number, height: number, { left, top, width: w, height: h, transparent }: GifFrame): RgbImage {
  return draw(width, height, (x, y) => {
    const isInside = x >= left && x < left + w && y >= top && y < top + h;
    const index = stripes(x - left, y - top);
    return isInside && index !== transparent ? colorOf(index) : white;
  });
}

// All of these were compared with what Chromium 156 shows.
describe('the first frame of a GIF is shown on its canvas:', () => {
  const later = frame(0, 0, 40, 40, { pixel: () => 1 });
  type Size = readonly [width: number, height: number];
  type Case = readonly [name: string, canvas: Parameters<typeof gifOf>[0], first: GifFrame, size?: Size];
  const cases: readonly Case[] = [
    ['that fills it', { width: 40, height: 40 }, frame(0, 0, 40, 40)],
    ['in a corner', { width: 40, height: 40 }, frame(0, 0, 20, 22)],
    ['in the middle', { width: 40, height: 40 }, frame(7, 9, 20, 22)],
    ['of one pixel', { width: 40, height: 40 }, frame(39, 39, 1, 1)],
    ['with transparent pixels', { width: 40, height: 40 }, frame(7, 9, 20, 22, { transparent: 2 })],
    ['interlaced', { width: 40, height: 40 }, frame(7, 9, 20, 22, { interlaced: true })],
    ['that is cleared afterwards', { width: 40, height: 40 }, frame(7, 9, 20, 22, { disposal: 2 })],
    ['that what was before is restored after', { width: 40, height: 40 }, frame(7, 9, 20, 22, { disposal: 3 })],
    ['with a background colour', { width: 40, height: 40, background: 3 }, frame(7, 9, 20, 22)],
    ['that is larger', { width: 20, height: 20 }, frame(0, 0, 40, 30), [40, 30]],
    ['that reaches beyond it', { width: 40, height: 40 }, frame(20, 25, 30, 30), [50, 55]],
    ['that lies outside', { width: 40, height: 40 }, frame(50, 50, 20, 20), [70, 70]],
    ['where it has no size', { width: 0, height: 0 }, frame(4, 4, 32, 24), [36, 28]],
    ['where it has no width', { width: 0, height: 32 }, frame(0, 0, 32, 24), [32, 32]],
    ['of 640×480 pixels', { width: 640, height: 480 }, frame(30, 20, 100, 80)],
    ['of 640×480 pixels, in one pixel', { width: 640, height: 480 }, frame(0, 0, 1, 1)],
    ['of 2100×270 pixels', { width: 2100, height: 270 }, frame(0, 0, 20, 20)],
  ];

  test.each(
    cases.map(([name, canvas, first, size = [canvas.width, canvas.height] as const]) => ({
      name,
      canvas,
      first,
      size,
    })),
  )('$name', async ({ canvas, first, size }) => {
    const expected = onCanvas(...size, first);
    for (const file of [gifOf(canvas, first), gifOf(canvas, first, later)]) {
      const { image, sourceWidth, sourceHeight } = await decodePicture(file, { maxSide: 3000 });

      expect([sourceWidth, sourceHeight]).toEqual(size);
      expect(largestDifference(image, expected)).toBeLessThan(0.002);
    }
  });

  test('without anything of later frames, which alone have transparency', async () => {
    const file = await readFile(new URL('files/gif-small-first-frame-alpha-later.gif', import.meta.url));

    const { image } = await decodePicture(file);

    const [left, right] = [image.data[0], image.data[image.width - 1]];
    expect([image.width, image.height, left, right]).toEqual([64, 48, 1, 1]);
  });

  test('scaled down with it', async () => {
    const { image } = await decodePicture(
      gifOf({ width: 640, height: 480 }, frame(320, 0, 320, 480, { pixel: () => 0 })),
      { maxSide: 64 },
    );

    const half = draw(64, 48, (x) => (x < 32 ? white : colorOf(0)));
    expect([image.width, image.height]).toEqual([64, 48]);
    expect(largestDifference({ ...image, data: image.data.map((value) => Math.round(value)) }, half)).toBe(0);
  });

  test('whose size counts, not that of the frame', async () => {
    const huge = gifOf({ width: 16_000, height: 16_000 }, frame(0, 0, 32, 32));

    await expect(decodePicture(huge)).rejects.toMatchObject({ code: 'too-many-pixels' });
    await expect(decodePicture(gifOf({ width: 40, height: 40 }, frame(0, 0, 1, 1)))).resolves.toMatchObject({
      sourceWidth: 40,
    });
  });
});

describe('an animated PNG shows', () => {
  const side = 40;
  const scene = gradient(side, side);

  function pixelsOf(image: RgbImage): Buffer {
    const bytes = toBytes(image);
    const row = 3 * image.width;
    return deflateSync(
      Buffer.concat(
        Array.from({ length: image.height }, (_, y) => concat([0], bytes.subarray(y * row, (y + 1) * row))),
      ),
    );
  }

  const uint32 = (...values: readonly number[]) =>
    values.flatMap((value) => [value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255]);
  const header = pngChunk('IHDR', concat(uint32(side, side), [8, 2, 0, 0, 0]));
  const control = (sequence: number, width: number, height: number, left: number, top: number) =>
    pngChunk('fcTL', concat(uint32(sequence, width, height, left, top), [0, 1, 0, 10, 0, 0]));
  const frameData = (sequence: number, data: Uint8Array) => pngChunk('fdAT', concat(uint32(sequence), data));
  const animation = (frames: number) => pngChunk('acTL', concat(uint32(frames, 0)));
  const hidden = pngChunk('IDAT', pixelsOf(draw(side, side, () => [0, 0, 0])));
  const shown = pngChunk('IDAT', pixelsOf(scene));
  const file = (...chunks: readonly Uint8Array[]) => concat(pngSignature, header, ...chunks, pngChunk('IEND'));
  const small = draw(20, 12, (x, y) => [x / 20, y / 12, 0.5]);
  const smallOnCanvas = draw(side, side, (x, y) =>
    x >= 5 && x < 25 && y >= 6 && y < 18 ? [(x - 5) / 20, (y - 6) / 12, 0.5] : white,
  );
  const half = Math.floor(pixelsOf(scene).length / 2);

  test.each<readonly [name: string, file: Buffer, expected: RgbImage]>([
    [
      'its first frame, if that is the picture',
      file(animation(2), control(0, side, side, 0, 0), shown, control(1, 20, 12, 5, 6), frameData(2, pixelsOf(small))),
      scene,
    ],
    [
      'its first frame, if that stands behind the picture',
      file(
        animation(2),
        hidden,
        control(0, side, side, 0, 0),
        frameData(1, pixelsOf(scene)),
        control(2, 20, 12, 5, 6),
        frameData(3, pixelsOf(small)),
      ),
      scene,
    ],
    [
      'its first frame on the canvas, if it is smaller',
      file(animation(1), hidden, control(0, 20, 12, 5, 6), frameData(1, pixelsOf(small))),
      smallOnCanvas,
    ],
    [
      'all chunks of its first frame',
      file(
        animation(1),
        hidden,
        control(0, side, side, 0, 0),
        frameData(1, pixelsOf(scene).subarray(0, half)),
        frameData(2, pixelsOf(scene).subarray(half)),
      ),
      scene,
    ],
    [
      'the picture, if the animation begins too late to count',
      file(shown, animation(1), control(0, 20, 12, 5, 6), frameData(1, pixelsOf(small))),
      scene,
    ],
    [
      'the picture, if its first frame does not lie on the canvas',
      file(animation(1), shown, control(0, 20, 12, 30, 6), frameData(1, pixelsOf(small))),
      scene,
    ],
  ])('%s', async (_name, bytes, expected) => {
    const { image, animated } = await decodePicture(bytes);

    expect(animated).toBe(true);
    expect(largestDifference(image, expected)).toBeLessThan(0.003);
  });
});

test('the first frame of an animated WebP is shown on its canvas', async () => {
  const red = await sharp({ create: { width: 20, height: 20, channels: 3, background: '#ff0000' } })
    .webp({ lossless: true })
    .toBuffer();
  const picture = red.subarray(12);
  const uint24 = (value: number) => [value & 255, (value >> 8) & 255, value >> 16];
  const animationFrame = concat(
    'ANMF',
    [16 + picture.length, 0, 0, 0],
    uint24(5),
    uint24(6),
    uint24(19),
    uint24(19),
    uint24(100),
    [0],
    picture,
  );
  animationFrame.writeUInt32LE(16 + picture.length, 4);
  const file = concat(
    'RIFF\0\0\0\0WEBPVP8X',
    [10, 0, 0, 0, 2, 0, 0, 0, ...uint24(39), ...uint24(39)],
    'ANIM',
    [6, 0, 0, 0, 0, 255, 0, 255, 0, 0],
    animationFrame,
    animationFrame,
  );
  file.writeUInt32LE(file.length - 8, 4);

  const { image } = await decodePicture(file);

  const expected = draw(40, 40, (x, y) => (x >= 10 && x < 30 && y >= 12 && y < 32 ? colorOf(0) : white));
  expect(largestDifference(image, expected)).toBe(0);
});

describe('an animated AVIF', () => {
  const sequence = () => readFile(new URL('files/avif-sequence.avif', import.meta.url));

  test('shows its first frame', async () => {
    const { image, animated, format } = await decodePicture(await sequence());

    expect([format, animated]).toEqual(['avif', true]);
    const bytes = (x: number, y: number) => pixelAt(image, x, y).map((value) => Math.round(255 * value));
    // A gradient, of red across and green down, with a red and a blue rectangle on it.
    for (const [x, y, color] of [
      [1, 46, [4, 250, 127]],
      [61, 1, [247, 5, 127]],
      [20, 12, [220, 32, 32]],
      [48, 32, [22, 58, 200]],
    ] as const) {
      const differences = bytes(x, y).map((value, channel) => Math.abs(value - (color[channel] ?? 0)));
      expect(Math.max(...differences), `${bytes(x, y)} at ${x}, ${y}`).toBeLessThan(12);
    }
  });

  test.each(['msf1', 'miaf', 'MA1B', 'iso8', 'mif1'])('may have %s as its major brand', async (brand) => {
    const file = await sequence();
    file.write(brand, 8, 'latin1');

    await expect(decodePicture(file)).resolves.toMatchObject({ format: 'avif', sourceWidth: 64 });
  });

  test('that is cut off is told as such', async () => {
    const file = await sequence();

    await expect(decodePicture(file.subarray(0, -40))).rejects.toMatchObject({ code: 'truncated' });
  });
});
