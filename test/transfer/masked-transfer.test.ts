import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine/engine.js';
import { openEngine } from '../../src/engine/open-engine.js';
import { resample } from '../../src/imaging/resample.js';
import type { RgbImage } from '../../src/imaging/rgb-image.js';
import { type Mask, resizeMask } from '../../src/transfer/area/mask.js';
import type { TransferProgress, TransferResult } from '../../src/transfer/coarse-to-fine.js';
import { colorDistance, colorStatistics } from '../../src/transfer/colors/color-statistics.js';
import type { TransferPictures } from '../../src/transfer/pictures.js';
import { styleTransfer } from '../../src/transfer/style-transfer.js';
import type { TransferOptions } from '../../src/transfer/transfer-options.js';
import { noisePicture, wavyPicture } from '../engine/random-pictures.js';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine({ network: 'vgg19-lite', threads: 1 });
});
afterAll(() => engine.dispose());

const content = wavyPicture(150, 100, 1);
const noise = noisePicture(40, 64, 2);
const style: RgbImage = { ...noise, data: noise.data.map((value, i) => value * (i < 40 * 64 ? 1 : 0.4)) };

function maskOf(value: (x: number) => number): Mask {
  const { width, height } = content;
  const data = Float32Array.from({ length: width * height }, (_, i) => value(i % width));
  return { width, height, data };
}

const leftHalf = maskOf((x) => (x < 75 ? 1 : 0));

async function paint(options: TransferOptions, pictures: Partial<TransferPictures> = {}) {
  const steps: TransferProgress[] = [];
  const transfer = styleTransfer(engine, { content, styles: [{ picture: style, weight: 1 }], ...pictures }, options);
  for (;;) {
    const { done, value } = await transfer.next();
    if (done) return { steps, result: value satisfies TransferResult };
    steps.push(value);
  }
}

/** Returns the mean change of the content in the columns [from, to), in 255ths. */
function changeBetween(picture: RgbImage, from: number, to: number): number {
  const { width, height, data } = picture;
  const original = resample(content, width, height);
  const changes = Array.from(data, (value, i) => Math.abs(value - Math.min(Math.max(original.data[i] ?? 0, 0), 1)));
  const inside = changes.filter((_, i) => i % width >= from && i % width < to);
  return (255 * inside.reduce((sum, change) => sum + change, 0)) / inside.length;
}

function brightnessOf({ width, height, data }: RgbImage): Float32Array {
  const pixels = width * height;
  const at = (i: number) => data[i] ?? Number.NaN;
  return data.slice(0, pixels).map((red, i) => 0.299 * red + 0.587 * at(pixels + i) + 0.114 * at(2 * pixels + i));
}

describe('a transfer with zones', () => {
  const colored = (red: number, green: number, blue: number): RgbImage => {
    const { data } = noisePicture(40, 40, 5);
    return {
      width: 40,
      height: 40,
      data: data.map((value, i) => 0.5 * value + 0.5 * ([red, green, blue][Math.floor(i / 1600)] ?? 0)),
    };
  };
  const zones = [
    { mask: maskOf((x) => (x < 50 ? 1 : 0)), styles: [{ picture: colored(1, 0, 0), weight: 1 }] },
    { mask: maskOf((x) => (x >= 50 && x < 100 ? 1 : 0)), styles: [{ picture: colored(0, 0, 1), weight: 1 }] },
  ];

  it('gives each the colours of its own style, and leaves the rest as it is', async () => {
    const { steps, result } = await paint({ size: 150, epochs: 6 }, { styles: [], zones });
    const { picture } = result;
    const redness = (from: number, to: number) => {
      const inside = (channel: number) =>
        mean(
          picture.data.filter((_, i) => {
            return Math.floor(i / 15_000) === channel && i % 150 >= from && i % 150 < to;
          }),
        );
      return inside(0) - inside(2);
    };
    expect(redness(4, 44)).toBeGreaterThan(0.3);
    expect(redness(56, 92)).toBeLessThan(-0.3);
    for (const shown of [picture, ...steps.map((step) => step.picture())]) {
      expect(changeBetween(shown, Math.ceil((2 / 3) * shown.width) + 1, shown.width)).toBeLessThan(1e-3);
    }
  });

  it('paints without a seam where both have the same style', async () => {
    const [{ styles }] = zones as [(typeof zones)[0]];
    const same = zones.map(({ mask }) => ({ mask, styles }));
    const options = { size: 96, epochs: 4, keepColors: 'match' } as const;
    const { picture } = (await paint(options, { styles: [], zones: same })).result;
    const { picture: whole } = (await paint(options, { styles, mask: maskOf((x) => (x < 100 ? 1 : 0)) })).result;
    expect(changeBetween(picture, 28, 36)).toBeLessThan(2 * changeBetween(whole, 28, 36));
  });

  it('takes no regions', async () => {
    const regions = [{ left: 0, top: 0, width: 50, height: 50 }];
    await expect(paint({ size: 64, regions }, { styles: [], zones })).rejects.toMatchObject({
      key: 'mask/zones-and-regions',
    });
  });
});

