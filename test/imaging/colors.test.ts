import { readFile } from 'node:fs/promises';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { decodePicture } from '../../src/imaging/decode.js';
import type { RgbImage } from '../../src/imaging/rgb-image.js';
import { changed, concat, pngChunk, pngSignature } from './handmade-files.js';
import { tiffOfSamples } from './handmade-tiff.js';
import { pixelAt } from './test-pictures.js';

type Rgb = readonly [red: number, green: number, blue: number];
/** Colours in bytes, or as text: `0,0,0 255,255,255`. */
type Colors = string | readonly (readonly number[])[];

/** The bytes of four squares; what they mean as colours is for chunks to say. */
const squares: readonly Rgb[] = [
  [128, 128, 128],
  [64, 200, 150],
  [230, 120, 40],
  [20, 20, 200],
];

const side = 16;

function squareAt(x: number, y: number): Rgb {
  return squares[(y < side / 2 ? 0 : 2) + (x < side / 2 ? 0 : 1)] ?? [0, 0, 0];
}

/** Makes a PNG of the squares with chunks before its pixels, of 8 or 16 bits, with half transparency if asked for. */
function pngOfSquares(
  chunks: readonly Uint8Array[],
  bits: 8 | 16 = 8,
  alpha?: number,
  behind: readonly Uint8Array[] = [],
) {
  const rows = Array.from({ length: side }, (_, y) => [
    0,
    ...Array.from({ length: side }, (_, x) => [...squareAt(x, y), ...(alpha === undefined ? [] : [alpha])])
      .flat()
      .flatMap((value) => (bits === 8 ? [value] : [value, value])),
  ]);
  const header = Uint8Array.of(0, 0, 0, side, 0, 0, 0, side, bits, alpha === undefined ? 2 : 6, 0, 0, 0);
  const pixels = pngChunk('IDAT', deflateSync(Buffer.from(rows.flat())));
  return concat(pngSignature, pngChunk('IHDR', header), ...chunks, pixels, ...behind, pngChunk('IEND'));
}

const uint32 = (...values: readonly number[]) => {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, 4 * index);
  return bytes;
};
const gamma = (value: number) => pngChunk('gAMA', uint32(value));
const codePoints = (...values: readonly number[]) => pngChunk('cICP', Uint8Array.from(values));
const p3Primaries = pngChunk('cHRM', uint32(31_270, 32_900, 68_000, 32_000, 26_500, 69_000, 15_000, 6_000));
const srgb = pngChunk('sRGB', Uint8Array.of(0));

/** The bytes of the middles of the four squares. */
function bytesOf(image: RgbImage): number[][] {
  const [near, far] = [image.width / 8, (7 * image.width) / 8 - 1];
  return [
    [near, near],
    [far, near],
    [near, far],
    [far, far],
  ].map(([x = 0, y = 0]) => pixelAt(image, Math.round(x), Math.round(y)).map((value) => Math.round(255 * value)));
}

function colors(text: Colors): readonly (readonly number[])[] {
  return typeof text === 'string' ? text.split(' ').map((color) => color.split(',').map(Number)) : text;
}

function expectNear(found: readonly (readonly number[])[], expected: Colors, tolerance: number): void {
  const wanted = colors(expected).flat();
  const largest = Math.max(...found.flat().map((value, index) => Math.abs(value - (wanted[index] ?? Number.NaN))));
  expect(largest, `${JSON.stringify(found)} should be ${JSON.stringify(expected)}`).toBeLessThanOrEqual(tolerance);
}

const linear = '188,188,188 137,229,202 244,183,110 79,79,229';
const displayP3 = '128,128,128 0,203,146 247,112,0 20,20,208';

