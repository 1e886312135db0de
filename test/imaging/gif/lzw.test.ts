import sharp from 'sharp';
import { expect, test } from 'vitest';
import { LzwCompressor } from '../../../src/imaging/gif/lzw.js';
import { concat } from '../handmade-files.js';

/** Decompresses indices by libvips, which reads them from a GIF of one row that has a grey for each index. */
async function decompressed(data: Uint8Array, count: number, indexBits: number): Promise<number[]> {
  const size = [count & 0xff, count >> 8, 1, 0];
  const palette = Uint8Array.from({ length: 3 << indexBits }, (_, index) => Math.floor(index / 3));
  const gif = concat(
    'GIF89a',
    size,
    [0x80 | (indexBits - 1), 0, 0],
    palette,
    [0x2c, 0, 0, 0, 0],
    size,
    [0],
    data,
    [0x3b],
  );
  const { data: pixels, info } = await sharp(gif).toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  return Array.from({ length: count }, (_, index) => pixels[index * info.channels] ?? -1);
}

const compressor = new LzwCompressor();

// An LZW compressor breaks most easily at the moment when codes grow, above all at the end of the data.
test.each([2, 3, 4, 8])('rows of every length come back, with %i bits an index', async (indexBits) => {
  const from = (first: number, count: number) => Array.from({ length: count }, (_, index) => first + index);
  const lengths = [...from(1, 80), ...from(250, 20), ...from(506, 12), 4095, 4096, 4097, 60_000];
  for (const length of lengths) {
    const indices = Uint8Array.from({ length }, (_, index) => (index * index * 31 + (index >> 3)) % 2 ** indexBits);

    const data = compressor.compress(indices, indexBits);

    expect(await decompressed(data, length, indexBits)).toEqual([...indices]);
  }
});

test('rows of one index come back, and are small', async () => {
  const indices = new Uint8Array(60_000).fill(5);

  const data = compressor.compress(indices, 8);

  expect(data.length).toBeLessThan(600);
  expect(await decompressed(data, indices.length, 8)).toEqual([...indices]);
});

test('noise comes back, and grows by no more than half', async () => {
  const indices = Uint8Array.from({ length: 60_000 }, (_, index) => ((Math.sin(index) * 43_758.5453) % 1) * 128 + 128);

  const data = compressor.compress(indices, 8);

  expect(data.length).toBeLessThan(1.5 * indices.length);
  expect(await decompressed(data, indices.length, 8)).toEqual([...indices]);
});

test('what was compressed before has no influence, however often', () => {
  const indices = Uint8Array.from({ length: 20 }, (_, index) => index % 7);
  const first = new LzwCompressor().compress(indices, 3);

  for (let round = 0; round < 10_000; round++) compressor.compress(indices, 3);

  expect(compressor.compress(indices, 3)).toEqual(first);
});
