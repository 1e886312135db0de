import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { movementOf, openAnimation } from '../../../src/imaging/animation/open-animation.js';
import { decodePicture } from '../../../src/imaging/decode.js';
import type { ImageErrorCode } from '../../../src/imaging/image-error.js';
import type { RgbImage } from '../../../src/imaging/rgb-image.js';
import { changed, concat, gifFrame, gifHeader, pngChunk, webpAnimation } from '../handmade-files.js';
import {
  chunk,
  type DrawnFrame,
  drawnGif,
  drawnPng,
  drawnWebp,
  riff,
  startOf,
  uint32,
  withDamagedFrame,
} from './drawn-animations.js';

const back = ['RRRR', 'RGGR', 'RGGR', 'RRRR'];
const trailer = [0x3b];
const repeated = (part: Uint8Array, times: number) => Buffer.alloc(part.length * times, part);

const still = () =>
  sharp({ create: { width: 32, height: 32, channels: 3, background: '#808080' } })
    .webp()
    .toBuffer();

/** A PNG of 32×32 pixels with more frames of one cell, all alike, and what stands before its pixels. */
function pngOf(frames: number, ...leading: readonly Uint8Array[]): Buffer {
  const two = drawnPng({ width: 4, height: 4, frames: [{ drawing: back }, { drawing: ['B'] }] });
  const picture = two.indexOf('IDAT') - 4;
  const second = two.lastIndexOf('fcTL') - 4;
  const end = two.length - 12;
  const announced = changed(two.subarray(0, picture), (copy) => {
    copy.set(pngChunk('acTL', concat(uint32(frames, 0))), copy.indexOf('acTL') - 4);
  });
  return concat(
    announced,
    ...leading,
    two.subarray(picture, second),
    repeated(two.subarray(second, end), frames - 1),
    two.subarray(end),
  );
}

/** An uncompressed frame of a WebP that claims a size; its pixels have another one. */
const claimingFrame = (width: number, height: number) => (file: Buffer) =>
  changed(file, (copy) => {
    const second = copy.lastIndexOf('ANMF') + 8;
    copy.writeUIntLE(width - 1, second + 6, 3);
    copy.writeUIntLE(height - 1, second + 9, 3);
  });

type Refused = readonly [name: string, code: ImageErrorCode, make: () => Buffer | Promise<Buffer>];

const refused: readonly Refused[] = [
  [
    'a GIF of 10,000 frames',
    'too-many-frames',
    () => concat(gifHeader(64, 64), repeated(gifFrame(0, 0, 64, 64), 10_000), trailer),
  ],
  ['a WebP of 10,000 frames', 'too-many-frames', async () => webpAnimation(await still(), 10_000)],
  ['a PNG of 10,000 frames', 'too-many-frames', () => pngOf(10_000)],
  [
    'a GIF of 65,535×65,535 pixels with tiny frames',
    'too-large-side',
    () => concat(gifHeader(65_535, 65_535), repeated(gifFrame(0, 0, 1, 1), 20), trailer),
  ],
  [
    'a GIF of 5,000×5,000 pixels with tiny frames',
    'too-many-frame-pixels',
    () => concat(gifHeader(5_000, 5_000), repeated(gifFrame(0, 0, 1, 1), 20), trailer),
  ],
  [
    'a GIF with a second frame of 65,535×65,535 pixels',
    'too-many-frame-pixels',
    () => concat(gifHeader(64, 64), gifFrame(0, 0, 64, 64), gifFrame(0, 0, 65_535, 65_535), trailer),
  ],
  [
    'a WebP with a second frame of 16,777,216×16,777,216 pixels',
    'too-many-frame-pixels',
    async () => claimingFrame(2 ** 24, 2 ** 24)(webpAnimation(await still(), 2)),
  ],
  [
    'a GIF of 2,000 frames of a million pixels, in 40 kB',
    'too-many-frame-pixels',
    () => concat(gifHeader(1_000, 1_000), repeated(gifFrame(0, 0, 1_000, 1_000), 2_000), trailer),
  ],
  [
    'a WebP of 2,000 frames with a colour profile of a megabyte',
    'too-many-frame-pixels',
    async () => {
      const parts = webpAnimation(await still(), 2_000).subarray(12);
      return riff(parts.subarray(0, 18), chunk('ICCP', Buffer.alloc(1_000_000)), parts.subarray(18));
    },
  ],
  [
    'a GIF whose first frame never ends',
    'truncated',
    () =>
      concat(gifHeader(64, 64), gifFrame(0, 0, 64, 64).subarray(0, 10), [2], repeated(Buffer.alloc(256, 255), 80_000)),
  ],
];

