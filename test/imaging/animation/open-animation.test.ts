import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { type Animation, openAnimation } from '../../../src/imaging/animation/open-animation.js';
import { decodePicture } from '../../../src/imaging/decode.js';
import { layerOf } from '../../../src/imaging/decode-samples.js';
import { laidOver, paper } from '../../../src/imaging/opacity.js';
import { concat, pngChunk } from '../handmade-files.js';
import { largestDifference } from '../test-pictures.js';
import {
  chunk,
  type Drawing,
  type DrawnAnimation,
  drawn,
  drawnGif,
  drawnPng,
  drawnWebp,
  riff,
} from './drawn-animations.js';

async function opened(file: Uint8Array, options = {}): Promise<Animation> {
  const animation = await openAnimation(file, options);
  if (animation === undefined) throw new Error('Not an animation');
  return animation;
}

/** Holds a frame against a drawing of what is to be seen: its colours on white, and its opacity. */
async function expectFrame(animation: Animation, index: number, drawing: Drawing): Promise<void> {
  const { width, height, pixels } = drawn(drawing);
  const expected = layerOf({ data: pixels, width, height, channels: 4 }, undefined);
  const { image, opacity } = await animation.frame(index);
  const onPaper = expected.opacity ? laidOver(expected.image, expected.opacity, paper) : expected.image;
  expect(largestDifference(image, onPaper), `colours of frame ${index}`).toBeLessThan(1.01 / 255);
  const opaque = new Float32Array(width * height).fill(1);
  const shares = (opacity?.data ?? opaque).map((share, pixel) =>
    Math.abs(share - (expected.opacity?.data[pixel] ?? 1)),
  );
  expect(Math.max(...shares), `opacity of frame ${index}`).toBeLessThan(1.01 / 255);
}

type Format = 'gif' | 'webp' | 'png';

interface Case {
  readonly name: string;
  readonly formats: readonly Format[];
  readonly animation: DrawnAnimation;
  readonly shown: readonly Drawing[];
}

const back = ['RRRR', 'RGGR', 'RGGR', 'RRRR'];
const all: readonly Format[] = ['gif', 'webp', 'png'];
const square = (letter: string) => [letter.repeat(2), letter.repeat(2)];

