import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Engine } from '../../src/engine/engine.js';
import { openEngine } from '../../src/engine/open-engine.js';
import type { RgbImage } from '../../src/imaging/rgb-image.js';
import type { TransferProgress, TransferResult } from '../../src/transfer/coarse-to-fine.js';
import { colorKeepings, withKeptColors } from '../../src/transfer/colors/content-colors.js';
import { withColorsOfStyles } from '../../src/transfer/colors/finished-colors.js';
import { singleStyle } from '../../src/transfer/pictures.js';
import { withoutChromaNoise } from '../../src/transfer/pixels/chroma-noise.js';
import { starts } from '../../src/transfer/start.js';
import { styleAtScale } from '../../src/transfer/style-at-scale.js';
import { styleTransfer } from '../../src/transfer/style-transfer.js';
import { optimizers, type TransferOptions } from '../../src/transfer/transfer-options.js';
import { noisePicture, wavyPicture } from '../engine/random-pictures.js';
import { draw } from '../imaging/test-pictures.js';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine({ network: 'vgg19-lite', threads: 1 });
});
afterAll(() => engine.dispose());

const content = tinted(wavyPicture(75, 50, 1), [0.6, 0.8, 1]);
const style = tinted(noisePicture(40, 64, 2), [1, 0.7, 0.3]);

function tinted({ width, height, data }: RgbImage, tint: readonly number[]): RgbImage {
  const area = width * height;
  return { width, height, data: data.map((value, i) => value * (tint[Math.floor(i / area)] ?? 1)) };
}

/** Makes a picture of black and white squares, whose edges make resampling overshoot. */
function chequers(width: number, height: number): RgbImage {
  const square = (i: number) => (Math.floor((i % width) / 5) + Math.floor(Math.floor(i / width) / 5)) % 2;
  return { width, height, data: Float32Array.from({ length: 3 * width * height }, (_, i) => square(i)) };
}

/** Returns the mean difference of neighbours in a row over the standard deviation: large for fine paintings. */
function neighbourDifference({ width, data }: RgbImage): number {
  const middle = data.reduce((sum, value) => sum + value, 0) / data.length;
  const spread = Math.sqrt(data.reduce((sum, value) => sum + (value - middle) ** 2, 0) / data.length);
  const differences = data.map((value, i) => (i % width > 0 ? Math.abs(value - (data[i - 1] ?? 0)) : 0));
  return differences.reduce((sum, value) => sum + value, 0) / data.length / spread;
}

interface Painting {
  readonly steps: readonly TransferProgress[];
  readonly result: TransferResult;
}

async function paint(
  options: TransferOptions,
  {
    on = engine,
    of = content,
    like = style,
    styles = singleStyle(like),
    each = (_progress: TransferProgress): unknown => undefined,
  } = {},
): Promise<Painting> {
  const steps: TransferProgress[] = [];
  const transfer = styleTransfer(on, { content: of, styles }, options);
  for (;;) {
    const { done, value } = await transfer.next();
    if (done) return { steps, result: value };
    steps.push(value);
    each(value);
  }
}

/** Returns the engine, which aborts the transfer in the middle of its n-th evaluation. */
function stoppingAt(n: number, controller: AbortController): Engine {
  let evaluations = 0;
  return {
    name: engine.name,
    network: engine.network,
    features: (image, request) => engine.features(image, request),
    prepare: async (objective) => {
      const prepared = await engine.prepare(objective);
      return {
        evaluate: (image) => {
          const evaluation = prepared.evaluate(image);
          if (++evaluations === n) controller.abort();
          return evaluation;
        },
      };
    },
    dispose: async () => {},
  };
}

function expectShowable({ width, height, data }: RgbImage, size: readonly [number, number]): void {
  expect([width, height]).toEqual(size);
  expect(data).toHaveLength(3 * width * height);
  expect(data.every((value) => value >= 0 && value <= 1)).toBe(true);
}

