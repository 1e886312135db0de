import { setImmediate } from 'node:timers/promises';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  type AnimationFormat,
  type EncodedAnimation,
  encodeAnimation,
  type FrameSource,
} from '../../../src/imaging/animation/encode-animation.js';
import { type Animation, type AnimationFrame, openAnimation } from '../../../src/imaging/animation/open-animation.js';
import { laidOver, paper } from '../../../src/imaging/opacity.js';
import { toBytes } from '../../../src/imaging/rgb-bytes.js';
import { draw, largestDifference, meanDifference } from '../test-pictures.js';
import { drawnPng } from './drawn-animations.js';

const formats = ['webp', 'gif', 'png'] as const;
const [width, height, count] = [160, 112, 12];
const plenty = 10 * 1024 * 1024;

/** Waves with a little noise, which stand still, and a disc that moves over their lower half. */
const waves = (x: number, y: number): readonly [number, number, number] => {
  const noise = ((x * 7919 + y * 104_729 + x * x * y) % 97) / 97 - 0.5;
  const wave = (phase: number) => 0.5 + 0.35 * Math.sin(x / 13 + y / 7 + phase) + 0.1 * noise;
  return [wave(0), wave(1), wave(2.5)];
};
const background = draw(width, height, waves);
const pictures = Array.from({ length: count }, (_, index) =>
  draw(width, height, (x, y) => {
    const isDisc = Math.hypot(x - 20 - 11 * index, y - 84) < 20;
    return isDisc ? [1, (x % 16) / 16, y / height] : waves(x, y);
  }),
);
const thirds = Array<number>(count).fill(100 / 3);
const scene: FrameSource = {
  delaysMs: thirds,
  loops: 3,
  frame: (index) => ({ image: pictures[index] ?? background, opacity: undefined }),
};

async function opened({ bytes }: EncodedAnimation): Promise<Animation> {
  const animation = await openAnimation(bytes, { minSourceSide: 1 });
  if (animation === undefined) throw new Error('Not an animation');
  return animation;
}