// What is expected is what Chromium shows.
const cases: readonly Case[] = [
  {
    name: 'frames that stay',
    formats: all,
    animation: {
      width: 4,
      height: 4,
      frames: [{ drawing: back }, { drawing: square('B'), left: 0, top: 0 }, { drawing: square('Y'), left: 2, top: 1 }],
    },
    shown: [back, ['BBRR', 'BBGR', 'RGGR', 'RRRR'], ['BBRR', 'BBYY', 'RGYY', 'RRRR']],
  },
  {
    name: 'a frame that is cleared, and the next beside it',
    formats: all,
    animation: {
      width: 4,
      height: 4,
      frames: [
        { drawing: back },
        { drawing: square('B'), left: 1, top: 1, disposal: 'clear' },
        { drawing: ['Y'], left: 3, top: 3 },
      ],
    },
    shown: [back, ['RRRR', 'RBBR', 'RBBR', 'RRRR'], ['RRRR', 'R..R', 'R..R', 'RRRY']],
  },
  {
    name: 'a first frame that is cleared',
    formats: all,
    animation: {
      width: 4,
      height: 4,
      frames: [
        { drawing: back, disposal: 'clear' },
        { drawing: square('B'), left: 1, top: 2 },
      ],
    },
    shown: [back, ['....', '....', '.BB.', '.BB.']],
  },
  {
    name: 'frames after which there is what was before',
    formats: ['gif', 'png'],
    animation: {
      width: 4,
      height: 4,
      frames: [
        { drawing: back },
        { drawing: square('B'), left: 1, top: 1, disposal: 'restore' },
        { drawing: square('Y'), left: 0, top: 0, disposal: 'restore' },
        { drawing: ['B'], left: 3, top: 0 },
      ],
    },
    shown: [back, ['RRRR', 'RBBR', 'RBBR', 'RRRR'], ['YYRR', 'YYGR', 'RGGR', 'RRRR'], ['RRRB', 'RGGR', 'RGGR', 'RRRR']],
  },
  {
    name: 'a frame that fills the canvas, and after which there is what was before',
    formats: ['gif', 'png'],
    animation: {
      width: 4,
      height: 4,
      frames: [
        { drawing: back },
        { drawing: ['BBBB', 'BBBB', 'BBBB', 'BBBB'], blend: 'source', disposal: 'restore' },
        { drawing: ['Y'], left: 1, top: 1 },
      ],
    },
    shown: [back, ['BBBB', 'BBBB', 'BBBB', 'BBBB'], ['RRRR', 'RYGR', 'RGGR', 'RRRR']],
  },
  {
    name: 'a first frame after which there is nothing, as before',
    formats: ['gif', 'png'],
    animation: {
      width: 4,
      height: 4,
      frames: [
        { drawing: back, disposal: 'restore' },
        { drawing: ['B'], left: 1, top: 2 },
      ],
    },
    shown: [back, ['....', '....', '.B..', '....']],
  },
  {
    name: 'transparent pixels, which show what is below',
    formats: all,
    animation: {
      width: 4,
      height: 4,
      frames: [{ drawing: back }, { drawing: ['B..B', '....', '....', 'B..B'] }],
    },
    shown: [back, ['BRRB', 'RGGR', 'RGGR', 'BRRB']],
  },
  {
    name: 'transparent pixels, which replace what is below',
    formats: ['webp', 'png'],
    animation: {
      width: 4,
      height: 4,
      frames: [{ drawing: back }, { drawing: ['B.', '.r'], left: 1, top: 1, blend: 'source' }],
    },
    shown: [back, ['RRRR', 'RB.R', 'R.rR', 'RRRR']],
  },
  {
    name: 'half transparent pixels over nothing and over colours',
    formats: ['webp', 'png'],
    animation: {
      width: 4,
      height: 2,
      frames: [{ drawing: ['..RR', '..RR'] }, { drawing: ['rrrr'] }],
    },
    shown: [
      ['..RR', '..RR'],
      ['rrRR', '..RR'],
    ],
  },
];

const rows = cases.flatMap((one) => one.formats.map((format) => ({ ...one, format })));

async function written(format: Format, animation: DrawnAnimation): Promise<Buffer> {
  if (format === 'gif') return drawnGif(animation);
  return format === 'webp' ? drawnWebp(animation) : drawnPng(animation);
}

describe('frames are composed as in browsers:', () => {
  test.each(rows)('$name ($format)', async ({ format, animation, shown }) => {
    const found = await opened(await written(format, animation));

    expect(found).toMatchObject({ format, width: 8 * animation.width, height: 8 * animation.height });
    expect(found.delaysMs.length).toBe(shown.length);
    for (const [index, drawing] of shown.entries()) await expectFrame(found, index, drawing);
    // In any other order they are the same.
    for (const [index, drawing] of [...shown.entries()].reverse()) await expectFrame(found, index, drawing);
  });
});

test('the first frame of a PNG need not be the picture that programs show which know no animations', async () => {
  const scene: DrawnAnimation = {
    width: 4,
    height: 4,
    frames: [{ drawing: back }, { drawing: ['B'], left: 1, top: 1 }],
  };

  const animation = await opened(drawnPng(scene, ['YYYY', 'YYYY', 'YYYY', 'YYYY']));

  await expectFrame(animation, 0, back);
  await expectFrame(animation, 1, ['RRRR', 'RBGR', 'RGGR', 'RRRR']);
});

/** Frames that last so long by the file. */
const lasting = (loops: number | undefined, ...delaysMs: readonly number[]): DrawnAnimation => ({
  width: 4,
  height: 4,
  ...(loops === undefined ? {} : { loops }),
  frames: delaysMs.map((delayMs, index) => ({ drawing: index === 0 ? back : ['B'], left: index, delayMs })),
});