test.each(refused)('%s is refused as %s', async (_name, code, make) => {
  const error = await openAnimation(await make()).catch((reason: unknown) => reason);

  const message = expect.stringMatching(/^[A-Z][^;]+; [^;]+\.$/);
  expect(error).toMatchObject({ domain: 'image', code, message });
});

test('refusing all of them takes little memory', async () => {
  const files = await Promise.all(refused.map(([, , make]) => make()));
  const peakBytes = () => process.resourceUsage().maxRSS * 1024;
  const before = peakBytes();

  const results = await Promise.allSettled(files.map((bytes) => openAnimation(bytes)));

  expect(results.filter(({ status }) => status === 'fulfilled')).toEqual([]);
  expect(peakBytes() - before).toBeLessThan(200 * 1024 * 1024);
});

/** Returns what a frame shows in each of 16 cells: a letter, which is R for white, too. */
async function seen(file: Uint8Array, index: number): Promise<string> {
  const animation = await openAnimation(file, { maxSide: 4 });
  if (animation === undefined) return 'a still';
  return lettersOf((await animation.frame(index)).image);
}

function lettersOf(image: RgbImage = { width: 0, height: 0, data: new Float32Array() }): string {
  return Array.from({ length: image.width * image.height }, (_, pixel) => {
    const [red = 0, green = 0, blue = 0] = [0, 1, 2].map((c) => image.data[c * image.width * image.height + pixel]);
    return red > 0.8 ? 'R' : green > 0.8 ? 'G' : blue > 0.8 ? 'B' : '?';
  }).join('');
}

const frames: readonly DrawnFrame[] = [
  { drawing: back },
  ...Array.from({ length: 9 }, (_, index) => ({ drawing: ['B'], left: index % 4, top: index >> 2 })),
];
const ten = { width: 4, height: 4, frames };
const files = { gif: () => drawnGif(ten), webp: () => drawnWebp(ten), png: () => drawnPng(ten) };

describe.each(['gif', 'webp', 'png'] as const)('a %s', (format) => {
  test('that is cut off in its seventh frame has the six that came whole', async () => {
    const file = await files[format]();
    const end = startOf(file, format, 7);

    for (const length of [end - 12, startOf(file, format, 6) + 20]) {
      const animation = await openAnimation(file.subarray(0, length));
      expect(animation?.delaysMs.length).toBe(6);
    }
    expect(await seen(file.subarray(0, end - 12), 5)).toBe(await seen(file, 5));
  });

  test('that is cut off in its second frame is a still, and in its first is refused', async () => {
    const file = await files[format]();

    expect(await openAnimation(file.subarray(0, startOf(file, format, 1) + 14))).toBeUndefined();
    const cut = file.subarray(0, startOf(file, format, 1) - 14);
    await expect(openAnimation(cut)).rejects.toMatchObject({ code: 'truncated' });
  });

  test('with a damaged frame goes on without it, and without its first is refused', async () => {
    const file = await files[format]();
    const damagedIn = (frame: number) => withDamagedFrame(file, format, frame);

    const damagedFirst = await openAnimation(damagedIn(0));

    // The blue cell of the fourth frame is missing, and nothing else.
    expect(await seen(file, 4)).toBe('BBBBRGGRRGGRRRRR');
    for (const index of [4, 3])
      expect(await seen(damagedIn(3), index)).toBe(index === 4 ? 'BBRBRGGRRGGRRRRR' : 'BBRRRGGRRGGRRRRR');
    await expect(damagedFirst?.frame(0)).rejects.toMatchObject({ code: 'damaged' });
  });

  test('says how many of the frames were damaged that had to be decoded', async () => {
    const file = withDamagedFrame(withDamagedFrame(await files[format](), format, 3), format, 6);
    const animation = await openAnimation(file);

    const counts = [animation?.damagedFrames];
    for (const index of [2, 5, 4, 9, 0, 9]) {
      await animation?.frame(index);
      counts.push(animation?.damagedFrames);
    }

    expect(counts).toEqual([0, 0, 1, 1, 2, 2, 2]);
    expect(movementOf(file)).toEqual({ moves: true, cameWhole: undefined });
  });
});

