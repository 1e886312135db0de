import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { decodePicture } from '../../src/imaging/decode.js';
import { encodePicture, formatOfFileName } from '../../src/imaging/encode.js';
import { draw, gradient, largestDifference, meanDifference, mosaic, pixelAt } from './test-pictures.js';

const scene = gradient(64, 48);

describe('a picture comes back as', () => {
  test.each([
    ['png', 0.002],
    ['jpeg', 0.01],
    ['webp', 0.015],
    ['avif', 0.015],
  ] as const)('%s', async (format, tolerance) => {
    const decoded = await decodePicture(await encodePicture(scene, format));

    expect(decoded.format).toBe(format);
    expect(meanDifference(decoded.image, scene)).toBeLessThan(tolerance);
  });
});

test('values outside of [0, 1] are clamped', async () => {
  const glaring = draw(32, 32, (x) => [x < 16 ? -1 : 2, 0.5, 1.0001]);

  const { image } = await decodePicture(await encodePicture(glaring, 'png'));

  expect(pixelAt(image, 0, 0)[0]).toBe(0);
  expect(pixelAt(image, 31, 0)[0]).toBe(1);
  expect(pixelAt(image, 31, 0)[2]).toBe(1);
});

test('a higher quality is a closer and larger picture', async () => {
  const detailed = mosaic(64, 64);
  const rough = await encodePicture(detailed, 'jpeg', { quality: 30 });
  const fine = await encodePicture(detailed, 'jpeg', { quality: 98 });

  expect(fine.length).toBeGreaterThan(1.5 * rough.length);
  const [roughImage, fineImage] = [(await decodePicture(rough)).image, (await decodePicture(fine)).image];
  expect(meanDifference(fineImage, detailed)).toBeLessThan(meanDifference(roughImage, detailed) / 2);
});

test('thin lines keep their colour', async () => {
  const stripes = draw(32, 32, (x) => (x % 2 ? [1, 0, 0] : [0, 0, 1]));

  for (const format of ['jpeg', 'avif'] as const) {
    const { image } = await decodePicture(await encodePicture(stripes, format));
    expect(largestDifference(image, stripes)).toBeLessThan(0.3);
  }
});

test('nothing is said about where a picture comes from', async () => {
  for (const format of ['png', 'jpeg', 'webp', 'avif'] as const) {
    const { exif, icc, xmp, iptc } = await sharp(await encodePicture(scene, format)).metadata();
    expect({ exif, icc, xmp, iptc }).toEqual({});
  }
});

test.each([
  ['jpeg', 65_500, 'JPEG'],
  ['webp', 16_383, 'WebP'],
  ['avif', 16_384, 'AVIF'],
] as const)(
  'as %s, a picture has at most %i pixels a side, and a larger picture is refused in words',
  async (format, most, name) => {
    const line = (width: number) => ({ width, height: 2, data: new Float32Array(3 * 2 * width) });
    const { width } = await sharp(await encodePicture(line(most), format)).metadata();
    expect(width).toBe(most);
    await expect(encodePicture(line(most + 1), format)).rejects.toMatchObject({
      key: 'image/too-large-for-format',
      message:
        `A picture of ${most + 1}×2 is too large for ${name}, whose sides have ${most} pixels at most; ` +
        'please write it as PNG, or take a smaller size.',
    });
    expect((await sharp(await encodePicture(line(most + 1), 'png')).metadata()).width).toBe(most + 1);
  },
);

test('a picture that went astray is not written', async () => {
  const astray = draw(32, 32, () => [0.5, Number.NaN, 0.5]);

  await expect(encodePicture(astray, 'png')).rejects.toMatchObject({ code: 'not-finite' });
});

test.each([
  ['out.png', 'png'],
  ['OUT.JPG', 'jpeg'],
  ['a.b/c.jpeg', 'jpeg'],
  ['my picture.webp', 'webp'],
  ['.avif', 'avif'],
] as const)('%s is written as %s', (name, format) => {
  expect(formatOfFileName(name)).toBe(format);
});

test.each(['out', 'out.gif', 'out.png.txt', 'jpg', 'png/out', 'out.', 'out.constructor'])(
  '%s is no name for a picture',
  (name) => {
    expect(() => formatOfFileName(name)).toThrow(
      expect.objectContaining({
        code: 'unknown-extension',
        message: `A picture cannot be written as "${name}"; please end its name with one of .png, .jpg, .jpeg, .webp, .avif.`,
      }),
    );
  },
);
