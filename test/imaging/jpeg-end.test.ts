import sharp, { type JpegOptions } from 'sharp';
import { describe, expect, test } from 'vitest';
import { decodePicture } from '../../src/imaging/decode.js';
import { concat } from './handmade-files.js';

/** A picture with detail everywhere, whose last row and column of blocks are not whole. */
const [width, height] = [44, 35];
const pixels = Uint8Array.from({ length: 3 * width * height }, (_, i) => (i * i * 31 + i * 7) % 251);
const picture = () => sharp(pixels, { raw: { width, height, channels: 3 } });

const kinds: ReadonlyArray<readonly [name: string, make: () => Promise<Buffer>]> = [
  ...(
    [
      ['baseline', {}],
      ['full chroma', { chromaSubsampling: '4:4:4' }],
      ['usual tables', { optimiseCoding: false }],
      ['progressive', { progressive: true }],
      ['progressive in full chroma', { progressive: true, chromaSubsampling: '4:4:4' }],
    ] satisfies Array<[string, JpegOptions]>
  ).map(([name, options]) => [name, () => picture().jpeg(options).toBuffer()] as const),
  ['grey', () => picture().greyscale().jpeg().toBuffer()],
  ['CMYK', () => picture().toColourspace('cmyk').jpeg().toBuffer()],
];

const trailers: ReadonlyArray<readonly [name: string, trailer: (jpeg: Buffer) => Uint8Array]> = [
  ['nothing', () => new Uint8Array()],
  ['zeros', () => new Uint8Array(500)],
  ['text', () => Buffer.from('SEFH and so on '.repeat(50))],
  ['noise', () => Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919 + ((i * i) % 83)) % 256)],
  ['what looks like a segment', () => Uint8Array.of(0xff, 0xe1, 0, 4, 1, 2, 9, 9)],
  ['what looks like broken tables', () => Uint8Array.of(0xff, 0xc4, 0xff, 4, 1, 2, 9, 9)],
  ['a whole picture', (jpeg) => jpeg],
  ['a picture without an end marker', (jpeg) => jpeg.subarray(0, -2)],
];

describe.each(kinds)('a JPEG without an end marker, %s,', (_name, make) => {
  test.each(trailers)('is decoded with %s behind it', async (_trailer, trailer) => {
    const jpeg = await make();
    const file = concat(jpeg.subarray(0, -2), trailer(jpeg));

    const { image } = await decodePicture(file);

    expect(image).toEqual((await decodePicture(jpeg)).image);
  });

  test('is refused as soon as any of its data is missing', async () => {
    const jpeg = await make();
    const lengths = Array.from({ length: 60 }, (_, index) => jpeg.length - 3 - index);
    for (let length = 700; length < jpeg.length - 63; length += 97) lengths.push(length);

    const accepted: number[] = [];
    for (const length of lengths) {
      const decoding = decodePicture(jpeg.subarray(0, length));
      const code = await decoding.then(
        () => 'accepted',
        ({ code }) => code,
      );
      if (code !== 'truncated') accepted.push(length);
    }

    expect(accepted).toEqual([]);
  });
});
