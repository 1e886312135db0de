import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { readContainer } from '../../src/imaging/containers/read-container.js';
import type { PictureFormat } from '../../src/imaging/picture-format.js';
import { toBytes } from '../../src/imaging/rgb-bytes.js';
import { concat, webpAnimation } from './handmade-files.js';
import { mosaic } from './test-pictures.js';

const bytes = toBytes(mosaic(32, 32));
const still = sharp(bytes, { raw: { width: 32, height: 32, channels: 3 } });
const moving = sharp(
  concat(
    bytes,
    bytes.map((byte) => 255 - byte),
  ),
  {
    raw: { width: 32, height: 64, channels: 3, pageHeight: 32 },
  },
);

const files: ReadonlyArray<readonly [format: PictureFormat, kind: string, make: () => Promise<Buffer>, slack: number]> =
  [
    ['jpeg', 'baseline', () => still.clone().jpeg().toBuffer(), 0],
    ['jpeg', 'progressive', () => still.clone().jpeg({ progressive: true }).toBuffer(), 0],
    // A PNG may lack the last four bytes, which are the check sum of its end.
    ['png', 'plain', () => still.clone().png().toBuffer(), 4],
    ['webp', 'lossy', () => still.clone().webp().toBuffer(), 1],
    // A GIF may lack its last byte, the trailer.
    ['gif', 'still', () => still.clone().gif().toBuffer(), 1],
    ['avif', 'still', () => still.clone().avif({ effort: 0 }).toBuffer(), 0],
    // A TIFF may lack its last bytes, which are the resolution and the like, not pixels or their directory.
    ['tiff', 'in strips', () => still.clone().tiff({ compression: 'lzw' }).toBuffer(), 40],
    [
      'tiff',
      'in tiles',
      () => still.clone().tiff({ compression: 'none', tile: true, tileWidth: 16, tileHeight: 16 }).toBuffer(),
      40,
    ],
  ];

describe.each(files)('a %s, %s,', (format, _kind, make, slack) => {
  test('is complete as it is, and cut off anywhere it is not', async () => {
    const file = await make();

    expect(readContainer(file, format).complete).toBe(true);
    const start = 12;
    const lengths = Array.from({ length: file.length - slack - start }, (_, index) => start + index);
    expect(lengths.filter((length) => readContainer(file.subarray(0, length), format).complete)).toEqual([]);
  });
});

test.each(['gif', 'webp'] as const)('an animated %s is complete once its first frame is there', async (format) => {
  const file = await moving.clone().toFormat(format).toBuffer();
  const lengths = Array.from({ length: file.length - 12 }, (_, index) => 12 + index);

  const first = lengths.findIndex((length) => readContainer(file.subarray(0, length), format).complete);

  expect(readContainer(file, format).animated).toBe(true);
  expect(first / lengths.length).toBeGreaterThan(0.4);
  expect(first / lengths.length).toBeLessThan(0.6);
  expect(lengths.slice(first).every((length) => readContainer(file.subarray(0, length), format).complete)).toBe(true);
});

test('only the first frame of an animated WebP is kept, with its colours', async () => {
  const file = webpAnimation(await still.clone().webp().toBuffer(), 50);

  const { firstPicture, animated } = readContainer(file, 'webp');

  expect(animated).toBe(true);
  expect(firstPicture.length).toBeLessThan(file.length / 20);
  expect((await sharp(firstPicture).metadata()).pages ?? 1).toBe(1);
});

test('only what decides about the pixels of a PNG is kept', async () => {
  const file = await still.clone().withIccProfile('p3').png().toBuffer();

  const { firstPicture } = readContainer(file, 'png');

  expect(file.includes('pHYs')).toBe(true);
  expect(Buffer.from(firstPicture).includes('pHYs')).toBe(false);
  expect((await sharp(firstPicture).metadata()).hasProfile).toBe(true);
});

test('files with nothing to leave out are not copied', async () => {
  for (const format of ['jpeg', 'webp', 'gif', 'avif', 'tiff'] as const) {
    const file = await still.clone().toFormat(format).toBuffer();
    expect(readContainer(file, format).firstPicture).toBe(file);
  }
});