function meanColor({ width, height, data }: RgbImage): readonly number[] {
  const area = width * height;
  return [0, 1, 2].map(
    (channel) => data.subarray(channel * area, (channel + 1) * area).reduce((sum, value) => sum + value, 0) / area,
  );
}

function distance(a: readonly number[], b: readonly number[]): number {
  return Math.hypot(...a.map((value, i) => value - (b[i] ?? Number.NaN)));
}

describe('a style transfer', () => {
  let painting: Painting;
  beforeAll(async () => {
    painting = await paint(
      { size: 200, epochs: 8 },
      {
        each: ({ picture, width, height }) => expectShowable(picture(), [width, height]),
      },
    );
  });

  it('goes from coarse to fine, and counts its epochs on the way', () => {
    const { steps } = painting;
    expect(steps.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(steps.map(({ scale }) => scale)).toEqual([1, 1, 1, 1, 1, 2, 2, 2]);
    for (const { scale, scales, epochs, width, height } of steps) {
      expect([scales, epochs]).toEqual([2, 8]);
      expect([width, height]).toEqual(scale === 1 ? [100, 67] : [200, 133]);
    }
  });

  it('has the engine make room for each scale, beside what is held for the result', async () => {
    const room = vi.spyOn(engine, 'makeRoomFor');
    await paint({ size: 200, epochs: 2, scaleEpochs: [1, 1] });
    const sizes = room.mock.calls.map(([size, result = size]) => [size.width, result.width]);
    room.mockRestore();
    expect(sizes).toEqual([
      [100, 200],
      [200, 200],
      [200, 200],
    ]);
  });

  it('lowers the loss with each epoch of a scale', () => {
    for (const [i, { scale, loss }] of painting.steps.entries()) {
      const before = painting.steps[i - 1];
      if (before?.scale === scale) expect(loss.total).toBeLessThan(before.loss.total);
    }
  });

  it('knows how much is left, and that it is nothing in the end', () => {
    const left = painting.steps.map(({ secondsLeft }) => secondsLeft);
    expect(left.every((seconds) => seconds >= 0 && Number.isFinite(seconds))).toBe(true);
    expect(left.slice(0, -1).every((seconds) => seconds > 0)).toBe(true);
    expect(left.at(-1)).toBe(0);
  });

  it('returns a picture of the size that was asked for, with an account of the work', () => {
    const { steps, result } = painting;
    const last = steps.at(-1);
    expectShowable(result.picture, [200, 133]);
    expect(result).toMatchObject({ stopped: false, epochs: 8, loss: last?.loss, evaluations: last?.evaluations });
    expect(result.evaluations).toBeGreaterThanOrEqual(8);
    expect(result.engineSeconds).toBeGreaterThan(0);
    expect(result.seconds).toBeGreaterThan(result.engineSeconds);
  });

  it('gives the last picture the colours of the style without noise, where single pixels count and colours are not kept', async () => {
    const { data } = noisePicture(40, 64, 3);
    const grey = { width: 40, height: 64, data: data.map((_, i) => data[i % 2560] ?? Number.NaN) };
    const [colorful, options] = [noisePicture(75, 50, 4), { size: 64, epochs: 2 }];
    const { steps, result } = await paint(options, { of: colorful, like: grey });
    const seen = styleAtScale({ picture: grey, weight: 1 }, result.picture, 1);
    const last = steps.at(-1)?.picture() ?? grey;
    const colored = withColorsOfStyles({ picture: last }, [seen], { picture: colorful });
    const { data: calm } = withoutChromaNoise(colored, [seen]);
    expect(result.picture.data).toEqual(calm.map((value) => Math.min(Math.max(value, 0), 1)));
    expect(result.picture).not.toEqual(withoutChromaNoise(last, [seen]));
    for (const other of [{ weights: { pixels: 0 } }, { keepColors: 'luminance' }] as const) {
      const without = await paint({ ...options, ...other }, { of: colorful, like: grey });
      expect(without.result.picture).toEqual(without.steps.at(-1)?.picture());
    }
    const matched = await paint({ ...options, keepColors: 'match' }, { of: colorful, like: grey });
    const kept = withKeptColors('match', { content: colorful, styles: singleStyle(grey) }).pictures.styles;
    const ofContent = kept.map((one) => styleAtScale(one, result.picture, 1));
    const { data: still } = withoutChromaNoise(matched.steps.at(-1)?.picture() ?? grey, ofContent);
    expect(matched.result.picture.data).toEqual(still.map((value) => Math.min(Math.max(value, 0), 1)));
  });

  it('adds its loss up from terms that it names', () => {
    for (const { loss } of painting.steps) {
      const { total, content: contentLoss, style: styleLoss, tv, contentLayers, styleLayers } = loss;
      // The terms named here add up to the total, except for the box penalty, which is not among them.
      expect(total).toBeGreaterThanOrEqual((contentLoss + 10 * styleLoss + 0.02 * tv) * (1 - 1e-6));
      expect(Object.keys(contentLayers)).toEqual(['relu3_1', 'relu4_1']);
      expect(Object.keys(styleLayers)).toEqual(['relu1_1', 'relu2_1', 'relu3_1', 'relu4_1']);
    }
  });
});

describe('a transfer of pictures of all sizes', () => {
  it.each([
    { why: 'a long content', of: [160, 20], like: [64, 64], size: 96, expected: [96, 12] },
    { why: 'a tall content and a long style', of: [20, 160], like: [160, 20], size: 80, expected: [10, 80] },
    { why: 'a tiny style', of: [64, 64], like: [3, 5], size: 64, expected: [64, 64] },
    { why: 'a content to be enlarged', of: [17, 13], like: [90, 70], size: 77, expected: [77, 59] },
    { why: 'the smallest size', of: [50, 31], like: [31, 50], size: 1, expected: [1, 1] },
  ] as const)('gives one of the asked size: $why', async ({ of, like, size, expected }) => {
    const pictures = { of: chequers(of[0], of[1]), like: noisePicture(like[0], like[1], 4) };
    const { result } = await paint({ size, epochs: 2 }, pictures);
    expectShowable(result.picture, expected);
    expect(result.epochs).toBe(2);
  });

  it('leaves both pictures as they are', async () => {
    const [of, like] = [noisePicture(64, 48, 5), noisePicture(64, 48, 6)];
    await paint({ size: 64, epochs: 1 }, { of, like });
    expect([of, like]).toEqual([noisePicture(64, 48, 5), noisePicture(64, 48, 6)]);
  });
});

describe('the same transfer', () => {
  const options = { size: 64, epochs: 4, start: 'noise', seed: 5 } as const;

  it('gives the same bytes again, also by another engine, and others for another seed', async () => {
    const other = await openEngine({ network: 'vgg19-lite' });
    const { picture } = (await paint(options)).result;
    expect((await paint(options)).result.picture).toEqual(picture);
    expect((await paint(options, { on: other })).result.picture).toEqual(picture);
    expect((await paint({ ...options, seed: 6 })).result.picture).not.toEqual(picture);
    await other.dispose();
  });

  it('is what options that are undefined stand for', async () => {
    const bare = { size: 64, epochs: 2 };
    const undefinedOnes = {
      start: undefined,
      optimizer: undefined,
      seed: undefined,
      layers: undefined,
      signal: undefined,
    };
    const { picture } = (await paint(bare)).result;
    expect((await paint({ ...bare, ...undefinedOnes, weights: {} })).result.picture).toEqual(picture);
  });
});

describe('a transfer that is stopped', () => {
  it('tells the epochs of each scale, which paint the same picture again', async () => {
    for (const [stopAt, expected] of [
      [2, [2, 0]],
      [5, [4, 1]],
    ] as const) {
      const controller = new AbortController();
      const options = { size: 200, scaleEpochs: [4, 4] };
      const { result } = await paint(
        { ...options, signal: controller.signal },
        { each: ({ epoch }) => epoch === stopAt && controller.abort() },
      );
      expect(result).toMatchObject({ stopped: true, scaleEpochs: expected });
      const again = await paint({ ...options, scaleEpochs: result.scaleEpochs });
      expect(again.result.picture).toEqual(result.picture);
    }
  });

  it('before it begins returns the start, in the size of the result', async () => {
    for (const start of starts) {
      const options = { size: 200, epochs: 6, start, signal: AbortSignal.abort() };
      const { steps, result } = await paint(options, { of: chequers(60, 40), like: chequers(50, 50) });
      expect(steps).toEqual([]);
      expect(result).toMatchObject({ stopped: true, epochs: 0, evaluations: 0, loss: undefined });
      expectShowable(result.picture, [200, 133]);
    }
  });

  it('between two epochs returns the picture of the last one, in the size of the result', async () => {
    for (const epoch of [2, 1000]) {
      const controller = new AbortController();
      const each = (progress: TransferProgress) => {
        if (progress.epoch === epoch || progress.scale === 2) controller.abort();
      };
      const { steps, result } = await paint(
        { size: 200, epochs: 6, signal: controller.signal },
        { of: chequers(60, 40), each },
      );
      const last = steps.at(-1);
      expect(last?.scale).toBe(epoch === 2 ? 1 : 2);
      expect(result).toMatchObject({
        stopped: true,
        epochs: steps.length,
        evaluations: last?.evaluations,
        loss: last?.loss,
      });
      expectShowable(result.picture, [200, 133]);
    }
  });

  it.each([1, 2, 5, 9])('in the middle of evaluation %d makes no further one', async (n) => {
    for (const optimizer of optimizers) {
      const controller = new AbortController();
      const options = { size: 192, epochs: 12, optimizer, signal: controller.signal };
      const { steps, result } = await paint(options, { on: stoppingAt(n, controller) });
      expect(result).toMatchObject({ stopped: true, evaluations: n });
      expect(steps.length).toBeLessThanOrEqual(n);
      expect(result.loss?.total).toBeLessThanOrEqual(steps[0]?.loss.total ?? Number.POSITIVE_INFINITY);
      expectShowable(result.picture, [192, 128]);
    }
  });

  it('after its end is not stopped', async () => {
    const controller = new AbortController();
    const { result } = await paint({ size: 64, epochs: 2, signal: controller.signal });
    controller.abort();
    expect(result.stopped).toBe(false);
  });

  it('can go on as another one on the same engine', async () => {
    const controller = new AbortController();
    await paint({ size: 64, epochs: 9, signal: controller.signal }, { each: () => controller.abort() });
    expect((await paint({ size: 64, epochs: 2 })).result).toMatchObject({ stopped: false, epochs: 2 });
  });
});

describe('a transfer can', () => {
  it.each(starts)('begin with "%s"', async (start) => {
    const { steps, result } = await paint({ size: 64, epochs: 5, start });
    expect(result.loss?.total).toBeLessThan(0.95 * (steps[0]?.loss.total ?? 0));
    expectShowable(result.picture, [64, 43]);
  });

  it('descend by Adam', async () => {
    const { steps, result } = await paint({ size: 64, epochs: 12, optimizer: 'adam', start: 'content' });
    expect(steps).toHaveLength(12);
    expect(result.evaluations).toBe(12);
    expect(result.loss?.total).toBe(Math.min(...steps.map(({ loss }) => loss.total)));
    expect(result.loss?.total).toBeLessThan(0.9 * (steps[0]?.loss.total ?? 0));
  });

  it('spend given epochs at each scale', async () => {
    const { steps, result } = await paint({ size: 96, epochs: 50, scaleEpochs: [3, 0, 2] });
    expect(steps.map(({ width, epoch, epochs }) => [width, epoch, epochs])).toEqual([
      [24, 1, 5],
      [24, 2, 5],
      [24, 3, 5],
      [96, 4, 5],
      [96, 5, 5],
    ]);
    expect(result.epochs).toBe(5);
  });

  it.each(optimizers)('descend by %s in steps of another length', async (optimizer) => {
    const base = { size: 48, epochs: 4, optimizer };
    const usual = (await paint(base)).result;
    for (const learningRate of [0.002, 0.5]) {
      const { steps, result } = await paint({ ...base, learningRate });
      expect(result.picture).not.toEqual(usual.picture);
      expect(result.loss?.total).toBeLessThanOrEqual(steps[0]?.loss.total ?? 0);
      await expect(paint({ ...base, learningRate: -learningRate })).rejects.toThrow(/learningRate/);
    }
  });

  it('learn curvature from fewer steps', async () => {
    const [usual, short] = await Promise.all([
      paint({ size: 48, epochs: 6 }),
      paint({ size: 48, epochs: 6, history: 1 }),
    ]);
    expect(short.result.picture).not.toEqual(usual.result.picture);
    await expect(paint({ size: 48, epochs: 6, history: 0 })).rejects.toThrow(/history/);
  });

  it('paint with larger strokes', async () => {
    // The squares have 16 pixels in 192: in a painting of 96, that is 4 pixels at a style scale of 0.5 and 16 at 2.
    const like = draw(192, 192, (x, y) => (((x >> 4) + (y >> 4)) % 2 === 0 ? [0.9, 0.8, 0.2] : [0.1, 0.2, 0.6]));
    const roughness = async (styleScale: number) => {
      const { result } = await paint({ size: 96, epochs: 12, styleScale, weights: { style: 100 } }, { like });
      return neighbourDifference(result.picture);
    };
    const [fine, coarse] = [await roughness(0.5), await roughness(2)];
    expect(coarse).toBeLessThan(0.8 * fine);
  });

  it('look at other layers', async () => {
    const layers = { content: { conv2_2: 2 }, style: { relu1_2: 1 } };
    const { result } = await paint({ size: 64, epochs: 3, layers });
    expect(Object.keys(result.loss?.contentLayers ?? {})).toEqual(['conv2_2']);
    expect(Object.keys(result.loss?.styleLayers ?? {})).toEqual(['relu1_2']);
    expect(result.loss?.content).toBeCloseTo(2 * (result.loss?.contentLayers.conv2_2 ?? Number.NaN), 10);
  });

  it('end early at every scale where nothing is left to gain', async () => {
    // A flat picture has no edges, so that enlarging does not take it out of [0, 1].
    const of = { width: 75, height: 50, data: new Float32Array(3 * 75 * 50).fill(0.5) };
    const options = { size: 192, epochs: 10, start: 'content', weights: { content: 0, style: 0, tv: 0 } } as const;
    const { steps, result } = await paint(options, { of });
    expect(steps.map(({ scale, epoch }) => [scale, epoch])).toEqual([
      [1, 1],
      [2, 7],
    ]);
    expect(result).toMatchObject({ stopped: false, epochs: 2, loss: { total: 0 } });
    expectShowable(result.picture, [192, 128]);
  });
});

describe('the style', () => {
  it.each(['content', 'recolored'] as const)('brings its colours to a picture that begins with "%s"', async (start) => {
    const { result } = await paint({ size: 64, epochs: 15, start });
    const [from, to] = [meanColor(content), meanColor(style)];
    expect(distance(meanColor(result.picture), to)).toBeLessThan(0.5 * distance(from, to));
  });

  it('comes nearer the more it counts, and the content the other way', async () => {
    const withWeight = async (weight: number) =>
      (await paint({ size: 64, epochs: 15, weights: { style: weight } })).result;
    const [weak, strong] = [await withWeight(0.1), await withWeight(1000)];
    expect(strong.loss?.style).toBeLessThan(weak.loss?.style ?? 0);
    expect(weak.loss?.content).toBeLessThan(strong.loss?.content ?? 0);
  });
});

describe('the colours of the content', () => {
  it.each(colorKeepings)('are kept by "%s" in every picture', async (keepColors) => {
    const { steps, result } = await paint({ size: 64, epochs: 6, keepColors });
    const [from, to] = [meanColor(content), meanColor(style)];
    const pictures = [...steps.map(({ picture }) => picture()), result.picture];
    for (const picture of pictures) {
      expect(distance(meanColor(picture), from)).toBeLessThan(0.25 * distance(from, to));
    }
    expect(result.picture).toEqual(steps.at(-1)?.picture());
  });
});

describe('several styles', () => {
  const [warm, cold] = [style, tinted(wavyPicture(90, 30, 7), [0.2, 0.5, 1])];
  const options = { size: 48, epochs: 4 };
  const blended = async (...weights: readonly number[]) => {
    const styles = [warm, cold].map((picture, i) => ({ picture, weight: weights[i] ?? 0 }));
    return (await paint(options, { styles })).result;
  };

  it.each(starts)('of which all but one weigh nothing equal that one alone, beginning with "%s"', async (start) => {
    for (const [index, alone] of [warm, cold].entries()) {
      const styles = [warm, cold].map((picture, i) => ({ picture, weight: i === index ? 0.3 : 0 }));
      const { picture, loss } = (await paint({ ...options, start }, { styles })).result;
      const single = (await paint({ ...options, start }, { like: alone })).result;
      expect({ picture, loss }).toEqual({ picture: single.picture, loss: single.loss });
    }
  });

  it('are blended by the ratio of their weights', async () => {
    const [towardsWarm, sameRatio, even, towardsCold] = [
      await blended(3, 1),
      await blended(0.75, 0.25),
      await blended(2, 2),
      await blended(1, 3),
    ];
    expect(sameRatio.picture).toEqual(towardsWarm.picture);
    const distances = [towardsWarm, even, towardsCold].map(({ picture }) =>
      distance(meanColor(picture), meanColor(warm)),
    );
    expect(distances).toEqual(distances.toSorted((a, b) => a - b));
    expect((distances[2] ?? 0) - (distances[0] ?? 0)).toBeGreaterThan(0.2);
  });

  it.each([
    { weights: [1, -1], message: 'Expected the weight of a style to be a number from 0 up, got -1' },
    { weights: [Number.NaN, 1], message: 'Expected the weight of a style to be a number from 0 up, got NaN' },
    { weights: [0, 0], message: 'Expected at least one style with a weight above 0, got none' },
  ] as const)('are refused with weights $weights', async ({ weights, message }) => {
    await expect(blended(...weights)).rejects.toThrow(new RangeError(message));
  });
});

describe('a transfer is refused', () => {
  it('for a layer that the network lacks', async () => {
    const painting = paint({ size: 64, epochs: 2, layers: { style: { relu5_4: 1 } } });
    await expect(painting).rejects.toMatchObject({ domain: 'engine', code: 'unknown-layer' });
    await expect(painting).rejects.toThrow(/"relu5_4".*relu5_1/);
  });

  it('for a size or epochs that are none', async () => {
    await expect(paint({ size: 0 })).rejects.toThrow(RangeError);
    await expect(paint({ epochs: 1.5 })).rejects.toThrow(RangeError);
  });

  it('for a picture that holds NaN, and not because it was stopped', async () => {
    const of = noisePicture(64, 48, 5);
    of.data[7] = Number.NaN;
    await expect(paint({ size: 64, epochs: 2 }, { of })).rejects.toMatchObject({ code: 'not-finite' });
  });
});