async function framesOf(animation: Animation): Promise<readonly AnimationFrame[]> {
  const frames: AnimationFrame[] = [];
  for (const index of animation.delaysMs.keys()) frames.push(await animation.frame(index));
  return frames;
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

let full: Readonly<Record<AnimationFormat, EncodedAnimation>>;

beforeAll(async () => {
  const encoded = formats.map((format) => encodeAnimation(scene, { format, maxBytes: plenty }));
  const [webp, gif, png] = await Promise.all(encoded);
  if (!webp || !gif || !png) throw new Error('Not encoded');
  full = { webp, gif, png };
});

describe.each(formats)('a %s with room enough', (format) => {
  test('has all frames, as they were given', async () => {
    const animation = await opened(full[format]);

    expect(full[format]).toMatchObject({ format, width, height, frames: count });
    for (const [index, { image, opacity }] of (await framesOf(animation)).entries()) {
      expect(opacity).toBeUndefined();
      expect(meanDifference(image, pictures[index] ?? background)).toBeLessThan(format === 'png' ? 0.5 / 255 : 6 / 255);
    }
  });

  test('keeps time and loops to the hundredth', async () => {
    const animation = await opened(full[format]);

    expect(animation.loops).toBe(3);
    expect(sum(animation.delaysMs)).toBe(400);
    expect(animation.delaysMs.slice(0, 3)).toEqual(format === 'gif' ? [30, 40, 30] : [33, 34, 33]);
    for (const loops of [0, 1]) {
      const again = await encodeAnimation({ ...scene, loops }, { format, maxBytes: plenty });
      expect((await opened(again)).loops).toBe(loops);
    }
  });

  test('shows what stands still in the same colours to the bit', async () => {
    const frames = await framesOf(await opened(full[format]));

    const upper = frames.map(({ image }) => Buffer.from(toBytes(image).subarray(0, 3 * width * 56)));
    expect(upper.map((each) => upper[0]?.compare(each))).toEqual(Array(count).fill(0));
  });

  test('writes next to nothing of frames that stand still', async () => {
    const still = (frames: number): FrameSource => ({
      delaysMs: Array<number>(frames).fill(100),
      loops: 0,
      frame: () => ({ image: background, opacity: undefined }),
    });
    const [two, twelve] = await Promise.all(
      [2, 12].map((frames) => encodeAnimation(still(frames), { format, maxBytes: plenty })),
    );

    expect(((twelve?.bytes.length ?? 0) - (two?.bytes.length ?? 0)) / 10).toBeLessThan(150);
    expect((await opened(twelve ?? full[format])).delaysMs).toEqual(Array(12).fill(100));
  });

  test('keeps what is transparent so, as it comes and goes', async () => {
    const holes = pictures.map((image, index) => {
      const data = Float32Array.from({ length: width * height }, (_, pixel) =>
        ((pixel % width) + 8 * index) % width < 60 ? 0 : 1,
      );
      const opacity = { width, height, data };
      return { image: laidOver(image, opacity, paper), opacity };
    });
    const source: FrameSource = { ...scene, frame: (index) => holes[index] ?? scene.frame(index) };

    const frames = await framesOf(await opened(await encodeAnimation(source, { format, maxBytes: plenty })));

    for (const [index, { image, opacity }] of frames.entries()) {
      const expected = holes[index]?.opacity.data ?? new Float32Array();
      expect(opacity?.data.findIndex((share, pixel) => share !== expected[pixel])).toBe(-1);
      expect(meanDifference(image, holes[index]?.image ?? background)).toBeLessThan(6 / 255);
    }
  });

  test.each([0.7, 0.4, 0.2, 0.1])('fits into %d of the bytes, and makes use of them', async (share) => {
    const maxBytes = Math.floor(share * full[format].bytes.length);

    const encoded = await encodeAnimation(scene, { format, maxBytes });

    expect(encoded.bytes.length).toBeLessThanOrEqual(maxBytes);
    expect(encoded.bytes.length).toBeGreaterThan(0.3 * maxBytes);
    const animation = await opened(encoded);
    expect([animation.width, animation.height]).toEqual([encoded.width, encoded.height]);
    expect(animation.delaysMs.length).toBe(encoded.frames);
    expect([sum(animation.delaysMs), animation.loops]).toEqual([400, 3]);
    // Frames are given up last.
    if (encoded.frames < count) expect(encoded.width).toBeLessThanOrEqual(0.4 * width + 1);
    if (encoded.width < width && format === 'gif') expect(encoded.colors).toBe(64);
  });

  test('is as good as it can be to the last byte', async () => {
    const { bytes } = full[format];
    const [exact, oneLess] = [bytes.length, bytes.length - 1].map((maxBytes) =>
      encodeAnimation(scene, { format, maxBytes }),
    );

    expect((await exact)?.bytes.equals(bytes)).toBe(true);
    expect((await oneLess)?.bytes.length).toBeLessThan(bytes.length);
  });

  test('of a single frame is a picture', async () => {
    const one = await encodeAnimation({ ...scene, delaysMs: [100] }, { format, maxBytes: plenty });

    expect(one.frames).toBe(1);
    expect((await sharp(one.bytes).metadata()).width).toBe(width);
  });

  test('that cannot be made small enough is refused', async () => {
    const encoding = encodeAnimation(scene, { format, maxBytes: 100 });

    await expect(encoding).rejects.toMatchObject({ domain: 'image', code: 'animation-over-budget' });
  });

  test('can be cancelled', async () => {
    const signal = AbortSignal.abort(new Error('never mind'));

    await expect(encodeAnimation(scene, { format, maxBytes: plenty, signal })).rejects.toThrow('never mind');
  });
});

test.each(['webp', 'gif'] as const)('libvips sees a %s as it is seen here', async (format) => {
  const { bytes } = full[format];
  const { pages, loop, delay = [] } = await sharp(bytes).metadata();
  const all = await sharp(bytes, { pages: -1 }).removeAlpha().raw().toBuffer();

  expect([pages, loop, sum(delay)]).toEqual([count, 3, 400]);
  for (const [index, { image }] of (await framesOf(await opened(full[format]))).entries()) {
    const page = all.subarray(3 * width * height * index, 3 * width * height * (index + 1));
    const theirs = draw(width, height, (x, y) => {
      const [red = 0, green = 0, blue = 0] = page.subarray(3 * (y * width + x));
      return [red / 255, green / 255, blue / 255];
    });
    expect(largestDifference(image, theirs)).toBeLessThan(1e-6);
  }
});

test('frames too fast for a GIF are left out, and its length stays', async () => {
  const fast: FrameSource = { ...scene, delaysMs: Array<number>(count).fill(50 / 3) };

  const { delaysMs } = await opened(await encodeAnimation(fast, { format: 'gif', maxBytes: plenty }));

  expect(Math.min(...delaysMs)).toBe(20);
  expect(sum(delaysMs)).toBe(200);
});

test('frames are asked for one after the other, so that no more than one is held', async () => {
  const asked: number[] = [];
  let isAsking = false;
  const source: FrameSource = {
    ...scene,
    async frame(index) {
      expect(isAsking).toBe(false);
      isAsking = true;
      await setImmediate();
      isAsking = false;
      asked.push(index);
      return scene.frame(index);
    },
  };

  await encodeAnimation(source, { format: 'gif', maxBytes: plenty });

  const inOrder = [...Array(count).keys()];
  // Once for the colours that all frames share, and once to write them.
  expect(asked).toEqual([...inOrder, ...inOrder]);
});

test('an animation that was opened is encoded as it is', async () => {
  const drawing = ['RGBY', 'BYRG'];
  const frames = [{ drawing }, { drawing: ['r'], left: 1 }, { drawing: ['Y'] }];
  const animation = await openAnimation(drawnPng({ width: 4, height: 2, loops: 2, frames }));
  if (animation === undefined) throw new Error('Not an animation');

  const again = await opened(await encodeAnimation(animation, { format: 'png', maxBytes: plenty }));

  expect([again.delaysMs, again.loops]).toEqual([animation.delaysMs, 2]);
  for (const index of frames.keys()) expect(await again.frame(index)).toEqual(await animation.frame(index));
});

test('no frames are an error', async () => {
  const nothing = { ...scene, delaysMs: [] };

  await expect(encodeAnimation(nothing, { format: 'webp', maxBytes: plenty })).rejects.toThrow(RangeError);
});
