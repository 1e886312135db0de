import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine/engine.js';
import { openEngine } from '../../src/engine/open-engine.js';
import { decodePicture } from '../../src/imaging/decode.js';
import { encodePicture } from '../../src/imaging/encode.js';
import { frameDefaults } from '../../src/transfer/moving/frame-options.js';
import { transferMemory } from '../../src/transfer/transfer-memory.js';
import { FramesInMemory } from '../../src/works/kept-paintings.js';
import type { Workpiece } from '../../src/works/progress.js';
import type { StyleTransferTask } from '../../src/works/style-transfer.js';
import type { FrameKeeper, PerformOptions } from '../../src/works/work.js';
import { costOf, framesIn, perform, type Task, withFrames } from '../../src/works/works.js';
import { startOf, withDamagedFrame } from '../imaging/animation/drawn-animations.js';
import { mosaic } from '../imaging/test-pictures.js';
import { walkingOverNothing, walkingSquare } from './walking-square.js';

const task: StyleTransferTask = { kind: 'style-transfer', transfer: { size: 64, epochs: 4 }, frames: 4 };

describe('a content that moves', () => {
  let engine: Engine;
  let style: Buffer;
  beforeAll(async () => {
    engine = await openEngine({ threads: 1 });
    style = await encodePicture(mosaic(80, 70), 'png');
  });
  afterAll(() => engine.dispose());

  const inputs = (content: Uint8Array, styleFile: Uint8Array = style) => {
    return async (name: string) => ({ bytes: name === 'content' ? content : styleFile });
  };
  const run = (content: Uint8Array, options: Partial<PerformOptions> = {}, asked = task) =>
    perform(asked, inputs(content), { engineFor: async () => engine, animated: true, ...options });

  it('is painted frame by frame, evenly in time, and tells how far it is', async () => {
    const pieces: Workpiece[] = [];
    const left: number[] = [];
    const { animation, picture, frames } = await run(walkingSquare(8), {
      onProgress: ({ at, secondsLeft }) => {
        pieces.push(at);
        left.push(secondsLeft);
      },
    });
    expect(animation).toMatchObject({ delaysMs: [200, 200, 200, 200], loops: 0, framesInContent: 8 });
    expect(frames).toBeUndefined();
    expect((await animation?.frame(0))?.image).toEqual(picture);
    expect(picture).toMatchObject({ width: 64, height: 48 });
    const numbers = pieces.map((at) => (at.kind === 'frame' ? at.frame : 0));
    expect([...new Set(numbers)]).toEqual([1, 2, 3, 4]);
    expect(pieces[0]).toEqual({ kind: 'frame', frame: 1, frames: 4, width: 64, height: 48 });
    expect(left.every((seconds) => Number.isFinite(seconds) && seconds >= 0)).toBe(true);
    expect(left[0]).toBeGreaterThan(left.at(-1) ?? 0);
  });

  it('keeps its transparency in each frame', async () => {
    const { animation, opacity } = await run(await walkingOverNothing(3));
    expect(opacity).toMatchObject({ width: 64, height: 48 });
    const at = (data: Float32Array | undefined, x: number) => data?.[20 * 64 + x];
    const [first, last] = [await animation?.frame(0), await animation?.frame(2)];
    expect([at(first?.opacity?.data, 4), at(first?.opacity?.data, 20)]).toEqual([1, 0]);
    expect([at(last?.opacity?.data, 4), at(last?.opacity?.data, 20)]).toEqual([0, 1]);
  });

  it('goes on from the frames that are kept, to the same pictures', async () => {
    const content = walkingSquare(4);
    const whole = new FramesInMemory();
    const all = await run(content, { keptFrames: whole });

    const interrupted = new FramesInMemory();
    const dying: FrameKeeper = {
      get: (index) => interrupted.get(index),
      put: async (index, file) => {
        if (index === 2) throw new Error('the process dies');
        await interrupted.put(index, file);
      },
    };
    const begun = await run(content, { keptFrames: dying, signal: AbortSignal.any([]) });
    expect(begun).toMatchObject({
      animation: { delaysMs: [100, 100] },
      shortfall: { error: expect.objectContaining({ message: 'the process dies' }) },
    });
    // What the two frames took is told all the same.
    expect([begun.epochs, all.epochs]).toEqual([4 + frameDefaults.frameEpochs, 4 + 3 * frameDefaults.frameEpochs]);
    expect(begun.evaluations).toBeGreaterThan(begun.epochs);
    const rest = await run(content, { keptFrames: interrupted });
    expect(rest.animation?.delaysMs).toHaveLength(4);
    expect(rest.evaluations).toBeLessThan(all.evaluations);
    for (const index of [0, 1, 2, 3]) expect(await interrupted.get(index)).toEqual(await whole.get(index));
  });

  it('tells which of its frames are damaged, or lacking, also where it goes on from kept ones', async () => {
    const damaged = withDamagedFrame(walkingSquare(4), 'gif', 1);
    const keptFrames = new FramesInMemory();
    expect((await run(damaged, { keptFrames })).findings).toMatchObject({ damagedFrames: 1 });
    expect((await run(damaged, { keptFrames })).findings).toMatchObject({ damagedFrames: 1 });

    const cut = damaged.subarray(0, startOf(damaged, 'gif', 3) + 20);
    expect((await run(cut)).findings).toMatchObject({ damagedFrames: 1, cameWhole: 3 });
    const one = damaged.subarray(0, startOf(damaged, 'gif', 1) + 20);
    expect((await run(one)).findings).toMatchObject({ cameWhole: 1 });

    const still = withFrames(task, 1) as StyleTransferTask;
    for (const { findings } of [await run(walkingSquare(4)), await run(one, {}, still)]) {
      expect(Object.keys(findings ?? {})).toEqual(['kind', 'accent', 'digests']);
    }
  });

  it('takes no kept frame that is larger than it is to be', async () => {
    const kept = new FramesInMemory();
    await run(walkingSquare(2), { keptFrames: kept });
    const smaller = { ...task, transfer: { ...task.transfer, size: 48 } };
    const { picture } = await run(walkingSquare(2), { keptFrames: kept }, smaller);
    expect(picture).toMatchObject({ width: 48, height: 36 });
    for (const index of [0, 1]) {
      expect((await decodePicture((await kept.get(index)) ?? expect.fail('no frame'))).image).toMatchObject({
        width: 48,
      });
    }
  });

  it('comes with the frames by then where it is stopped, or as a still', async () => {
    const stopping = new AbortController();
    const stopAt = (frame: number) => (progress: { readonly at: Workpiece }) => {
      if (progress.at.kind === 'frame' && progress.at.frame === frame) stopping.abort();
    };
    const three = await run(walkingSquare(4), { signal: stopping.signal, onProgress: stopAt(3) });
    expect(three).toMatchObject({ stopped: true, animation: { delaysMs: [100, 100] } });
    const atOnce = await run(walkingSquare(4), { signal: AbortSignal.abort() });
    expect(atOnce).toMatchObject({ stopped: true, animation: undefined, picture: { width: 64, height: 48 } });
  });

  it('is a still where no frames are asked for, and where it is one', async () => {
    const still = await run(walkingSquare(4), {}, withFrames(task, 1) as StyleTransferTask);
    expect(still.animation).toBeUndefined();
    expect(still.frames).toBeDefined();
    expect((await run(await encodePicture(mosaic(64, 48), 'png'))).animation).toBeUndefined();
  });

  it('needs the memory of the frames beside the one that is painted', async () => {
    const { least } = transferMemory('vgg19-lite', { width: 64, height: 48 }, { layers: ['relu4_1'] });
    const still = withFrames(task, 1) as StyleTransferTask;
    await expect(run(walkingSquare(4), { memoryBytes: least }, still)).resolves.toMatchObject({
      picture: { width: 64 },
    });
    await expect(run(walkingSquare(4), { memoryBytes: least })).rejects.toMatchObject({ key: 'engine/out-of-memory' });
  });

  it('is counted by its structure', async () => {
    expect(await framesIn(task, inputs(walkingSquare(8)))).toBe(4);
    expect(await framesIn(task, inputs(walkingSquare(3)))).toBe(3);
    expect(await framesIn(task, inputs(walkingSquare(1)))).toBe(1);
    expect(await framesIn(withFrames(task, 1), inputs(walkingSquare(8)))).toBe(1);
    await expect(framesIn(task, inputs(walkingSquare(3001)))).rejects.toMatchObject({
      key: 'image/too-many-frames',
      context: { input: 'content' },
    });
  });

  it('costs more with every frame, but less than as many stills', () => {
    const cost = (frames: number) => costOf(withFrames(task, frames)).pixelEpochs;
    const usual = { ...task, transfer: { size: 512, epochs: 100 } };
    expect(cost(3) - cost(2)).toBeCloseTo(cost(2) - cost(1));
    const still = costOf(withFrames(usual, 1)).pixelEpochs;
    const frame = costOf(withFrames(usual, 2)).pixelEpochs - still;
    expect(frame).toBeGreaterThan(0);
    expect(frame).toBeLessThan(still / 3);
  });

  it('tells that a style moves, whose first frame counts', async () => {
    const still = withFrames(task, 1);
    const options = { engineFor: async () => engine, animated: false };
    const { findings } = await perform(still, inputs(style, walkingSquare(2)), options);
    expect(findings).toMatchObject({ styleMoves: true });
    expect((await perform(still, inputs(walkingSquare(2)), options)).findings).not.toHaveProperty('styleMoves');
  });

  it('tells that a style is transparent in places, but not of round corners', async () => {
    const options = { engineFor: async () => engine, animated: false };
    const clear = (pixels: number) => {
      const data = new Float32Array(80 * 70).fill(1).fill(0, 0, pixels);
      return encodePicture(mosaic(80, 70), 'png', { opacity: { width: 80, height: 70, data } });
    };
    const findingsOf = async (asked: Task, pixels: number) =>
      (await perform(asked, inputs(style, await clear(pixels)), options)).findings;
    for (const asked of [withFrames(task, 1), { kind: 'texture', size: 64, epochs: 1, tile: false } as const]) {
      expect(await findingsOf(asked, 1000)).toMatchObject({ styleIsTransparent: true });
      expect(await findingsOf(asked, 50)).not.toHaveProperty('styleIsTransparent');
    }
  });
});
