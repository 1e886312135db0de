import { readFile } from 'node:fs/promises';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { decodePicture } from '../../src/imaging/decode.js';
import { toBytes } from '../../src/imaging/rgb-bytes.js';
import type { RgbImage } from '../../src/imaging/rgb-image.js';
import {
  blackPixels,
  changed,
  concat,
  gifFrame,
  gifHeader,
  greyTiffTags,
  png,
  pngChunk,
  tiff,
  webpAnimation,
} from './handmade-files.js';
import { draw, gradient, largestDifference, meanDifference, pixelAt } from './test-pictures.js';

const scene = gradient(48, 32);
const greyScene = draw(48, 32, (x, y) => Array<number>(3).fill((x + y) / 80) as [number, number, number]);

function asSharp(image: RgbImage) {
  return sharp(toBytes(image), { raw: { width: image.width, height: image.height, channels: 3 } });
}

/** Makes an animation of frames, which sharp takes one below the other. */
function animation(...frames: readonly RgbImage[]) {
  const { width, height } = frames[0] ?? scene;
  const raw = { width, height: height * frames.length, channels: 3, pageHeight: height } as const;
  return sharp(Buffer.concat(frames.map(toBytes)), { raw });
}

const black = draw(48, 32, () => [0, 0, 0]);
const step = 1 / 255;

describe('decodes to the right pixels:', () => {
  const cases: ReadonlyArray<
    readonly [name: string, make: () => Promise<Uint8Array>, expected: RgbImage, tolerance: number]
  > = [
    ['a PNG', () => asSharp(scene).png().toBuffer(), scene, 0.6 * step],
    ['an interlaced PNG', () => asSharp(scene).png({ progressive: true }).toBuffer(), scene, 0.6 * step],
    ['a palette PNG', () => asSharp(scene).png({ palette: true, dither: 0 }).toBuffer(), scene, 20 * step],
    ['a grey PNG', () => asSharp(greyScene).toColourspace('b-w').png().toBuffer(), greyScene, 1.1 * step],
    ['a 16-bit PNG', () => asSharp(scene).toColourspace('rgb16').png().toBuffer(), scene, 1.6 * step],
    ['a 16-bit grey PNG', () => asSharp(greyScene).toColourspace('grey16').png().toBuffer(), greyScene, 1.6 * step],
    ['an opaque PNG with alpha', () => asSharp(scene).ensureAlpha().png().toBuffer(), scene, 0.6 * step],
    ['a JPEG', () => asSharp(scene).jpeg({ quality: 95 }).toBuffer(), scene, 8 * step],
    ['a progressive JPEG', () => asSharp(scene).jpeg({ quality: 95, progressive: true }).toBuffer(), scene, 8 * step],
    [
      'a grey JPEG',
      () => asSharp(greyScene).toColourspace('b-w').jpeg({ quality: 95 }).toBuffer(),
      greyScene,
      6 * step,
    ],
    ['a WebP', () => asSharp(scene).webp({ quality: 95, smartSubsample: true }).toBuffer(), scene, 12 * step],
    ['a lossless WebP', () => asSharp(scene).webp({ lossless: true }).toBuffer(), scene, 0.6 * step],
    ['a GIF', () => asSharp(scene).gif({ dither: 0 }).toBuffer(), scene, 20 * step],
    ['an AVIF', () => asSharp(scene).avif({ quality: 90, effort: 2 }).toBuffer(), scene, 10 * step],
    ['a 10-bit AVIF', () => asSharp(scene).avif({ quality: 90, effort: 2, bitdepth: 10 }).toBuffer(), scene, 10 * step],
    ['a TIFF', () => asSharp(scene).tiff({ compression: 'lzw' }).toBuffer(), scene, 0.6 * step],
    ['a tiled TIFF', () => asSharp(scene).tiff({ compression: 'deflate', tile: true }).toBuffer(), scene, 0.6 * step],
    [
      'a 16-bit TIFF',
      () => asSharp(scene).toColourspace('rgb16').tiff({ compression: 'none' }).toBuffer(),
      scene,
      1.6 * step,
    ],
    ['a TIFF of several pages', async () => tiffOfTwoPages(), scene, 0.6 * step],
    ['an animated GIF', () => animation(scene, black).gif({ dither: 0 }).toBuffer(), scene, 20 * step],
    ['an animated WebP', () => animation(scene, black).webp({ lossless: true }).toBuffer(), scene, 0.6 * step],
  ];

  test.each(cases)('%s', async (_name, make, expected, tolerance) => {
    const { image } = await decodePicture(await make());

    expect(largestDifference(image, expected)).toBeLessThan(tolerance);
  });

  async function tiffOfTwoPages() {
    const file = await asSharp(scene).tiff({ compression: 'none' }).toBuffer();
    // The copy of the directory is a second page, which leads to itself for ever.
    const directory = file.readUInt32LE(4);
    const next = directory + 2 + 12 * file.readUInt16LE(directory);
    const copy = Buffer.from(file.subarray(directory, next + 4));
    copy.writeUInt32LE(file.length, copy.length - 4);
    return concat(
      changed(file, (bytes) => bytes.writeUInt32LE(file.length, next)),
      copy,
    );
  }
});