test('where a frame is damaged that would hide all before it, what was before is seen', async () => {
  const blue = { drawing: ['BBBB', 'BBBB', 'BBBB', 'BBBB'], blend: 'source' } as const;
  const file = drawnPng({
    width: 4,
    height: 4,
    frames: [{ drawing: back }, { drawing: ['B'] }, blue, { drawing: ['G'] }],
  });
  const damaged = withDamagedFrame(file, 'png', 2);
  const inOrder = await openAnimation(damaged, { maxSide: 4 });

  expect(await seen(damaged, 3)).toBe('GRRRRGGRRGGRRRRR');
  expect(await seen(damaged, 2)).toBe('BRRRRGGRRGGRRRRR');
  for (const index of [0, 1]) await inOrder?.frame(index);
  expect(lettersOf((await inOrder?.frame(2))?.image)).toBe('BRRRRGGRRGGRRRRR');
});

test('a GIF that goes on with something unknown, and a WebP with a frame without data, lack frames', async () => {
  const [gif, webp] = [files.gif(), await files.webp()];
  const fifth = startOf(gif, 'gif', 5);
  const strange = concat(gif.subarray(0, fifth), [1], gif.subarray(fifth));
  const header = 8 + 16;
  const empty = concat(
    webp.subarray(12, startOf(webp, 'webp', 5)),
    chunk('ANMF', webp.subarray(startOf(webp, 'webp', 5) + 8, startOf(webp, 'webp', 5) + header)),
    webp.subarray(startOf(webp, 'webp', 6)),
  );

  expect([strange, riff(empty)].map((file) => movementOf(file).cameWhole)).toEqual([5, 9]);
  // What fills a file up, behind its end or in its place, lacks nothing.
  for (const end of [gif.length, gif.length - 1]) {
    expect(movementOf(concat(gif.subarray(0, end), Buffer.alloc(20))).cameWhole).toBeUndefined();
  }
});

describe('what is odd is shown as in browsers:', () => {
  test('a frame of a GIF that reaches beyond its canvas, one outside of it, and one without size', async () => {
    const file = drawnGif({
      width: 4,
      height: 4,
      frames: [
        { drawing: back },
        { drawing: ['BB', 'BB'], left: 3, top: 3 },
        { drawing: ['B'], left: 9, top: 9, disposal: 'restore' },
        { drawing: [], disposal: 'clear' },
        { drawing: ['B'] },
      ],
    });

    const shown = await Promise.all([1, 2, 3, 4].map((index) => seen(file, index)));

    const beyond = 'RRRRRGGRRGGRRRRB';
    expect(shown).toEqual([beyond, beyond, beyond, `B${beyond.slice(1)}`]);
  });

  test('a first frame of a GIF without size, of which the canvas is empty', async () => {
    const empty = { drawing: ['', '', '', ''] };
    const file = drawnGif({ width: 4, height: 4, frames: [empty, { drawing: ['B'], left: 1 }] });

    expect(await openAnimation(file)).toMatchObject({ width: 32, height: 32 });
    expect(await decodePicture(file)).toMatchObject({ sourceWidth: 32, sourceHeight: 32 });
    expect([await seen(file, 0), await seen(file, 1)]).toEqual(['R'.repeat(16), `RB${'R'.repeat(14)}`]);
  });

  test('a GIF without a palette', async () => {
    const file = drawnGif(ten);
    const without = concat(file.subarray(0, 10), [0x70, 0, 0], file.subarray(13 + 24));

    expect(await (await openAnimation(without))?.frame(9)).toMatchObject({ image: { width: 32 } });
  });

  test('a PNG whose colour profile inflates to 100 MB, which is passed over', async () => {
    const profile = pngChunk('iCCP', concat('x\0\0', deflateSync(Buffer.alloc(100_000_000))));

    const animation = await openAnimation(pngOf(500, profile));

    expect(animation?.delaysMs.length).toBe(500);
    await expect(animation?.frame(499)).resolves.toMatchObject({ image: { width: 32 } });
  });
});
