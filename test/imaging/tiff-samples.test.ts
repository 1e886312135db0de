import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { decodePicture } from '../../src/imaging/decode.js';
import { openPicture } from '../../src/imaging/picture-header.js';
import { toBytes } from '../../src/imaging/rgb-bytes.js';
import { type TiffOptions, type TiffSamples, tiffOfSamples } from './handmade-tiff.js';
import { draw, largestDifference } from './test-pictures.js';

const width = 20;
const height = 18;
const step = 1 / 255;

/** Steps of a ramp from 0 to 1 that are exact in 1, 2, 4 and 8 bits and more. */
const ramp = (x: number, y: number, steps: number) => ((x + 3 * y) % steps) / (steps - 1);
const color = (x: number, y: number, channel: number) => [x / 19, y / 17, ((x * y) % 7) / 6][channel] ?? 1;

const rgb = draw(width, height, (x, y) => [color(x, y, 0), color(x, y, 1), color(x, y, 2)]);
const grey = (steps: number) =>
  draw(width, height, (x, y) => [ramp(x, y, steps), ramp(x, y, steps), ramp(x, y, steps)]);
const onWhite = (share: number) => ({ ...rgb, data: rgb.data.map((value) => 1 - share + share * value) });

const most = (bits: number) => 2 ** bits - 1;
const size = { width, height };
const ofColor = (bits: number, channels = 3): TiffSamples => ({
  ...size,
  channels,
  bits,
  sample: (x, y, channel) => Math.round(color(x, y, channel) * most(bits)),
});
const ofGrey = (bits: number, steps: number): TiffSamples => ({
  ...size,
  channels: 1,
  bits,
  sample: (x, y) => Math.round(ramp(x, y, steps) * most(bits)),
});
const inverted = (samples: TiffSamples): TiffSamples => ({
  ...samples,
  sample: (x, y, channel) => most(samples.bits) - samples.sample(x, y, channel),
});
/** RGB and an alpha of 0.6, which colours are multiplied by if it is associated. */
const withAlpha = (bits: number, isAssociated: boolean): TiffSamples => ({
  ...size,
  channels: 4,
  bits,
  sample: (x, y, channel) =>
    Math.round((channel === 3 ? 0.6 : color(x, y, channel) * (isAssociated ? 0.6 : 1)) * most(bits)),
});

const whiteIsZero = { photometric: 0 };
const blackIsZero = { photometric: 1 };
const isRgb = { photometric: 2 };
const palette16 = Array.from({ length: 3 * 16 }, (_, i) => Math.round((((i * 5) % 16) / 15) * 65_535));
const ofPalette = draw(width, height, (x, y) => {
  const index = (x + 3 * y) % 16;
  const entry = (channel: number) => (((16 * channel + index) * 5) % 16) / 15;
  return [entry(0), entry(1), entry(2)];
});

describe('decodes to the right pixels:', () => {
  test.each<readonly [name: string, samples: TiffSamples, options: TiffOptions, expected: typeof rgb, steps: number]>([
    ['8-bit RGB', ofColor(8), isRgb, rgb, 0.6],
    ['16-bit RGB', ofColor(16), isRgb, rgb, 1.1],
    ['8-bit RGB, big-endian', ofColor(8), { ...isRgb, bigEndian: true }, rgb, 0.6],
    ['16-bit RGB, big-endian', ofColor(16), { ...isRgb, bigEndian: true }, rgb, 1.1],
    ['8-bit RGB in planes', ofColor(8), { ...isRgb, planar: true }, rgb, 0.6],
    ['16-bit RGB in planes', ofColor(16), { ...isRgb, planar: true }, rgb, 1.1],
    ['8-bit RGB in tiles', ofColor(8), { ...isRgb, tile: 16 }, rgb, 0.6],
    ['16-bit RGB in tiles', ofColor(16), { ...isRgb, tile: 16 }, rgb, 1.1],
    ['1-bit grey', ofGrey(1, 2), blackIsZero, grey(2), 0.6],
    ['2-bit grey', ofGrey(2, 4), blackIsZero, grey(4), 0.6],
    ['4-bit grey', ofGrey(4, 16), blackIsZero, grey(16), 0.6],
    ['8-bit grey', ofGrey(8, 52), blackIsZero, grey(52), 0.6],
    ['16-bit grey', ofGrey(16, 52), blackIsZero, grey(52), 1.1],
    ['1-bit grey, white is zero', inverted(ofGrey(1, 2)), whiteIsZero, grey(2), 0.6],
    ['4-bit grey, white is zero', inverted(ofGrey(4, 16)), whiteIsZero, grey(16), 0.6],
    ['8-bit grey, white is zero', inverted(ofGrey(8, 52)), whiteIsZero, grey(52), 0.6],
    ['16-bit grey, white is zero', inverted(ofGrey(16, 52)), whiteIsZero, grey(52), 1.1],
    [
      'a palette',
      { ...ofGrey(4, 16), sample: (x, y) => (x + 3 * y) % 16 },
      { photometric: 3, tags: { 320: palette16 } },
      ofPalette,
      0.6,
    ],
    ['8-bit RGB with alpha', withAlpha(8, false), { ...isRgb, tags: { 338: [2] } }, onWhite(0.6), 1],
    ['16-bit RGB with alpha', withAlpha(16, false), { ...isRgb, tags: { 338: [2] } }, onWhite(0.6), 1.1],
    ['8-bit RGB with associated alpha', withAlpha(8, true), { ...isRgb, tags: { 338: [1] } }, onWhite(0.6), 1.6],
    ['16-bit RGB with associated alpha', withAlpha(16, true), { ...isRgb, tags: { 338: [1] } }, onWhite(0.6), 1.6],
  ])('%s', async (_name, samples, options, expected, steps) => {
    const { image } = await decodePicture(tiffOfSamples(samples, options));

    expect(largestDifference(image, expected)).toBeLessThan(steps * step);
  });

  // Below a quality of 90, chroma is halved.
  test.each([95, 85])('YCbCr that is compressed as JPEG of quality %i', async (quality) => {
    const smooth = draw(32, 32, (x, y) => [x / 31, y / 31, 0.5]);
    const file = await sharp(toBytes(smooth), { raw: { width: 32, height: 32, channels: 3 } })
      .tiff({ compression: 'jpeg', quality })
      .toBuffer();

    const { image } = await decodePicture(file);

    expect(largestDifference(image, smooth)).toBeLessThan(16 * step);
  });

  test('CMYK without a profile has the colours that print can show', async () => {
    const dull = [0.6, 0.5, 0.55, 0.05];
    const samples = {
      ...size,
      channels: 4,
      bits: 8,
      sample: (_x: number, _y: number, channel: number) => Math.round(255 * (dull[channel] ?? 0)),
    };
    const { image } = await decodePicture(tiffOfSamples(samples, { photometric: 5 }));
    const deep = await decodePicture(
      tiffOfSamples(
        { ...samples, bits: 16, sample: (x, y, channel) => 257 * samples.sample(x, y, channel) },
        { photometric: 5 },
      ),
    );

    const whole = draw(width, height, () => [0.4, 0.45, 0.43]);
    expect(largestDifference(image, whole)).toBeLessThan(0.08);
    expect(largestDifference(deep.image, image)).toBeLessThan(2 * step);
  });
});