// All values are what Chromium 156 shows of the same files on a canvas in sRGB.
describe('a PNG looks as in browsers', () => {
  test.each<readonly [name: string, chunks: readonly Uint8Array[], expected: Colors]>([
    ['without anything', [], squares],
    ['with gAMA of linear light', [gamma(100_000)], linear],
    ['with gAMA of sRGB', [gamma(45_455)], squares],
    ['with gAMA of an old Macintosh', [gamma(55_000)], '146,146,146 80,210,166 235,138,52 25,25,210'],
    ['with gAMA of zero', [gamma(0)], squares],
    ['with cHRM alone', [p3Primaries], squares],
    ['with gAMA and cHRM', [gamma(45_455), p3Primaries], '129,129,129 0,205,148 247,113,0 12,12,210'],
    [
      'with gAMA of linear light and cHRM',
      [gamma(100_000), p3Primaries],
      '188,188,188 101,232,200 255,179,96 79,79,238',
    ],
    ['with sRGB, which goes before gAMA and cHRM', [srgb, gamma(100_000), p3Primaries], squares],
    ['with cICP of Display P3', [codePoints(12, 13, 0, 1)], displayP3],
    ['with cICP, which goes before gAMA', [codePoints(1, 13, 0, 1), gamma(100_000)], squares],
    ['with cICP of an unknown kind, where gAMA counts', [codePoints(2, 2, 0, 1), gamma(100_000)], linear],
    ['with cICP of a limited range', [codePoints(12, 13, 0, 0)], squares],
    ['with cICP of BT.709', [codePoints(1, 1, 0, 1)], '121,121,121 54,197,144 229,113,28 7,7,197'],
    ['with cICP of BT.2020', [codePoints(9, 14, 0, 1)], '121,121,121 0,207,139 255,84,0 0,0,207'],
    ['with cICP of NTSC', [codePoints(4, 4, 0, 1)], '129,129,129 0,200,150 255,112,0 0,60,208'],
    ['with cICP of PAL', [codePoints(5, 5, 0, 1)], '106,106,106 0,189,132 228,98,20 3,3,188'],
    ['with cICP of SMPTE 240', [codePoints(7, 7, 0, 1)], '141,141,141 94,204,161 228,136,57 45,48,207'],
    ['with cICP of film', [codePoints(8, 13, 0, 1)], '128,128,128 0,205,147 255,112,0 10,0,207'],
    ['with cICP of XYZ', [codePoints(10, 8, 0, 1)], '188,188,188 0,255,192 255,47,103 0,92,242'],
    ['with cICP of cinemas', [codePoints(11, 17, 0, 1)], '118,118,118 0,204,138 248,99,0 0,0,209'],
    ['with cICP of EBU 3213', [codePoints(22, 13, 0, 1)], '128,128,128 54,197,150 232,122,38 21,44,200'],
    ['with highlights, as PQ', [codePoints(9, 16, 0, 1)], '132,132,132 0,255,80 255,0,0 0,0,255'],
    ['with highlights, as HLG', [codePoints(9, 18, 0, 1)], '99,99,99 0,208,119 255,31,0 0,0,170'],
  ])('%s', async (_name, chunks, expected) => {
    const { image } = await decodePicture(pngOfSquares(chunks));

    expectNear(bytesOf(image), expected, 2);
    const deep = await decodePicture(pngOfSquares(chunks, 16));
    expectNear(bytesOf(deep.image), expected, 2);
  });

  test('with cICP, which goes before an ICC profile', async () => {
    const withProfile = await sharp(pngOfSquares([])).withIccProfile('p3').png().toBuffer();
    const profile = withProfile.subarray(withProfile.indexOf('iCCP') - 4);
    const chunk = profile.subarray(0, 12 + profile.readUInt32BE(0));

    expectNear(bytesOf((await decodePicture(pngOfSquares([chunk]))).image), displayP3, 2);
    expectNear(bytesOf((await decodePicture(pngOfSquares([chunk, gamma(100_000)]))).image), displayP3, 2);
    expectNear(bytesOf((await decodePicture(pngOfSquares([codePoints(1, 13, 0, 1), chunk]))).image), squares, 1);
  });

  test('whatever stands behind its pixels', async () => {
    const { image } = await decodePicture(pngOfSquares([], 8, undefined, [codePoints(12, 13, 0, 1), gamma(100_000)]));

    expect(bytesOf(image)).toEqual(squares);
  });

  test('where it is half transparent: its colours are converted before white is seen behind them', async () => {
    const { image } = await decodePicture(pngOfSquares([gamma(100_000)], 8, 102));

    const onWhite = colors(linear).map((color) => color.map((value) => 0.4 * value + 0.6 * 255));
    expectNear(bytesOf(image), onWhite, 2);
  });
});