describe('a transfer with a mask', () => {
  it.each<[string, TransferOptions]>([
    ['the style’s colours', {}],
    ['kept luminance', { keepColors: 'luminance' }],
    ['matched colours', { keepColors: 'match' }],
    ['moments and protection', { statistic: 'moments', protect: 0.5 }],
    ['noise to begin with, by Adam', { start: 'noise', optimizer: 'adam' }],
  ])('leaves everything outside as it is, with %s', async (_what, options) => {
    const { steps, result } = await paint({ size: 128, epochs: 4, ...options }, { mask: leftHalf });
    for (const picture of [result.picture, ...steps.map((step) => step.picture())]) {
      const { width } = picture;
      expect(changeBetween(picture, Math.ceil(width / 2) + 1, width)).toBeLessThan(1e-3);
      expect(changeBetween(picture, 0, Math.floor(width / 2) - 2)).toBeGreaterThan(5);
      expect(picture.data.every((value) => value >= 0 && value <= 1)).toBe(true);
    }
    const last = steps.at(-1)?.picture() ?? content;
    if (options.keepColors || options.start) {
      // Noise of colours goes in the end, which leaves brightness alone. Colours that are kept stay, as do those that four
      // steps of Adam have hardly brought towards the style's.
      const before = brightnessOf(last);
      expect(
        mean(brightnessOf(result.picture).map((value, i) => Math.abs(value - (before[i] ?? Number.NaN)))),
      ).toBeLessThan(1e-3);
    } else {
      // The area gets the style's colours in the end.
      const area = resizeMask(leftHalf, last.width, last.height);
      const fromStyle = (of: RgbImage) => colorDistance(colorStatistics(of, area), colorStatistics(style));
      expect(fromStyle(result.picture)).toBeLessThan(fromStyle(last));
    }
  });

  it('fades in at its edge', async () => {
    const { picture } = (await paint({ size: 150, epochs: 4 }, { mask: leftHalf })).result;
    const [edge, inside] = [changeBetween(picture, 74, 75), changeBetween(picture, 40, 70)];
    expect(edge).toBeLessThan(0.3 * inside);
    expect(edge).toBeGreaterThan(0);
  });

  it('leaves the outside as it is in a picture that was enlarged because the transfer was stopped', async () => {
    for (const stopAt of [0, 2]) {
      const controller = new AbortController();
      if (stopAt === 0) controller.abort();
      const options = { size: 200, epochs: 6, signal: controller.signal };
      const transfer = styleTransfer(
        engine,
        { content, styles: [{ picture: style, weight: 1 }], mask: leftHalf },
        options,
      );
      let turn = await transfer.next();
      while (!turn.done) {
        if (turn.value.epoch === stopAt) controller.abort();
        turn = await transfer.next();
      }
      expect(turn.value).toMatchObject({ stopped: true, picture: { width: 200 } });
      expect(changeBetween(turn.value.picture, 102, 200)).toBeLessThan(1e-3);
      expect(changeBetween(turn.value.picture, 0, 98)).toBeGreaterThan(10);
    }
  });

  it('is the same as without where the mask is white', async () => {
    const options = { size: 64, epochs: 3 };
    const white = (await paint(options, { mask: maskOf(() => 1) })).result;
    expect(white.picture).toEqual((await paint(options)).result.picture);
  });

  it('is refused where nothing would be styled', async () => {
    await expect(paint({ size: 64 }, { mask: maskOf(() => 0) })).rejects.toMatchObject({
      domain: 'mask',
      code: 'nothing-styled',
    });
  });

  it('also styles the regions, and these alone where there is no mask', async () => {
    const regions = [{ left: 75, top: 0, width: 25, height: 100 }];
    for (const [mask, left] of [
      [leftHalf, 10],
      [undefined, 0],
    ] as const) {
      const { picture } = (await paint({ size: 128, epochs: 3, regions }, { mask })).result;
      expect(changeBetween(picture, 0, 60)).toBeGreaterThanOrEqual(left);
      if (left === 0) expect(changeBetween(picture, 0, 60)).toBeLessThan(1e-3);
      expect(changeBetween(picture, 66, 95)).toBeLessThan(1e-3);
      expect(changeBetween(picture, 100, 128)).toBeGreaterThan(10);
    }
  });

  it('has only the surroundings of a small region evaluated, and leaves the outside as it is to the bit', async () => {
    const evaluated: number[] = [];
    const watched: Engine = {
      name: engine.name,
      network: engine.network,
      features: (image, request) => engine.features(image, request),
      prepare: async (objective) => {
        const prepared = await engine.prepare(objective);
        return {
          evaluate: (image) => {
            evaluated.push(image.width * image.height);
            return prepared.evaluate(image);
          },
        };
      },
      dispose: () => engine.dispose(),
    };
    const of = wavyPicture(288, 192, 3);
    const regions = [{ left: 0, top: 0, width: 20, height: 25 }];
    const transfer = styleTransfer(
      watched,
      { content: of, styles: [{ picture: style, weight: 1 }] },
      { size: 288, scaleEpochs: [2, 3], regions },
    );
    let turn = await transfer.next();
    while (!turn.done) turn = await transfer.next();
    const { width, height, data } = turn.value.picture;
    const isInside = (i: number) => i % width < 0.2 * width && Math.floor(i / width) % height < 0.25 * height;
    expect(data.every((value, i) => isInside(i) || value === Math.min(Math.max(of.data[i] ?? 0, 0), 1))).toBe(true);
    expect(data.some((value, i) => isInside(i) && Math.abs(value - (of.data[i] ?? 0)) > 0.05)).toBe(true);
    expect(Math.max(...evaluated)).toBeLessThan(0.5 * 288 * 192);
  });

  it('takes its colours to begin with from the part that is styled', async () => {
    // The left half is red, the right half blue: recoloured as a whole, the left would get only one end of the style's
    // colours.
    const data = Float32Array.from({ length: 3 * 96 * 64 }, (_, i) => {
      const [channel, isLeft] = [Math.floor(i / (96 * 64)), i % 96 < 48];
      return channel === (isLeft ? 0 : 2) ? 0.8 : 0.2;
    });
    const of = { width: 96, height: 64, data };
    const controller = new AbortController();
    controller.abort();
    const { picture } = (await paint({ size: 96, signal: controller.signal }, { content: of, mask: leftHalf })).result;
    const styleMean = (channel: number) => mean(style.data.slice(channel * 40 * 64, (channel + 1) * 40 * 64));
    const pictureMean = (channel: number) =>
      mean(picture.data.filter((_, i) => Math.floor(i / (96 * 64)) === channel && i % 96 < 44));
    for (const channel of [0, 1, 2]) expect(pictureMean(channel)).toBeCloseTo(styleMean(channel), 1);
  });
});

describe('the protection of fine structure', () => {
  it.each([-0.1, 1.1, Number.NaN])('is refused at %d', async (protect) => {
    await expect(paint({ size: 64, protect })).rejects.toThrow(RangeError);
  });
});

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
