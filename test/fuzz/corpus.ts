import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import type { PictureFormat } from '../../src/imaging/picture-format.js';
import { packageRoot } from '../../src/package-root.js';
import { type DrawnAnimation, drawnGif, drawnPng, drawnWebp } from '../imaging/animation/drawn-animations.js';
import { concat, pngChunk } from '../imaging/handmade-files.js';
import { gifOf } from '../imaging/handmade-gif.js';
import { tiffOfSamples } from '../imaging/handmade-tiff.js';

/** A whole picture that mutated ones are made of. */
export interface Seed {
  readonly name: string;
  readonly format: PictureFormat;
  readonly bytes: Buffer;
}

const [width, height] = [40, 33];
const pixelsOf = (channels: number, phase = 0) =>
  Uint8Array.from({ length: channels * width * height }, (_, i) => (i * i * 31 + i * 7 + phase) % 251);

function picture(channels: 3 | 4 = 3): Sharp {
  return sharp(pixelsOf(channels), { raw: { width, height, channels } });
}

function moving(): Sharp {
  const raw = { width, height: 2 * height, channels: 3, pageHeight: height } as const;
  return sharp(Buffer.concat([pixelsOf(3), pixelsOf(3, 100)]), { raw });
}

const drawing = ['RGBY', 'YBGR', 'RRGG', 'BBYY'];
/** Frames that do all that frames can do. */
const scene: DrawnAnimation = {
  width: 4,
  height: 4,
  loops: 2,
  frames: [
    { drawing },
    { drawing: ['BB', 'B.'], left: 1, top: 1, disposal: 'restore' },
    { drawing: ['Y'], left: 3, disposal: 'clear' },
    { drawing: ['.G', 'G.'], top: 2, blend: 'source' },
  ],
};

/** Puts chunks before the pixels of a PNG. */
function withChunks(png: Buffer, ...chunks: readonly Uint8Array[]): Buffer {
  const pixels = png.indexOf('IDAT') - 4;
  return concat(png.subarray(0, pixels), ...chunks, png.subarray(pixels));
}