describe('turns a picture as its EXIF orientation says:', () => {
  // Each function says where the pixel that is stored at (x, y) comes to lie in the upright picture.
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('orientation %i', async (orientation) => {
    const [width, height] = [scene.width, scene.height];
    const upright: Record<number, (x: number, y: number) => [number, number]> = {
      1: (x, y) => [x, y],
      2: (x, y) => [width - 1 - x, y],
      3: (x, y) => [width - 1 - x, height - 1 - y],
      4: (x, y) => [x, height - 1 - y],
      5: (x, y) => [y, x],
      6: (x, y) => [height - 1 - y, x],
      7: (x, y) => [height - 1 - y, width - 1 - x],
      8: (x, y) => [y, width - 1 - x],
    };
    const stored = await asSharp(scene)
      .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
      .withMetadata({ orientation })
      .toBuffer();

    const { image, sourceWidth, sourceHeight } = await decodePicture(stored);

    const onItsSide = orientation >= 5;
    expect([sourceWidth, sourceHeight]).toEqual(onItsSide ? [height, width] : [width, height]);
    expect([image.width, image.height]).toEqual([sourceWidth, sourceHeight]);
    for (const [x, y] of [
      [1, 2],
      [40, 3],
      [5, 30],
      [45, 25],
    ] as const) {
      const target = upright[orientation]?.(x, y) ?? [0, 0];
      for (const [channel, value] of pixelAt(image, ...target).entries()) {
        expect(value).toBeCloseTo(pixelAt(scene, x, y)[channel] ?? Number.NaN, 1);
      }
    }
  });

  test('also when it is scaled down', async () => {
    const stored = await asSharp(gradient(200, 100)).jpeg().withMetadata({ orientation: 6 }).toBuffer();

    const { image, sourceWidth, sourceHeight } = await decodePicture(stored, { maxSide: 80 });

    expect([sourceWidth, sourceHeight, image.width, image.height]).toEqual([100, 200, 40, 80]);
  });
});

describe('knows colours:', () => {
  test('a Display P3 picture comes close to the same picture in sRGB', async () => {
    const displayP3 = await asSharp(scene).withIccProfile('p3').png().toBuffer();

    const { image } = await decodePicture(displayP3);
    const withoutProfile = await decodePicture(await sharp(displayP3, { ignoreIcc: true }).png().toBuffer());

    expect(meanDifference(image, scene)).toBeLessThan(2 * step);
    expect(meanDifference(withoutProfile.image, scene)).toBeGreaterThan(5 * step);
  });

  test('a 16-bit Display P3 picture as well', async () => {
    const displayP3 = await asSharp(scene).toColourspace('rgb16').withIccProfile('p3').png().toBuffer();

    const { image } = await decodePicture(displayP3);

    expect(meanDifference(image, scene)).toBeLessThan(3 * step);
  });

  test('a CMYK JPEG has the colours that print can show', async () => {
    const dull = draw(48, 32, (x, y) => [0.4 + x / 200, 0.5 - y / 300, 0.45]);
    const cmyk = await asSharp(dull).toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer();
    expect((await sharp(cmyk).metadata()).space).toBe('cmyk');

    const { image } = await decodePicture(cmyk);

    expect(meanDifference(image, dull)).toBeLessThan(8 * step);
  });

  test('transparent pixels are white, half transparent ones half of it', async () => {
    const rgba = Buffer.alloc(4 * 32 * 32);
    for (let pixel = 0; pixel < 32 * 32; pixel++) rgba.set([255, 0, 0, [0, 128, 255, 255][pixel % 4] ?? 0], 4 * pixel);
    const file = await sharp(rgba, { raw: { width: 32, height: 32, channels: 4 } })
      .png()
      .toBuffer();

    const { image } = await decodePicture(file);

    expect(pixelAt(image, 0, 0)).toEqual([1, 1, 1]);
    expect(pixelAt(image, 1, 0)[1]).toBeCloseTo(0.5, 2);
    expect(pixelAt(image, 2, 0)).toEqual([1, 0, 0]);
  });
});

describe('reports the source:', () => {
  test.each([
    ['png', false, () => asSharp(scene).png().toBuffer()],
    ['jpeg', false, () => asSharp(scene).jpeg().toBuffer()],
    ['webp', true, () => animation(scene, black).webp().toBuffer()],
    ['gif', true, () => animation(scene, black).gif().toBuffer()],
    ['gif', false, () => asSharp(scene).gif().toBuffer()],
    ['avif', false, () => asSharp(scene).avif({ effort: 0 }).toBuffer()],
    ['tiff', false, () => asSharp(scene).tiff().toBuffer()],
    ['png', true, async () => png(48, 32, pngChunk('acTL', new Uint8Array(8)), blackPixels(48, 32))],
  ] as const)('%s, animated: %s', async (format, animated, make) => {
    const decoded = await decodePicture(await make());

    expect(decoded).toMatchObject({ format, animated, sourceWidth: 48, sourceHeight: 32 });
  });
});

