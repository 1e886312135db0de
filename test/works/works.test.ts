import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine/engine.js';
import { openEngine } from '../../src/engine/open-engine.js';
import { encodePicture } from '../../src/imaging/encode.js';
import { resample } from '../../src/imaging/resample.js';
import { toBytes } from '../../src/imaging/rgb-bytes.js';
import { limitsWithinMemory } from '../../src/limits-within-memory.js';
import { transferMemory, usualLayers } from '../../src/transfer/transfer-memory.js';
import type { EncodedPicture, Painting, PerformOptions } from '../../src/works/work.js';
import { costOf, inputsOf, perform, sizeOf, type Task, taskSchema } from '../../src/works/works.js';
import { gradient, mosaic } from '../imaging/test-pictures.js';

/** One task of each kind, with all fields that it can have. */
const tasks: readonly Task[] = [
  {
    kind: 'style-transfer',
    network: 'vgg19-lite',
    pooling: 'average',
    transfer: {
      size: 64,
      epochs: 6,
      scaleEpochs: [4, 2],
      weights: { content: 1, style: 5, pixels: 0.25, tv: 0 },
      layers: { content: { relu3_1: 1 }, style: { relu1_1: 1, relu2_1: 0.5 } },
      start: 'noise',
      optimizer: 'adam',
      learningRate: 0.01,
      history: 5,
      styleScale: 1.5,
      keepColors: 'luminance',
      statistic: 'moments',
      protect: 0.5,
      regions: [{ left: 0, top: 0, width: 50, height: 100 }],
      feather: 3,
      seed: 7,
    },
    styleWeights: [2, 1],
    hasMask: true,
    background: [1, 0.5, 0],
  },
  { kind: 'spot-difference', size: 64, epochs: 6, readSize: 512 },
  { kind: 'layers', network: 'vgg19-lite', layers: ['relu1_1', 'relu2_1'], size: 64, epochs: 6, seed: 7 },
  {
    kind: 'texture',
    network: 'vgg19-lite',
    size: 64,
    epochs: 6,
    tile: true,
    layers: { relu1_1: 1 },
    statistic: 'gram',
    styleScale: 2,
    seed: 7,
  },
];

describe.each(tasks)('a task of the kind $kind', (task) => {
  let engine: Engine;
  const files = new Map<string, EncodedPicture>();
  beforeAll(async () => {
    engine = await openEngine({ threads: 1, pooling: 'average' });
    for (const name of inputsOf(task)) {
      const picture = name === 'content' || name === 'first' ? gradient(96, 64) : mosaic(96, 64);
      files.set(name, { bytes: await encodePicture(picture, 'png') });
    }
  });
  afterAll(() => engine.dispose());

  const run = (options: Partial<PerformOptions> = {}) =>
    perform(task, async (name) => files.get(name) ?? expect.fail(name), {
      engineFor: async () => engine,
      animated: false,
      ...options,
    });

  it('is the same after it was stored', () => {
    expect(taskSchema.parse(JSON.parse(JSON.stringify(task)))).toEqual(task);
    expect(sizeOf(task)).toBe(64);
  });

  it('comes to a picture, and records frames only for an animation', async () => {
    const painting: Painting<unknown> = await run();
    expect(painting).toMatchObject({ stopped: false, frames: undefined });
    expect(painting.shortfall).toBeUndefined();
    const { picture, frames } = await run({ animated: true });
    expect(picture.width).toBeGreaterThanOrEqual(64);
    expect(frames?.pictures.length).toBeGreaterThanOrEqual(3);
  });

  it('comes to the best picture so far when it is stopped', async () => {
    const controller = new AbortController();
    const epochs: number[] = [];
    const painting = await run({
      signal: controller.signal,
      onProgress: ({ epoch, picture }) => {
        epochs.push(epoch);
        expect(picture().width).toBeGreaterThan(0);
        if (epoch === 2) controller.abort();
      },
    });
    expect(painting.stopped).toBe(true);
    expect(painting.epochs).toBe(2);
    expect(epochs).toEqual([1, 2]);
    expect(painting.picture.width).toBeGreaterThanOrEqual(64);
  });

  it('names the file of a picture that is none, and which of its pictures that is', async () => {
    for (const input of inputsOf(task)) {
      const spoilt = perform(
        task,
        async (name) =>
          name === input ? { bytes: Buffer.from('no picture'), file: 'notes.txt' } : (files.get(name) ?? expect.fail()),
        { engineFor: async () => engine, animated: false },
      );
      await expect(spoilt).rejects.toMatchObject({
        code: 'not-an-image',
        message: expect.stringMatching(/^notes\.txt: /),
        context: { input },
      });
    }
  });
});