describe('refuses in words, before a pixel is decoded,', () => {
  const ofFormat = (channels: number, bits: number, format: TiffSamples['format'], scale: number): TiffSamples => ({
    ...size,
    channels,
    bits,
    ...(format ? { format } : {}),
    sample: (x, y, channel) => {
      const value = (channels === 1 ? ramp(x, y, 2) : [0.25, 0.5, 1][(x + channel) % 3]) ?? 0;
      return format === 3 || format === 6 ? value : Math.round(value * scale);
    },
  });
  const formats: ReadonlyArray<readonly [name: string, bits: number, format: TiffSamples['format'], scale: number]> = [
    ['16-bit floats', 16, 3, 1],
    ['32-bit floats', 32, 3, 1],
    ['64-bit floats', 64, 3, 1],
    ['signed 8-bit numbers', 8, 2, 127],
    ['signed 16-bit numbers', 16, 2, 32_767],
    ['signed 32-bit numbers', 32, 2, 2 ** 31 - 1],
    ['unsigned 32-bit numbers', 32, 1, 2 ** 32 - 1],
    ['unsigned 64-bit numbers', 64, 1, 2 ** 53],
    ['complex integers', 32, 5, 65_535],
    ['complex floats', 64, 6, 1],
  ];
  const cases: ReadonlyArray<readonly [name: string, samples: TiffSamples, options: TiffOptions]> = [
    ...formats.flatMap(
      ([name, bits, format, scale]): Array<readonly [string, TiffSamples, TiffOptions]> => [
        [`grey ${name}`, ofFormat(1, bits, format, scale), blackIsZero],
        [`grey ${name}, white is zero`, ofFormat(1, bits, format, scale), whiteIsZero],
        [`RGB ${name}`, ofFormat(3, bits, format, scale), isRgb],
        [`RGB ${name}, big-endian`, ofFormat(3, bits, format, scale), { ...isRgb, bigEndian: true }],
      ],
    ),
    ['10 bits', ofColor(16), { ...isRgb, tags: { 258: [10, 10, 10] } }],
    ['12 bits', ofColor(16), { ...isRgb, tags: { 258: [12, 12, 12] } }],
    ['8-bit CIELab', ofColor(8), { photometric: 8 }],
    ['16-bit CIELab', ofColor(16), { photometric: 8 }],
    ['ICCLab', ofColor(8), { photometric: 9 }],
    ['ITULab', ofColor(8), { photometric: 10 }],
    ['LogLuv', ofFormat(3, 16, 2, 100), { photometric: 32_845, compression: 34_676, data: Buffer.alloc(500, 2) }],
    ['LogL', ofFormat(1, 16, 2, 100), { photometric: 32_844, compression: 34_676, data: Buffer.alloc(500, 2) }],
    ['YCbCr that is not compressed', ofColor(8), { photometric: 6, tags: { 530: [1, 1] } }],
    ["a camera's raw samples", ofGrey(16, 52), { photometric: 32_803 }],
    ['two extra channels', ofColor(8, 5), { ...isRgb, tags: { 338: [2, 0] } }],
  ];

  test.each(cases)('%s', async (_name, samples, options) => {
    const opening = openPicture(tiffOfSamples(samples, options));

    await expect(opening).rejects.toMatchObject({
      domain: 'image',
      code: 'ambiguous-samples',
      message: expect.stringMatching(/^This TIFF picture has .+; please save it with 8 bits a channel, .+\.$/),
    });
  });

  test('floats with an ICC profile', async () => {
    const file = await readFile(new URL('files/tiff-float-rgb-with-profile.tif', import.meta.url));

    await expect(decodePicture(file)).rejects.toMatchObject({ code: 'ambiguous-samples' });
  });
});