describe('scales down while decoding:', () => {
  test('to 2048 pixels at most', async () => {
    const wide = await sharp({ create: { width: 3000, height: 1500, channels: 3, background: '#336699' } })
      .jpeg()
      .toBuffer();

    const { image, sourceWidth } = await decodePicture(wide);

    expect([sourceWidth, image.width, image.height]).toEqual([3000, 2048, 1024]);
  });

  test('but never up', async () => {
    const { image } = await decodePicture(await asSharp(scene).png().toBuffer(), { maxSide: 1000 });

    expect([image.width, image.height]).toEqual([48, 32]);
  });

  test('a photograph like sharp itself', async () => {
    const photograph = await readFile('examples/coffee.jpg');
    const { data, info } = await sharp(photograph)
      .resize(150, 100, { kernel: 'lanczos3' })
      .raw()
      .toBuffer({ resolveWithObject: true });

    const { image } = await decodePicture(photograph, { maxSide: 150 });

    expect([image.width, image.height]).toEqual([info.width, info.height]);
    const bytes = toBytes(image);
    expect(data.reduce((sum, byte, index) => sum + Math.abs(byte - (bytes[index] ?? 0)), 0) / data.length).toBeLessThan(
      3,
    );
  });
});

describe('is not put off by', () => {
  const small = () => sharp(Buffer.alloc(3 * 32 * 32, 100), { raw: { width: 32, height: 32, channels: 3 } });

  test.each([
    ['stray bytes between the segments of a JPEG', async () => changedJpeg()],
    ['something behind the end of a JPEG', async () => concat(await small().jpeg().toBuffer(), 'and so on')],
    ['something behind the end of a PNG', async () => concat(await small().png().toBuffer(), 'and so on')],
    ['a GIF without its trailer', async () => (await small().gif().toBuffer()).subarray(0, -1)],
    ['a PNG without the check sum of its end', async () => (await small().png().toBuffer()).subarray(0, -4)],
    [
      'a profile that is none',
      async () =>
        png(32, 32, pngChunk('iCCP', concat('icc\0\0', deflateSync(Buffer.from('none')))), blackPixels(32, 32)),
    ],
    ['a TIFF whose directory leads to itself', async () => tiff(greyTiffTags(32, 32), 8, Buffer.alloc(32 * 32))],
    [
      '500 000 frames in a GIF',
      async () => concat(gifHeader(32, 32), Buffer.alloc(15 * 500_000, gifFrame(0, 0, 32, 32)), [0x3b]),
    ],
    ['100 000 frames in a WebP', async () => webpAnimation(await small().webp().toBuffer(), 100_000)],
    ['900 texts of 8 MB in a PNG', async () => pngOfTexts()],
  ] as const)('%s', async (_name, make) => {
    const { image } = await decodePicture(await make());

    expect([image.width, image.height]).toEqual([32, 32]);
  });

  async function changedJpeg() {
    const jpeg = await small().jpeg().toBuffer();
    return concat(jpeg.subarray(0, 20), [0, 0, 0, 0], jpeg.subarray(20));
  }

  function pngOfTexts() {
    const text = pngChunk('zTXt', concat('key\0\0', deflateSync(new Uint8Array(7_900_000))));
    return png(32, 32, Buffer.alloc(900 * text.length, text), blackPixels(32, 32));
  }
});

test('limits can be set', async () => {
  const file = await asSharp(scene).png().toBuffer();

  await expect(decodePicture(file, { maxBytes: 100 })).rejects.toMatchObject({ code: 'too-many-bytes' });
  await expect(decodePicture(file, { maxPixels: 1500 })).rejects.toMatchObject({ code: 'too-many-pixels' });
  await expect(decodePicture(file, { maxSourceSide: 47 })).rejects.toMatchObject({ code: 'too-large-side' });
  await expect(decodePicture(file, { minSourceSide: 33 })).rejects.toMatchObject({ code: 'too-small' });
  await expect(decodePicture(file, { maxAspectRatio: 1.4 })).rejects.toMatchObject({ code: 'extreme-aspect-ratio' });
});

test('an error names what was sent and what is taken', async () => {
  await expect(decodePicture(Buffer.from('%PDF-1.4'))).rejects.toMatchObject({
    message:
      'This file is a PDF document, which cannot be used here; please send the picture as JPEG, PNG, WebP, GIF, AVIF or TIFF.',
    context: { found: 'a PDF document', accepted: 'JPEG, PNG, WebP, GIF, AVIF or TIFF' },
  });
});

test('libvips has no way to a drawing, a document or a file, even past the check of the first bytes', async () => {
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"/>');

  await expect(sharp(svg).toBuffer()).rejects.toThrow('unsupported image format');
  await expect(sharp('examples/coffee.jpg').toBuffer()).rejects.toThrow('unsupported image format');
});
