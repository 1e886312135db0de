import sharp from 'sharp';
import { expect, test } from 'vitest';
import { type Frames, type WriteGifOptions, writeGif } from '../../../src/imaging/gif/writer.js';
import { fromBytes, toBytes } from '../../../src/imaging/rgb-bytes.js';
import { draw, gradient, meanDifference, mosaic } from '../test-pictures.js';

async function written(frames: Frames, options: Partial<WriteGifOptions> = {}): Promise<Buffer> {
  const delaysMs = frames.pictures.map(() => 100);
  const gif = await writeGif(frames, { delaysMs, colors: 256, maxBytes: Number.POSITIVE_INFINITY, ...options });
  if (!('bytes' in gif)) throw new Error(`Not written: about ${gif.estimatedBytes} bytes`);
  return gif.bytes;
}

/** Returns all frames of a GIF as libvips shows them. */
async function shown(gif: Buffer, frames: Frames) {
  const { data } = await sharp(gif, { pages: -1 }).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const frameBytes = 3 * frames.width * frames.height;
  return frames.pictures.map((_, number) =>
    fromBytes(data.subarray(number * frameBytes, (number + 1) * frameBytes), frames.width, frames.height),
  );
}

const [from, to] = [toBytes(mosaic(60, 40)), toBytes(gradient(60, 40))];
const blend: Frames = {
  width: 60,
  height: 40,
  pictures: Array.from({ length: 8 }, (_, frame) =>
    from.map((value, index) => value + ((to[index] ?? 0) - value) * (frame / 7)),
  ),
};

test('every frame is shown as it was given, but for a little', async () => {
  const frames = await shown(await written(blend), blend);

  for (const [number, frame] of frames.entries()) {
    expect(meanDifference(frame, fromBytes(blend.pictures[number] ?? from, 60, 40))).toBeLessThan(4 / 255);
  }
});

test('it is an animation with the given delays that loops for ever', async () => {
  const gif = await written(blend, { delaysMs: [600, 80, 80, 80, 80, 80, 80, 1200] });

  const { pages, delay, loop, width, height } = await sharp(gif).metadata();

  expect({ pages, delay, loop, width, height }).toEqual({
    pages: 8,
    delay: [600, 80, 80, 80, 80, 80, 80, 1200],
    loop: 0,
    width: 60,
    height: 40,
  });
});

test('what stays as it is takes next to no bytes', async () => {
  const still: Frames = { width: 60, height: 40, pictures: Array<Uint8Array>(8).fill(from) };

  const one = await written({ ...still, pictures: [from] });
  const eight = await written(still);

  // Each further frame costs a palette of 768 bytes, and hardly more.
  expect(eight.length - one.length).toBeLessThan(7 * 900);
  const frames = await shown(eight, still);
  expect(frames.map((frame) => meanDifference(frame, frames[0] ?? frame))).toEqual(Array(8).fill(0));
});

test('black, on which nothing was shown yet, is written', async () => {
  const black = toBytes(draw(60, 40, () => [0, 0, 0]));
  const frames: Frames = { width: 60, height: 40, pictures: [black, from] };

  const [first] = await shown(await written(frames), frames);

  expect(first && meanDifference(first, fromBytes(black, 60, 40))).toBe(0);
});

test.each([256, 128, 64, 32, 4])('no frame has more than %i colours', async (colors) => {
  const [first] = await shown(await written(blend, { colors }), blend);

  const found = new Set(
    Array.from({ length: 2400 }, (_, pixel) => [0, 1, 2].map((c) => first?.data[c * 2400 + pixel]).join()),
  );
  expect(found.size).toBeLessThan(colors);
});

test('fewer colours are fewer bytes', async () => {
  const sizes = await Promise.all([256, 128, 64, 32].map(async (colors) => (await written(blend, { colors })).length));

  expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
});

test('over the budget it stops, and tells about how large it would be', async () => {
  const whole = await written(blend);
  const delaysMs = blend.pictures.map(() => 100);

  const gif = await writeGif(blend, { delaysMs, colors: 256, maxBytes: whole.length / 2 });

  expect(gif).toEqual({ estimatedBytes: expect.any(Number) });
  const { estimatedBytes } = gif as { estimatedBytes: number };
  expect(estimatedBytes / whole.length).toBeGreaterThan(0.7);
  expect(estimatedBytes / whole.length).toBeLessThan(1.5);
});

test('it can be cancelled', async () => {
  await expect(written(blend, { signal: AbortSignal.abort(new Error('never mind')) })).rejects.toThrow('never mind');
});