describe('a task that there is too little memory for', () => {
  let engine: Engine;
  let style: EncodedPicture;
  beforeAll(async () => {
    engine = await openEngine({ threads: 1 });
    style = { bytes: await encodePicture(mosaic(96, 96), 'png') };
  });
  afterAll(() => engine.dispose());

  const paint = (memoryBytes: number) =>
    perform({ kind: 'texture', size: 512, epochs: 1, tile: false }, async () => style, {
      engineFor: async () => engine,
      animated: false,
      memoryBytes,
    });

  it('is made at the largest size that there is memory for, and says so', async () => {
    const { least } = transferMemory('vgg19-lite', { width: 160, height: 160 });
    const { picture, shortfall } = await paint(least);
    expect(picture.width).toBe(160);
    expect(shortfall).toMatchObject({ asked: 512, made: 160, error: { code: 'out-of-memory' } });
  });

  it('of a transfer that names no layers is as large as is said beforehand', async () => {
    const layers = usualLayers('vgg19-lite');
    const { least: memoryBytes } = transferMemory('vgg19-lite', { width: 160, height: 160 }, { layers });
    expect(memoryBytes).toBeLessThan(transferMemory('vgg19-lite', { width: 160, height: 160 }).least);
    const task: Task = { kind: 'style-transfer', transfer: { size: 512, epochs: 1 } };
    const options = { engineFor: async () => engine, animated: false, memoryBytes };
    // What servers may allow, and what `doctor` says.
    const limits = { epochsMax: 1000, sizeMax: 2048, queueLength: 250 };
    const { sizeMax: made } = limitsWithinMemory(limits, memoryBytes, 'vgg19-lite');
    expect((await perform(task, async () => style, options)).shortfall).toMatchObject({ asked: 512, made });
    expect(made).toBeGreaterThanOrEqual(160);
  });

  it('is held against what its region takes, and costs what that does', async () => {
    const region = { left: 40, top: 40, width: 20, height: 20 };
    const task = (regions: readonly (typeof region)[]): Task => {
      return { kind: 'style-transfer', transfer: { size: 512, epochs: 1, scaleEpochs: [0, 0, 1], regions } };
    };
    const styled = { styled: [region], layers: usualLayers('vgg19-lite') };
    const { least: memoryBytes } = transferMemory('vgg19-lite', { width: 512, height: 512 }, styled);
    const paintRegion = (regions: readonly (typeof region)[]) =>
      perform(task(regions), async () => style, { engineFor: async () => engine, animated: false, memoryBytes });
    expect((await paintRegion([region])).shortfall).toBeUndefined();
    expect((await paintRegion([])).shortfall).toMatchObject({ asked: 512, error: { code: 'out-of-memory' } });
    expect(costOf(task([region])).pixelEpochs).toBeLessThan(0.2 * costOf(task([])).pixelEpochs);
  });

  it('is refused, with what it would take, where there is memory for none', async () => {
    await expect(paint(100e6)).rejects.toMatchObject({
      key: 'engine/out-of-memory',
      message: expect.stringMatching(
        /^A picture of 512×512 takes 0\.\d GB of memory with VGG19-lite, and there are 0\.1 GB\. /,
      ),
    });
  });
});

describe('the animation of spot-the-difference', () => {
  it.each([undefined, 3])(
    'ends with what the optimiser came to, also when it is stopped after epoch %s',
    async (last) => {
      const [first, second] = [gradient(96, 64), mosaic(96, 64)];
      const encoded = { first: await encodePicture(first, 'png'), second: await encodePicture(second, 'png') };
      const controller = new AbortController();
      let latest = first;
      const { frames, loss } = await perform(
        { kind: 'spot-difference', size: 96, epochs: 12 },
        async (name) => ({ bytes: name === 'first' ? encoded.first : encoded.second }),
        {
          engineFor: () => expect.fail('no network is needed'),
          animated: true,
          signal: controller.signal,
          onProgress: ({ epoch, picture }) => {
            latest = picture();
            if (epoch === last) controller.abort();
          },
        },
      );
      const { width = 0, height = 0, pictures = [] } = frames ?? {};
      const frameOf = (picture: typeof first) => Buffer.from(toBytes(resample(picture, width, height)));
      expect(Buffer.from(pictures[0] ?? [])).toEqual(frameOf(first));
      expect(Buffer.from(pictures.at(-1) ?? [])).toEqual(frameOf(latest));
      expect(loss).toBeGreaterThan(0);
      // The recorder knows the loss before the first step, so that the change by this step is seen as well.
      expect(pictures.length).toBe(last === undefined ? 13 : 1 + last);
    },
  );
});

describe('what is no task', () => {
  it.each([
    ['of no kind', { size: 64, epochs: 6 }],
    ['of an unknown kind', { kind: 'sculpture', size: 64, epochs: 6 }],
    ['with an unknown network', { kind: 'texture', network: 'resnet', size: 64, epochs: 6, tile: false }],
    ['without a size', { kind: 'style-transfer', transfer: { epochs: 6 } }],
    ['without layers', { kind: 'layers', layers: [], size: 64, epochs: 6 }],
    ['whose size is text', { kind: 'spot-difference', size: '64', epochs: 6 }],
  ])('is refused: %s', (_what, task) => {
    expect(taskSchema.safeParse(task).success).toBe(false);
  });
});