describe('an AVIF looks as in browsers', () => {
  const files = { 8: 'files/avif-with-code-points.avif', 10: 'files/avif-10-bit-with-code-points.avif' } as const;

  async function avif(bits: keyof typeof files, primaries: number, transfer: number): Promise<Uint8Array> {
    return changed(await readFile(new URL(files[bits], import.meta.url)), (copy) => {
      const codes = copy.indexOf('nclx');
      copy.writeUInt16BE(primaries, codes + 4);
      copy.writeUInt16BE(transfer, codes + 6);
    });
  }

  test.each<readonly [name: string, bits: keyof typeof files, primaries: number, transfer: number, expected: Colors]>([
    ['as sRGB', 8, 1, 13, '128,128,128 64,193,128 225,96,160 32,32,32'],
    ['as BT.709, which is shown like sRGB', 8, 1, 1, '128,128,128 64,193,128 225,96,160 32,32,32'],
    ['as nothing in particular', 8, 2, 2, '128,128,128 64,193,128 225,96,160 32,32,32'],
    ['as Display P3', 8, 12, 13, '128,128,128 0,196,122 243,85,162 32,32,32'],
    ['as BT.2020', 8, 9, 14, '128,128,128 0,203,120 255,53,163 32,32,32'],
    ['as linear light', 8, 1, 8, '188,188,188 137,226,188 241,165,208 99,99,99'],
    ['as BT.601', 8, 6, 6, '128,128,128 78,191,128 220,102,160 32,32,32'],
    ['as a gamma of 2.2', 8, 1, 4, '129,129,129 62,194,129 226,96,161 26,26,26'],
    ['as sRGB of 10 bits', 10, 1, 13, '128,128,128 63,192,127 223,96,159 32,32,32'],
    ['as Display P3 of 10 bits', 10, 12, 13, '128,128,128 0,195,121 241,85,161 32,32,32'],
    ['with highlights, as PQ of 10 bits', 10, 9, 16, '134,130,132 0,255,15 255,0,86 5,5,5'],
    ['with highlights, as HLG of 10 bits', 10, 9, 18, '100,99,99 0,192,96 255,0,125 15,14,14'],
  ])('%s', async (_name, bits, primaries, transfer, expected) => {
    const { image } = await decodePicture(await avif(bits, primaries, transfer));

    const points = [
      [32, 32],
      [16, 48],
      [56, 24],
      [8, 8],
    ] as const;
    expectNear(
      points.map(([x, y]) => pixelAt(image, x, y).map((value) => Math.round(255 * value))),
      expected,
      4,
    );
  });

  test('with an ICC profile', async () => {
    const withProfile = await sharp(pngOfSquares([])).withIccProfile('p3').avif({ quality: 95, effort: 0 }).toBuffer();

    expectNear(bytesOf((await decodePicture(withProfile)).image), squares, 8);
  });
});

describe('a profile', () => {
  /** Makes an ICC profile of grey with a gamma (ICC.1:2001-04, clause 6.3.1.2). */
  function greyProfile(exponent: number): Buffer {
    const tags = [
      ['wtpt', concat('XYZ \0\0\0\0', uint32(0xf6d6, 0x10000, 0xd32d))],
      ['kTRC', concat('curv\0\0\0\0', uint32(1), [0, 0, 0, 0])],
      ['cprt', concat('text\0\0\0\0', 'none\0\0\0\0')],
      ['desc', concat('desc\0\0\0\0', uint32(2), 'a\0', new Uint8Array(78))],
    ] as const;
    tags[1][1].writeUInt16BE(Math.round(256 * exponent), 12);
    let offset = 128 + 4 + 12 * tags.length;
    const table = tags.map(([name, data]) => {
      const entry = concat(name, uint32(offset, data.length));
      offset += data.length;
      return entry;
    });
    const header = Buffer.alloc(128);
    header.writeUInt32BE(offset, 0);
    header.writeUInt32BE(0x0210_0000, 8);
    header.write('mntrGRAYXYZ ', 12, 'latin1');
    header.write('acsp', 36, 'latin1');
    header.set(uint32(0xf6d6, 0x10000, 0xd32d), 68);
    return concat(header, uint32(tags.length), ...table, ...tags.map(([, data]) => data));
  }

  test.each([8, 16])('of grey is heeded in %i bits', async (bits) => {
    const samples = { width: 16, height: 16, channels: 1, bits, sample: () => Math.round(0.5 * (2 ** bits - 1)) };
    const { image } = await decodePicture(tiffOfSamples(samples, { photometric: 1, profile: greyProfile(1) }));

    // Half the light is 188 of 255 in sRGB.
    expectNear([pixelAt(image, 8, 8).map((value) => Math.round(255 * value))], [[188, 188, 188]], 1);
  });

  test('of another colour space than the picture is passed over', async () => {
    const png = pngOfSquares([pngChunk('iCCP', concat('grey\0\0', deflateSync(greyProfile(1))))]);

    expect(bytesOf((await decodePicture(png)).image)).toEqual(squares);
  });

  test('that is cut off is passed over', async () => {
    const png = pngOfSquares([pngChunk('iCCP', concat('cut\0\0', deflateSync(greyProfile(1).subarray(0, 150))))]);

    expect(bytesOf((await decodePicture(png)).image)).toEqual(squares);
  });
});