describe('time passes as in browsers:', () => {
  test.each(all)('frames of up to 10 ms are shown for 100 (%s)', async (format) => {
    const { delaysMs } = await opened(await written(format, lasting(0, 0, 10, 20, 70)));

    expect(delaysMs).toEqual([100, 100, 20, 70]);
  });

  test.each<readonly [Format, number | undefined, number]>([
    ['gif', undefined, 1],
    ['gif', 0, 0],
    ['gif', 1, 2],
    ['gif', 4, 5],
    ['webp', 0, 0],
    ['webp', 1, 1],
    ['webp', 4, 4],
    ['png', 0, 0],
    ['png', 1, 1],
    ['png', 4, 4],
  ])('a %s with a loop count of %s is played %d times, 0 being for ever', async (format, inFile, loops) => {
    expect((await opened(await written(format, lasting(inFile, 100, 100)))).loops).toBe(loops);
  });

  test('a PNG counts in fractions of a second', async () => {
    const file = drawnPng(lasting(0, 100, 100));
    const control = Buffer.from(file.subarray(file.indexOf('fcTL') + 4, file.indexOf('fcTL') + 30));
    control.writeUInt16BE(1, 20);
    control.writeUInt16BE(30, 22);
    file.set(pngChunk('fcTL', control), file.indexOf('fcTL') - 4);

    expect((await opened(file)).delaysMs).toEqual([1000 / 30, 100]);
  });
});

test.each(all)('a still, and an animation of one frame, are none (%s)', async (format) => {
  const one = await written(format, lasting(0, 100));
  const still = await sharp(await written(format, lasting(0, 100, 100)), { page: 0 })
    .toFormat(format)
    .toBuffer();

  expect(await openAnimation(one)).toBeUndefined();
  expect(await openAnimation(still)).toBeUndefined();
});

test('a sequence in an AVIF is a still', async () => {
  const sequence = await readFile(new URL('../files/avif-sequence.avif', import.meta.url));

  expect(await openAnimation(sequence)).toBeUndefined();
});

test('frames are as small as they are needed, but the size is that of the file', async () => {
  const animation = await opened(await written('gif', lasting(0, 100, 100)), { maxSide: 16 });

  const { image } = await animation.frame(1);

  expect([animation.width, image.width, image.height]).toEqual([32, 16, 16]);
});

test.each([1, 2, 3, 4, 5, 6, 7, 8])('frames are upright (EXIF orientation %i)', async (orientation) => {
  const scene: DrawnAnimation = {
    width: 4,
    height: 2,
    frames: [{ drawing: ['RGBY', 'BBRR'] }, { drawing: ['Y'], left: 1 }],
  };
  const parts = (await drawnWebp(scene)).subarray(12);
  const exif = concat('II*\0', [8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0]);
  const head = Buffer.from(parts.subarray(0, 18));
  head[8] = 0x1a;
  const file = riff(head, parts.subarray(18), chunk('EXIF', exif));

  const animation = await opened(file);
  const { image } = await animation.frame(0);

  // What is done for a still is what is right.
  const still = await decodePicture(file);
  expect([animation.width, animation.height]).toEqual([still.sourceWidth, still.sourceHeight]);
  expect(largestDifference(image, still.image)).toBe(0);
});

test('frames that are asked for side by side do not get mixed up', async () => {
  const { animation, shown } = cases[0] ?? { animation: lasting(0, 1), shown: [] };
  const found = await opened(await written('gif', animation));

  await Promise.all([2, 0, 1, 2].map((index) => expectFrame(found, index, shown[index] ?? back)));
  await expect(found.frame(3)).rejects.toThrow(RangeError);
});

test('a frame in the middle is decoded without those before it, where it fills the canvas', async () => {
  // They are opaque, though their flags say that they are laid over what was before.
  const frame = { drawing: back, blend: 'over' } as const;
  const file = await drawnWebp({
    width: 4,
    height: 4,
    frames: [frame, frame, { ...frame, drawing: ['BBBB', 'BBBB', 'BBBB', 'BBBB'] }],
  });
  // The first two are no pictures any more.
  const broken = Buffer.from(file);
  const second = file.indexOf('VP8L', file.indexOf('VP8L') + 1);
  broken.fill(0xff, second + 8, second + 12);

  await expectFrame(await opened(broken), 2, ['BBBB', 'BBBB', 'BBBB', 'BBBB']);
});
