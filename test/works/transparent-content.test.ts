import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine/engine.js';
import { openEngine } from '../../src/engine/open-engine.js';
import { decodePicture } from '../../src/imaging/decode.js';
import { encodePicture } from '../../src/imaging/encode.js';
import { liftedOff, type Opacity, paper } from '../../src/imaging/opacity.js';
import type { RgbImage } from '../../src/imaging/rgb-image.js';
import type { StyleTransferTask } from '../../src/works/style-transfer.js';
import { perform } from '../../src/works/works.js';
import { mosaic } from '../imaging/test-pictures.js';
import { walkingOverNothing } from './walking-square.js';

const [width, height] = [64, 48];
const task: StyleTransferTask = { kind: 'style-transfer', transfer: { size: width, epochs: 6 } };

/** Encodes a picture of stripes in warm colours, with an opacity and a colour where there is none of it. */
function sticker(alpha: (x: number, y: number) => number, hidden: readonly number[] = [0, 0, 0]): Promise<Buffer> {
  const pixels = Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    const opacity = alpha(x, y);
    const stripe = x % 8 < 4 ? [200, 120, 60] : [120, 70, 30];
    return [...(opacity > 0 ? stripe : hidden), opacity];
  });
  return sharp(Buffer.from(pixels.flat()), { raw: { width, height, channels: 4 } })
    .png()
    .toBuffer();
}

const opaque = sticker(() => 255);
const disc = (x: number, y: number) => (Math.hypot(x - 32, y - 24) < 14 ? 255 : 0);

/** Encodes a mask by what it has at each column. */
function maskOf(color: (x: number) => readonly number[]): Promise<Buffer> {
  const pixels = Array.from({ length: width * height }, (_, i) => color(i % width));
  return sharp(Buffer.from(pixels.flat()), { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

/** Returns the mean of a painting's colours as they are seen, in 255ths, red, green and blue. */
function visibleMean({ image, opacity }: { image: RgbImage; opacity?: Opacity | undefined }): readonly number[] {
  const { data } = opacity ? liftedOff(image, opacity, paper) : image;
  const pixels = image.width * image.height;
  const weight = (pixel: number) => opacity?.data[pixel] ?? 1;
  let counted = 0;
  for (let pixel = 0; pixel < pixels; pixel++) counted += weight(pixel);
  return [0, 1, 2].map((channel) => {
    const plane = data.subarray(channel * pixels, (channel + 1) * pixels);
    return (255 * plane.reduce((sum, value, pixel) => sum + weight(pixel) * value, 0)) / counted;
  });
}

function largestDifference(some: ArrayLike<number>, others: ArrayLike<number>): number {
  return Array.from(some).reduce((most, value, i) => Math.max(most, Math.abs(value - (others[i] ?? Number.NaN))), 0);
}

describe('of a content with transparency', () => {
  let engine: Engine;
  let style: Buffer;
  beforeAll(async () => {
    engine = await openEngine({ threads: 1 });
    style = await encodePicture(mosaic(80, 70), 'png');
  });
  afterAll(() => engine.dispose());

  const paint = async (content: Uint8Array, asked: StyleTransferTask = task, mask: Uint8Array = style) => {
    const files = new Map([
      ['content', content],
      ['mask', mask],
    ]);
    const inputs = async (name: string) => ({ bytes: files.get(name) ?? style });
    const painting = await perform(asked, inputs, { engineFor: async () => engine, animated: true });
    return { ...painting, image: painting.picture };
  };

  it.each([
    ['all', {}],
    ['all, whose colours are matched', { keepColors: 'match' }],
    ['a region', { regions: [{ left: 0, top: 0, width: 50, height: 100 }], feather: 0 }],
  ] as const)('what is seen of %s gets the colours that it would get if it were opaque', async (_, more) => {
    const asked = { ...task, transfer: { ...task.transfer, ...more } };
    const whole = visibleMean(await paint(await opaque, asked));
    const part = visibleMean(await paint(await sticker(disc), asked));
    expect(largestDifference(part, whole)).toBeLessThan(40);
  });

  it('what is seen of each zone gets the colours that it would get if it were opaque, and zones may be unseen', async () => {
    const asked: StyleTransferTask = {
      ...task,
      hasMask: true,
      styleWeights: [1, 1],
      styleColors: ['#ff0000', '#0000ff'],
    };
    const mask = await maskOf((x) => (x < 32 ? [255, 0, 0] : [0, 0, 255]));
    const whole = visibleMean(await paint(await opaque, asked, mask));
    expect(largestDifference(visibleMean(await paint(await sticker(disc), asked, mask)), whole)).toBeLessThan(40);
    const left = await sticker((x) => (x < 30 ? 255 : 0));
    expect(largestDifference(visibleMean(await paint(left, asked, mask)), whole)).toBeLessThan(12);
  });

  it('what is half transparent everywhere is painted as if it were opaque', async () => {
    const [whole, half] = [await paint(await opaque), await paint(await sticker(() => 128))];
    const { opacity = expect.fail('no opacity') } = half;
    expect(opacity.data.every((share) => Math.abs(share - 128 / 255) < 1e-3)).toBe(true);
    expect(largestDifference(liftedOff(half.image, opacity, paper).data, whole.image.data)).toBeLessThan(0.05);
  });

  it('colours that are hidden change nothing', async () => {
    const [black, green] = [await sticker(disc), await sticker(disc, [0, 255, 0])];
    expect((await paint(black)).image).toEqual((await paint(green)).image);
  });

  it('a frame gets the colours that it would get if it were opaque, wherever it shows something', async () => {
    const { data } = (await decodePicture(style)).image;
    const pixels = data.length / 3;
    const ofStyle = [0, 1, 2].map((channel) => {
      return (
        (255 * data.subarray(channel * pixels, (channel + 1) * pixels).reduce((sum, value) => sum + value)) / pixels
      );
    });
    const { animation = expect.fail('no animation') } = await paint(await walkingOverNothing(3), {
      ...task,
      frames: 3,
    });
    for (const index of [0, 1, 2]) {
      expect(largestDifference(visibleMean(await animation.frame(index)), ofStyle)).toBeLessThan(50);
    }
  });

  it.each([
    ['nothing', () => 0],
    ['next to nothing', () => 1],
    ['a pixel', (x: number, y: number) => (x === 9 && y === 9 ? 255 : 0)],
    ['next to nothing of a pixel', (x: number, y: number) => (x === 9 && y === 9 ? 1 : 0)],
    ['nothing that is styled', (x: number) => (x < 20 ? 255 : 0)],
  ])('%s may be seen', async (_, alpha) => {
    const right = await maskOf((x) => (x < 32 ? [0, 0, 0] : [255, 255, 255]));
    for (const keepColors of [undefined, 'luminance', 'match'] as const) {
      const asked = { ...task, hasMask: true, transfer: { ...task.transfer, epochs: 2, keepColors } };
      const { image, opacity } = await paint(await sticker(alpha), asked, right);
      expect(image.data.every((value) => value >= 0 && value <= 1)).toBe(true);
      expect(opacity).toMatchObject({ width, height });
    }
  });
});
