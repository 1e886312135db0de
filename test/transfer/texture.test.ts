import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine/engine.js';
import { openEngine } from '../../src/engine/open-engine.js';
import { decodePicture } from '../../src/imaging/decode.js';
import type { RgbImage } from '../../src/imaging/rgb-image.js';
import { builtInPresets, presetPicturePath } from '../../src/presets/presets.js';
import { colorDistance, colorStatistics } from '../../src/transfer/colors/color-statistics.js';
import { withoutChromaNoise } from '../../src/transfer/pixels/chroma-noise.js';
import { styleAtScale } from '../../src/transfer/style-at-scale.js';
import { type TextureOptions, texture } from '../../src/transfer/texture.js';
import { TileCanvas } from '../../src/transfer/tile-canvas.js';
import { noisePicture } from '../engine/random-pictures.js';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine({ engine: 'onnx', network: 'vgg19-lite', threads: 1 });
});
afterAll(() => engine.dispose());

async function stylePicture(name: string): Promise<RgbImage> {
  const preset = builtInPresets().find((one) => one.name === name);
  if (!preset) throw new Error(`There is no preset ${name}`);
  const bytes = await readFile(presetPicturePath(preset));
  return (await decodePicture(bytes, { maxBytes: bytes.length, maxSide: 256 })).image;
}

async function weave(style: RgbImage, options: TextureOptions) {
  const steps = [];
  const weaving = texture(engine, style, options);
  for (;;) {
    const { done, value } = await weaving.next();
    if (done) return { steps, result: value };
    steps.push(value);
  }
}

/** Measures how far neighbours differ on average: across the seam of the picture laid beside itself, and inside. */
function differences({ width, height, data }: RgbImage) {
  const at = (channel: number, y: number, x: number) =>
    data[(channel * height + (y % height)) * width + (x % width)] ?? 0;
  const [seam, inside] = [
    { sum: 0, count: 0 },
    { sum: 0, count: 0 },
  ];
  for (let channel = 0; channel < 3; channel++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const across = x === width - 1 ? seam : inside;
        across.sum += Math.abs(at(channel, y, x + 1) - at(channel, y, x));
        across.count++;
        const down = y === height - 1 ? seam : inside;
        down.sum += Math.abs(at(channel, y + 1, x) - at(channel, y, x));
        down.count++;
      }
    }
  }
  return { seam: seam.sum / seam.count, inside: inside.sum / inside.count };
}

describe('a texture', () => {
  it.each(['sept-glass', 'weirwood'])(
    'has the statistics of its style: of %s, under 2 percent of the loss is left',
    async (name) => {
      const { steps, result } = await weave(await stylePicture(name), { size: 64, epochs: 60 });
      const [first] = steps;
      expect(steps).toHaveLength(60);
      // The loss at the start is even higher than the first epoch's, with which the result is compared here.
      expect(result.loss?.style).toBeLessThan(0.02 * (first?.loss.style ?? 0));
      expect(result.loss?.content).toBe(0);
      expect([result.picture.width, result.picture.height]).toEqual([64, 64]);
      expect(result.picture.data.every((value) => value >= 0 && value <= 1)).toBe(true);
    },
  );

  it('is seamless where that is asked for, and only there', async () => {
    // This size takes two scales, so that the tile is enlarged as well.
    const options = { size: 192, epochs: 14 };
    const style = await stylePicture('dragonfire');
    const tile = differences((await weave(style, { ...options, tile: true })).result.picture);
    expect(tile.seam).toBeLessThan(tile.inside);
    const other = differences((await weave(style, options)).result.picture);
    expect(other.seam).toBeGreaterThan(2 * other.inside);
  });

  it.each([false, true])('has the colours of its style in the end, with no more noise, as a tile: %s', async (tile) => {
    const style = await stylePicture('parchment-map');
    const { steps, result } = await weave(style, { size: 96, epochs: 12, tile });
    const seen = styleAtScale({ picture: style, weight: 1 }, result.picture, 1);
    const lackOf = (picture: RgbImage = style) => {
      const { data } = withoutChromaNoise(picture, [seen]);
      return Math.sqrt(
        data.reduce((sum, value, i) => sum + (value - (picture.data[i] ?? Number.NaN)) ** 2, 0) / data.length,
      );
    };
    const last = steps.at(-1)?.picture() ?? expect.fail('Expected an epoch, got none');
    expect(lackOf(last)).toBeGreaterThan(8 * lackOf(result.picture));
    const distance = (picture: RgbImage) => colorDistance(colorStatistics(picture), colorStatistics(seen.picture));
    expect(distance(last)).toBeGreaterThan(4 * distance(result.picture));
  });

  it('can be compared by moments', async () => {
    const { steps, result } = await weave(await stylePicture('weirwood'), {
      size: 64,
      epochs: 10,
      statistic: 'moments',
    });
    expect(result.loss?.style).toBeLessThan(0.5 * (steps[0]?.loss.style ?? 0));
  });

  it('is the same for the same seed, and another for another', async () => {
    const style = noisePicture(64, 48, 1);
    const [once, again, other] = [
      await weave(style, { size: 64, epochs: 2, seed: 1 }),
      await weave(style, { size: 64, epochs: 2, seed: 1 }),
      await weave(style, { size: 64, epochs: 2, seed: 2 }),
    ].map(({ result }) => result.picture);
    expect(again).toEqual(once);
    expect(other).not.toEqual(once);
  });

  it.each([false, true])('that is stopped has the size that was asked for (as a tile: %s)', async (tile) => {
    const style = noisePicture(64, 48, 1);
    const controller = new AbortController();
    const weaving = texture(engine, style, { size: 200, epochs: 9, tile, signal: controller.signal });
    await weaving.next();
    controller.abort();
    const { done, value } = await weaving.next();
    expect(done).toBe(true);
    expect(value).toMatchObject({ stopped: true, epochs: 1, picture: { width: 200, height: 200 } });
  });

  it('refuses layers that the network lacks, and sizes that are none', async () => {
    const style = noisePicture(64, 48, 1);
    await expect(weave(style, { layers: { relu9_9: 1 } })).rejects.toMatchObject({
      domain: 'engine',
      code: 'unknown-layer',
    });
    await expect(weave(style, { size: 0 })).rejects.toThrow(RangeError);
  });
});

describe('a tile with margins', () => {
  it('gives each pixel the gradient of all its copies', async () => {
    const size = { width: 24, height: 17 };
    const canvas = new TileCanvas(size);
    const weights = noisePicture(canvas.width, canvas.height, 2).data;
    // The objective is Σ w·x²/2 of the padded picture, with the gradient w·x.
    const objective = canvas.wrapped(async (padded) => ({
      loss: padded.reduce((sum, value, i) => sum + ((weights[i] ?? 0) * value * value) / 2, 0),
      gradient: padded.map((value, i) => (weights[i] ?? 0) * value),
    }));
    const { data } = noisePicture(size.width, size.height, 3);
    const { gradient } = await objective(data);
    for (const i of [0, 23, 200, 3 * 24 * 17 - 1]) {
      const moved = (by: number) => objective(data.map((value, k) => (k === i ? value + by : value)));
      const slope = ((await moved(0.25)).loss - (await moved(-0.25)).loss) / 0.5;
      expect(gradient[i]).toBeCloseTo(slope, 4);
    }
  });
});