/** Makes pictures of every format that is decoded, in all the ways that their containers are read. */
export async function corpus(): Promise<readonly Seed[]> {
  const stored = (name: string) => readFile(join(packageRoot(), 'test/imaging/files', name));
  const wide = (x: number, y: number) => (x + 3 * y) % 8;
  const frame = { left: 0, top: 0, width, height, pixel: wide };
  const small = { left: 5, top: 7, width: 20, height: 16, pixel: wide };
  const samples = {
    width,
    height,
    channels: 3,
    bits: 8,
    sample: (x: number, y: number, c: number) => (x * y + 80 * c) % 256,
  };
  const jpeg = await picture().jpeg().toBuffer();
  const progressive = await picture().jpeg({ progressive: true }).toBuffer();
  const png = await picture().png().toBuffer();
  const control = pngChunk(
    'fcTL',
    concat([0, 0, 0, 0, 0, 0, 0, width, 0, 0, 0, height], new Uint8Array(8), [0, 1, 0, 9, 0, 0]),
  );
  const seeds: ReadonlyArray<readonly [PictureFormat, string, Buffer | Promise<Buffer>]> = [
    ['jpeg', 'baseline', jpeg],
    ['jpeg', 'full chroma', picture().jpeg({ chromaSubsampling: '4:4:4' }).toBuffer()],
    ['jpeg', 'progressive', progressive],
    ['jpeg', 'grey', picture().greyscale().jpeg().toBuffer()],
    ['jpeg', 'CMYK', picture().toColourspace('cmyk').jpeg().toBuffer()],
    ['jpeg', 'turned', picture().jpeg().withMetadata({ orientation: 6 }).toBuffer()],
    ['jpeg', 'with a profile', picture().withIccProfile('p3').jpeg().toBuffer()],
    ['jpeg', 'without an end marker', jpeg.subarray(0, -2)],
    ['jpeg', 'with a trailer and no end marker', concat(jpeg.subarray(0, -2), 'and so on '.repeat(20))],
    ['jpeg', 'progressive, without an end marker', progressive.subarray(0, -2)],
    ['png', 'RGB', png],
    ['png', 'RGBA', picture(4).png().toBuffer()],
    ['png', 'of a palette', picture().png({ palette: true, colours: 16 }).toBuffer()],
    ['png', 'interlaced', picture().png({ progressive: true }).toBuffer()],
    ['png', 'of 16 bits', picture().toColourspace('rgb16').png().toBuffer()],
    ['png', 'grey of 16 bits', picture().toColourspace('grey16').png().toBuffer()],
    ['png', 'with a profile', picture().withIccProfile('p3').png().toBuffer()],
    ['png', 'with a gamma', withChunks(png, pngChunk('gAMA', Uint8Array.of(0, 1, 0x86, 0xa0)))],
    ['png', 'with code points', withChunks(png, pngChunk('cICP', Uint8Array.of(9, 16, 0, 1)))],
    ['png', 'animated', withChunks(png, pngChunk('acTL', Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 0)), control)],
    ['png', 'of frames', drawnPng(scene)],
    ['png', 'of frames behind a picture', drawnPng(scene, drawing)],
    ['gif', 'of frames', drawnGif(scene)],
    ['webp', 'of frames', drawnWebp(scene)],
    ['gif', 'still', picture().gif({ effort: 1 }).toBuffer()],
    ['gif', 'moving', moving().gif({ effort: 1 }).toBuffer()],
    ['gif', 'interlaced', gifOf({ width, height }, { ...frame, interlaced: true })],
    ['gif', 'transparent', gifOf({ width, height }, { ...frame, transparent: 3 })],
    ['gif', 'small on its canvas', gifOf({ width, height }, small, frame)],
    ['webp', 'lossy', picture().webp().toBuffer()],
    ['webp', 'lossless', picture().webp({ lossless: true }).toBuffer()],
    ['webp', 'with alpha', picture(4).webp().toBuffer()],
    ['webp', 'moving', moving().webp({ effort: 0 }).toBuffer()],
    ['avif', 'still', picture().avif({ effort: 0 }).toBuffer()],
    ['avif', 'with alpha', picture(4).avif({ effort: 0 }).toBuffer()],
    ['avif', 'with code points', stored('avif-with-code-points.avif')],
    ['avif', 'of 10 bits', stored('avif-10-bit-with-code-points.avif')],
    ['avif', 'animated', stored('avif-sequence.avif')],
    ['tiff', 'LZW', picture().tiff({ compression: 'lzw' }).toBuffer()],
    ['tiff', 'JPEG', picture().tiff({ compression: 'jpeg' }).toBuffer()],
    [
      'tiff',
      'in tiles',
      picture().tiff({ compression: 'deflate', tile: true, tileWidth: 16, tileHeight: 16 }).toBuffer(),
    ],
    ['tiff', 'RGBA', picture(4).tiff({ compression: 'none' }).toBuffer()],
    ['tiff', 'of 16 bits', picture().toColourspace('rgb16').tiff({ compression: 'none' }).toBuffer()],
    ['tiff', 'CMYK', picture().toColourspace('cmyk').tiff({ compression: 'lzw' }).toBuffer()],
    ['tiff', 'big-endian', tiffOfSamples(samples, { photometric: 2, bigEndian: true })],
    ['tiff', 'in planes', tiffOfSamples(samples, { photometric: 2, planar: true })],
    [
      'tiff',
      'floats',
      tiffOfSamples({ ...samples, bits: 32, format: 3, sample: (x, y) => x / (y + 40) }, { photometric: 2 }),
    ],
  ];
  return Promise.all(
    seeds.map(async ([format, name, bytes]) => ({ format, name: `${format}, ${name}`, bytes: await bytes })),
  );
}
