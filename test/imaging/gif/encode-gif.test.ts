import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { type EncodedGif, encodeGif } from '../../../src/imaging/gif/encode-gif.js';
import type { Frames } from '../../../src/imaging/gif/writer.js';
import { fromBytes } from '../../../src/imaging/rgb-bytes.js';
import { meanDifference } from '../test-pictures.js';

const side = 120;
const count = 24;
const plenty = 10 * 1024 * 1024;

let frames: Frames;
/** The animation with all frames, in full size and all colours. */
let full: EncodedGif;

async function example(name: string): Promise<Uint8Array> {
  return sharp(await readFile(`examples/${name}`))
    .resize(side, side)
    .removeAlpha()
    .raw()
    .toBuffer();
}

beforeAll(async () => {
  const [content, result] = [await example('astronaut.jpg'), await example('ice-shards.png')];
  const pictures = Array.from({ length: count }, (_, frame) =>
    Uint8Array.from(content, (value, index) => value + ((result[index] ?? 0) - value) * (frame / (count - 1))),
  );
  frames = { width: side, height: side, pictures };
  full = await encodeGif(frames, { maxBytes: plenty });
});

async function frameOf(gif: Buffer, page: number) {
  const { data, info } = await sharp(gif, { page }).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return fromBytes(data, info.width, info.height);
}

describe('with room enough', () => {
  test('all frames are there, in all colours and in full size', async () => {
    expect(full).toMatchObject({ frames: count, colors: 256, width: side, height: side });
    expect((await sharp(full.bytes).metadata()).pages).toBe(count);
  });

  test('it begins with the content and ends with the result', async () => {
    const [first, last] = [frames.pictures.at(0), frames.pictures.at(-1)].map((picture) =>
      fromBytes(picture ?? new Uint8Array(), side, side),
    );
    expect(first && meanDifference(await frameOf(full.bytes, 0), first)).toBeLessThan(5 / 255);
    expect(last && meanDifference(await frameOf(full.bytes, count - 1), last)).toBeLessThan(5 / 255);
  });

  test('it rests on the first and longer on the last, and takes at most five seconds', async () => {
    const { delay = [], loop } = await sharp(full.bytes).metadata();
    expect(loop).toBe(0);
    expect(delay.at(0)).toBe(600);
    expect(delay.at(-1)).toBe(1200);
    expect(new Set(delay.slice(1, -1)).size).toBe(1);
    expect(delay.reduce((sum, ms) => sum + ms, 0)).toBe(full.durationMs);
    expect(full.durationMs).toBeLessThanOrEqual(5000);
    expect(full.durationMs).toBeGreaterThan(4000);
  });

  test('times can be chosen', async () => {
    const times = { holdFirstMs: 100, holdLastMs: 300, maxDurationMs: 2000 };
    const { bytes } = await encodeGif(frames, { maxBytes: plenty, ...times });

    expect((await sharp(bytes).metadata()).delay).toEqual([100, ...Array(count - 2).fill(70), 300]);
  });

  test('more frames than there is time for are thinned', async () => {
    const { bytes } = await encodeGif(frames, { maxBytes: plenty, maxDurationMs: 2000 });

    const { delay = [] } = await sharp(bytes).metadata();
    expect(delay).toEqual([600, ...Array(10).fill(20), 1200]);
  });

  test.each([1, 2, 3])('%i frames make an animation too', async (few) => {
    const gif = await encodeGif({ ...frames, pictures: frames.pictures.slice(0, few) }, { maxBytes: plenty });

    expect(gif.frames).toBe(few);
    expect((await sharp(gif.bytes).metadata()).pages).toBe(few);
  });
});

describe('fitted to a budget', () => {
  test.each([0.95, 0.7, 0.5, 0.3, 0.15, 0.07])(
    'of %d of its size, it keeps to it and makes use of it',
    async (share) => {
      const maxBytes = Math.floor(full.bytes.length * share);

      const gif = await encodeGif(frames, { maxBytes });

      expect(gif.bytes.length).toBeLessThanOrEqual(maxBytes);
      expect(gif.bytes.length).toBeGreaterThan(0.5 * maxBytes);
      expect((await sharp(gif.bytes).metadata()).pages).toBe(gif.frames);
    },
  );

  test('it gives up frames first, then colours, then pixels', async () => {
    const bytes = full.bytes.length;
    const [tight, tighter, tightest] = await Promise.all(
      [0.8, 0.5, 0.2].map((share) => encodeGif(frames, { maxBytes: bytes * share })),
    );

    expect(tight).toMatchObject({ colors: 256, width: side });
    expect(tight?.frames).toBeLessThan(count);
    expect(tighter).toMatchObject({ frames: 16, width: side });
    expect(tighter?.colors).toBeLessThan(256);
    expect(tightest).toMatchObject({ frames: 16, colors: 64 });
    expect(tightest?.width).toBeLessThan(side);
  });

  test('first and last frame are always there', async () => {
    const { bytes, width, height, frames: left } = await encodeGif(frames, { maxBytes: 40_000 });

    const small = async (picture: Uint8Array | undefined) => {
      const raw = { width: side, height: side, channels: 3 } as const;
      return fromBytes(await sharp(picture, { raw }).resize(width, height).raw().toBuffer(), width, height);
    };
    expect(meanDifference(await frameOf(bytes, 0), await small(frames.pictures.at(0)))).toBeLessThan(12 / 255);
    expect(meanDifference(await frameOf(bytes, left - 1), await small(frames.pictures.at(-1)))).toBeLessThan(12 / 255);
  });

  test('one that cannot be kept is an error', async () => {
    await expect(encodeGif(frames, { maxBytes: 2000 })).rejects.toMatchObject({
      code: 'gif-over-budget',
      context: { maxBytes: 2000 },
    });
  });
});

test('no frames are an error', async () => {
  await expect(encodeGif({ width: 1, height: 1, pictures: [] }, { maxBytes: plenty })).rejects.toThrow(
    'Expected at least one frame',
  );
});

test('it can be cancelled', async () => {
  const signal = AbortSignal.abort(new Error('never mind'));

  await expect(encodeGif(frames, { maxBytes: plenty, signal })).rejects.toThrow('never mind');
});
