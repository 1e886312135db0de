import { deflateSync, gzipSync } from 'node:zlib';
import sharp from 'sharp';
import type { ImageErrorCode } from '../../src/imaging/image-error.js';
import {
  avifClaiming,
  blackPixels,
  changed,
  concat,
  cut,
  gifFrame,
  gifHeader,
  greyTiffTags,
  jpegClaiming,
  png,
  pngChunk,
  pngSignature,
  tiff,
} from './handmade-files.js';

export type BadPicture = readonly [name: string, code: ImageErrorCode, make: () => Uint8Array | Promise<Uint8Array>];

/** Returns a small picture with detail everywhere, so that there is data to cut off and to break. */
function texture(width = 64, height = 64) {
  const pixels = Uint8Array.from({ length: 3 * width * height }, (_, index) => (index * index * 31 + index * 7) % 251);
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

const jpeg = () => texture().jpeg().toBuffer();
const progressiveJpeg = () => texture().jpeg({ progressive: true }).toBuffer();
const pngFile = () => texture().png().toBuffer();
const interlacedPng = () => texture().png({ progressive: true }).toBuffer();
const webp = () => texture().webp().toBuffer();
const losslessWebp = () => texture(32, 32).webp({ lossless: true }).toBuffer();
const gif = () => texture().gif({ effort: 1 }).toBuffer();
const avif = () => texture().avif({ effort: 0 }).toBuffer();
const tiffFile = () => texture().tiff({ compression: 'lzw' }).toBuffer();

const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect width="64" height="64"/></svg>';

/** Cuts a file where a transfer is likely to break off: in the header, early, late and just before the end. */
function truncations(name: string, make: () => Promise<Uint8Array>): readonly BadPicture[] {
  const shares = [0.1, 0.4, 0.7, 0.97];
  return shares.map((share) => [
    `${name} of which ${share * 100} % arrived`,
    'truncated',
    async () => cut(await make(), share),
  ]);
}

/** Files that people, broken uploads and attackers send, with the code that each has to be refused with. */
export const badPictures: readonly BadPicture[] = [
  ['no bytes', 'empty', () => new Uint8Array()],
  ['one byte', 'not-an-image', () => Uint8Array.of(0xff)],
  [
    'random bytes',
    'not-an-image',
    () => Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919 + ((i * i) % 83)) % 256),
  ],
  ['only zeros', 'not-an-image', () => new Uint8Array(10_000)],
  ['text', 'not-an-image', () => Buffer.from('Dear whitewalker, please paint my dog.')],
  ['text that begins with BM', 'not-an-image', () => Buffer.from('BMW is a maker of cars and motorcycles.')],
  ['JSON', 'not-an-image', () => Buffer.from('{"message":"404: Not Found","code":0}')],
  ['base64 of a PNG', 'not-an-image', async () => Buffer.from((await pngFile()).toString('base64'))],

  ['an HTML error page', 'unsupported-format', () => Buffer.from('\n<!DOCTYPE html><html><body>502</body></html>')],
  ['an SVG', 'unsupported-format', () => Buffer.from(svg)],
  [
    'an SVG behind a prologue',
    'unsupported-format',
    () => Buffer.from(`<?xml version="1.0"?>\n<!DOCTYPE svg>\n${svg}`),
  ],
  ['an SVG behind a byte order mark', 'unsupported-format', () => Buffer.from(`\ufeff ${svg}`)],
  ['an SVG behind a comment that says PNG', 'unsupported-format', () => Buffer.from(`<!-- \x89PNG\r\n -->${svg}`)],
  ['an SVG in UTF-16', 'unsupported-format', () => Buffer.from(`\ufeff${svg}`, 'utf16le')],
  ['a gzipped SVG', 'unsupported-format', () => gzipSync(svg)],
  ['a PDF', 'unsupported-format', () => Buffer.from('%PDF-1.7\n%\xe2\xe3\n1 0 obj\n<<>>\nendobj', 'latin1')],
  ['a ZIP', 'unsupported-format', () => concat('PK\x03\x04', [20, 0, 0, 0, 8, 0], new Uint8Array(40))],
  ['a program', 'unsupported-format', () => concat('MZ\x90\0', new Uint8Array(60))],
  ['an MP4', 'unsupported-format', () => concat([0, 0, 0, 24], 'ftypisom\0\0\x02\0isomiso2', new Uint8Array(64))],
  ['a WebM', 'unsupported-format', () => concat('\x1aE\xdf\xa3', new Uint8Array(64))],
  ['an HEIC', 'unsupported-format', () => concat([0, 0, 0, 24], 'ftypheic\0\0\0\0mif1heic', new Uint8Array(64))],
  [
    'a BMP',
    'unsupported-format',
    () => concat('BM', [70, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0], new Uint8Array(52)),
  ],
  ['an ICO', 'unsupported-format', () => concat([0, 0, 1, 0, 1, 0, 64, 64], new Uint8Array(64))],
  ['a PSD', 'unsupported-format', () => concat('8BPS\0\x01', new Uint8Array(64))],
  ['a JPEG XL', 'unsupported-format', () => concat([0xff, 0x0a], new Uint8Array(64))],
  ['a PPM', 'unsupported-format', () => concat('P6\n64 64\n255\n', new Uint8Array(3 * 64 * 64))],
  ['a WAV', 'unsupported-format', () => concat('RIFF', [36, 0, 0, 0], 'WAVEfmt ', new Uint8Array(32))],

  ...truncations('a JPEG', jpeg),
  ...truncations('a progressive JPEG', progressiveJpeg),
  ...truncations('a PNG', pngFile),
  ...truncations('an interlaced PNG', interlacedPng),
  ...truncations('a WebP', webp),
  ...truncations('a GIF', gif),
  ...truncations('an AVIF', avif),
  ...truncations('a TIFF', tiffFile),
  [
    'a GIF cut off in its first frame',
    'truncated',
    () => concat(gifHeader(64, 64), gifFrame(0, 0, 64, 64).subarray(0, 13)),
  ],
  ['a PNG of a signature', 'truncated', () => pngSignature],
  ['a PNG of a signature and a header', 'truncated', async () => (await pngFile()).subarray(0, 33)],
  ['a JPEG of a signature', 'truncated', () => Uint8Array.of(0xff, 0xd8, 0xff)],
  ['a TIFF of a signature', 'truncated', () => Buffer.from('II*\0')],
  [
    'a TIFF whose directory is behind its end',
    'truncated',
    () => changed(tiff(greyTiffTags(64, 64)), (copy) => copy.writeUInt32LE(0xfffffff0, 4)),
  ],
  ['a TIFF whose pixels are behind its end', 'truncated', () => tiff(greyTiffTags(64, 64, { 273: 0x7fffffff }))],

  ['a JPEG of nothing but start and end', 'damaged', () => Uint8Array.of(0xff, 0xd8, 0xff, 0xd9)],
  ['a JPEG without tables', 'damaged', async () => changed(await jpeg(), (copy) => copy.fill(0, 4, copy.length - 2))],
  [
    'a PNG with broken compression',
    'damaged',
    async () =>
      changed(await pngFile(), (copy) => copy.fill(0xaa, copy.indexOf('IDAT') + 8, copy.indexOf('IDAT') + 80)),
  ],
  [
    'a PNG with a wrong check sum',
    'damaged',
    async () => changed(await pngFile(), (copy) => copy.writeUInt32BE(0, copy.length - 16)),
  ],
  ['a PNG without pixels', 'damaged', () => png(64, 64)],
  ['a PNG with too few pixels', 'damaged', () => png(64, 64, blackPixels(64, 3))],
  ['a PNG of no size', 'damaged', () => png(0, 0, blackPixels(64, 64))],
  [
    'a PNG with a bit depth of 7',
    'damaged',
    () =>
      concat(
        pngSignature,
        pngChunk('IHDR', Uint8Array.of(0, 0, 0, 64, 0, 0, 0, 64, 7, 0, 0, 0, 0)),
        blackPixels(64, 64),
        pngChunk('IEND'),
      ),
  ],
  ['a GIF without a frame', 'damaged', () => concat(gifHeader(64, 64), [0x00, 0x3b])],
  [
    'a GIF with impossible codes',
    'damaged',
    async () => changed(await gif(), (copy) => copy.fill(0xff, copy.length >> 1, (copy.length >> 1) + 200)),
  ],
  ['a WebP of garbage', 'damaged', () => concat('RIFF', [72, 0, 0, 0], 'WEBPVP8 ', [60, 0, 0, 0], new Uint8Array(60))],
  [
    'a WebP with a broken bitstream',
    'damaged',
    async () => changed(await losslessWebp(), (copy) => copy.fill(0xff, 30, copy.length - 1)),
  ],
  ['an AVIF of a brand', 'truncated', () => concat([0, 0, 0, 24], 'ftypavif\0\0\0\0avifmif1')],
  [
    'an AVIF with a broken description',
    'damaged',
    async () => changed(await avif(), (copy) => copy.fill(0, copy.indexOf('iinf'), copy.indexOf('iprp'))),
  ],
  ['an AVIF that is larger than it says', 'damaged', async () => avifClaiming(await avif(), 32, 32)],
  [
    'a TIFF with a tile of 2³² pixels',
    'damaged',
    () => tiff({ ...greyTiffTags(64, 64), 322: 65_536, 323: 65_536, 324: 8, 325: 64 }),
  ],
  [
    'a TIFF in an unknown compression',
    'damaged',
    () => tiff(greyTiffTags(64, 64, { 259: 31_337 }), 0, Buffer.alloc(4096)),
  ],
  ['a TIFF whose directory leads to itself, without pixels', 'damaged', () => tiff({ 256: 64, 257: 64 }, 8)],

  ['a PNG that claims 100000×100000', 'too-large-side', () => png(100_000, 100_000, blackPixels(64, 64))],
  [
    'a PNG of zeros, 30000×30000',
    'too-large-side',
    () => png(30_000, 30_000, pngChunk('IDAT', deflateSync(Buffer.alloc(3_000_000)))),
  ],
  ['a PNG that claims 2³¹−1 pixels a side', 'damaged', () => png(2 ** 31 - 1, 2 ** 31 - 1, blackPixels(64, 64))],
  [
    'a GIF with a frame of 65535×65535',
    'too-large-side',
    () => concat(gifHeader(64, 64), gifFrame(0, 0, 65_535, 65_535), [0x3b]),
  ],
  [
    'a GIF with a frame that is far out',
    'too-large-side',
    () => concat(gifHeader(64, 64), gifFrame(60_000, 60_000, 64, 64), [0x3b]),
  ],
  ['a JPEG that claims 65500×65500', 'too-large-side', async () => jpegClaiming(await jpeg(), 65_500, 65_500)],
  [
    'a WebP that claims 16383×16383',
    'too-many-pixels',
    async () => changed(await losslessWebp(), (copy) => copy.set([0xfe, 0xbf, 0xff, 0x0f], 21)),
  ],
  ['an AVIF that claims 20000×20000', 'too-large-side', async () => avifClaiming(await avif(), 20_000, 20_000)],
  ['an AVIF that claims 5000×5000', 'too-many-pixels', async () => avifClaiming(await avif(), 5_000, 5_000)],
  ['a TIFF that claims 100000×100000', 'too-large-side', () => tiff(greyTiffTags(100_000, 100_000, { 279: 64 }))],
  ['a JPEG that claims 9000×9000', 'too-many-pixels', async () => jpegClaiming(await jpeg(), 9_000, 9_000)],

  ['a picture of one pixel', 'too-small', () => png(1, 1, blackPixels(1, 1))],
  ['a line of 1×5000 pixels', 'too-small', () => png(1, 5_000, blackPixels(1, 5_000))],
  [
    'a GIF that claims 65535×65535 for one pixel',
    'too-large-side',
    () => concat(gifHeader(65_535, 65_535), gifFrame(0, 0, 1, 1), [0x3b]),
  ],
  ['a strip of 20×5000 pixels', 'extreme-aspect-ratio', () => png(20, 5_000, blackPixels(20, 5_000))],
  ['a file of 26 MiB', 'too-many-bytes', () => concat(pngSignature, new Uint8Array(26 * 1024 * 1024))],
];
