import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine/engine.js';
import { openEngine } from '../../src/engine/open-engine.js';
import { decodePicture } from '../../src/imaging/decode.js';
import type { RgbImage } from '../../src/imaging/rgb-image.js';
import { packageRoot } from '../../src/package-root.js';
import {
  type LayerPicturesOptions,
  type LayerPicturesProgress,
  type LayerPicturesResult,
  layerPictures,
} from '../../src/transfer/layer-pictures.js';
import { layerSheet, layerSheetFrames, layerSheetSize } from '../../src/transfer/layer-sheet.js';

let engine: Engine;
let photo: RgbImage;
beforeAll(async () => {
  engine = await openEngine({ engine: 'onnx', network: 'vgg19-lite', threads: 1 });
  const bytes = await readFile(join(packageRoot(), 'examples', 'astronaut.jpg'));
  photo = (await decodePicture(bytes, { maxBytes: bytes.length, maxSide: 64 })).image;
});
afterAll(() => engine.dispose());

interface Looked {
  readonly steps: readonly LayerPicturesProgress[];
  readonly result: LayerPicturesResult;
}

async function look(options: LayerPicturesOptions, each = (_progress: LayerPicturesProgress) => {}): Promise<Looked> {
  const steps: LayerPicturesProgress[] = [];
  const looking = layerPictures(engine, photo, { size: 64, ...options });
  for (;;) {
    const { done, value } = await looking.next();
    if (done) return { steps, result: value };
    steps.push(value);
    each(value);
  }
}

function meanSquaredError(a: RgbImage, b: RgbImage): number {
  return a.data.reduce((sum, value, i) => sum + (value - (b.data[i] ?? Number.NaN)) ** 2, 0) / a.data.length;
}

describe('what layers see', () => {
  let looked: Looked;
  beforeAll(async () => {
    looked = await look({ epochs: 30 });
  });

  it('is shown for the first layer of each block', () => {
    const { layers, original, stopped } = looked.result;
    expect(layers.map(({ layer }) => layer)).toEqual(['relu1_1', 'relu2_1', 'relu3_1', 'relu4_1', 'relu5_1']);
    for (const { picture } of layers) {
      expect([picture.width, picture.height]).toEqual([original.width, original.height]);
      expect(picture.data.every((value) => value >= 0 && value <= 1)).toBe(true);
    }
    expect(stopped).toBe(false);
  });

  it('comes so near to the picture that less than 5 % of the loss is left', () => {
    for (const { loss, startLoss } of looked.result.layers.slice(0, 3)) expect(loss / startLoss).toBeLessThan(0.05);
  });

  it('is nearly each pixel at first, and less and less of them', () => {
    const { layers, original } = looked.result;
    const errors = layers.map(({ picture }) => meanSquaredError(picture, original));
    expect(errors[0]).toBeLessThan(1e-3);
    expect(errors.toSorted((a, b) => a - b)).toEqual(errors);
  });

  it('is told epoch by epoch, layer by layer', () => {
    const { steps, result } = looked;
    expect(steps).toHaveLength(result.epochs);
    for (const [index, { layer, epochs, loss, startLoss }] of result.layers.entries()) {
      const own = steps.filter((step) => step.layer === layer);
      expect(own.map(({ epoch }) => epoch)).toEqual(Array.from({ length: epochs }, (_, i) => i + 1));
      for (const step of own) expect(step).toMatchObject({ layerIndex: index + 1, layers: 5, epochs: 30, startLoss });
      expect(own.at(-1)?.loss).toBe(loss);
    }
    expect(steps.slice(0, -1).every(({ secondsLeft }) => secondsLeft > 0)).toBe(true);
    expect(steps.at(-1)?.secondsLeft).toBe(0);
  });

  it('grows out of noise in frames, which a sheet shows side by side', () => {
    const { layers } = looked.result;
    const counts = layers.map(({ frames }) => frames.pictures.length);
    expect(Math.min(...counts)).toBeGreaterThan(8);
    const noise = layers.map(({ frames }) => frames.pictures[0]);
    expect(new Set(noise.map((picture) => Buffer.from(picture ?? []).toString('base64'))).size).toBe(1);
    expect(layerSheetFrames(looked.result).pictures).toHaveLength(Math.max(...counts));
    // The sheet has three columns of 64 pixels, with gaps of 4.
    const { width, height } = layerSheet(looked.result);
    expect(width).toBe(4 + 3 * 68);
    const names = layers.map(({ layer }) => layer);
    expect(layerSheetSize(names, looked.result.original)).toEqual({ width, height });
  });
});

describe('looking through layers', () => {
  it('ends where nobody would see a difference any more', async () => {
    const { result } = await look({ layers: ['relu1_1'], epochs: 80 });
    expect(result.epochs).toBeLessThan(80);
    expect(result.layers[0]?.loss).toBeLessThan(1e-4 * (result.layers[0]?.startLoss ?? 0));
  });

  it('goes in the order that is asked for, once through each, with the same noise for the same seed', async () => {
    const layers = ['conv2_1', 'relu1_2', 'conv2_1'];
    const [once, again, other] = [
      await look({ layers, epochs: 2, seed: 3 }),
      await look({ layers, epochs: 2, seed: 3 }),
      await look({ layers, epochs: 2, seed: 4 }),
    ].map(({ result }) => result.layers);
    expect(once?.map(({ layer }) => layer)).toEqual(['conv2_1', 'relu1_2']);
    expect(again).toEqual(once);
    expect(other?.[0]?.picture).not.toEqual(once?.[0]?.picture);
  });

  it('keeps what there is when it is stopped', async () => {
    const controller = new AbortController();
    const { steps, result } = await look({ epochs: 4, signal: controller.signal }, ({ layer, epoch }) => {
      if (layer === 'relu2_1' && epoch === 2) controller.abort();
    });
    expect(steps).toHaveLength(6);
    expect(result).toMatchObject({ stopped: true, epochs: 6 });
    expect(result.layers.map(({ layer, epochs }) => [layer, epochs])).toEqual([
      ['relu1_1', 4],
      ['relu2_1', 2],
    ]);
  });

  it('has a sheet with the original even if it was stopped before it began', async () => {
    const { result } = await look({ signal: AbortSignal.abort() });
    expect(result).toMatchObject({ stopped: true, layers: [], epochs: 0 });
    expect(layerSheet(result).width).toBe(4 + 68);
    expect(layerSheetFrames(result).pictures).toHaveLength(1);
  });

  it('refuses a layer that the network lacks, naming those it has, and no layers', async () => {
    await expect(look({ layers: ['relu1_1', 'relu6_1'] })).rejects.toMatchObject({
      domain: 'engine',
      code: 'unknown-layer',
    });
    await expect(look({ layers: ['relu6_1'] })).rejects.toThrow(/"relu6_1" in vgg19-lite.*relu5_1/);
    await expect(look({ layers: [] })).rejects.toThrow(RangeError);
    await expect(look({ epochs: 0 })).rejects.toThrow(/epochs/);
  });
});
