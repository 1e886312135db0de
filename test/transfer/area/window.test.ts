import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../src/engine/engine.js';
import { openEngine } from '../../../src/engine/open-engine.js';
import type { Rectangle } from '../../../src/engine/pieces/cut.js';
import { cutOut, putInto } from '../../../src/engine/pieces/planes.js';
import { convolutionsOf, layerNames, topologies } from '../../../src/engine/topology.js';
import { uniformNumbers } from '../../../src/random-numbers.js';
import type { Mask } from '../../../src/transfer/area/mask.js';
import { coverage } from '../../../src/transfer/area/region.js';
import { boxOf, strideOf, windowAround, windowSize } from '../../../src/transfer/area/window.js';
import { Canvas } from '../../../src/transfer/canvas.js';
import { type TransferTargets, transferObjective } from '../../../src/transfer/objective.js';
import { defaultLayers, lookedAt, textureLayers } from '../../../src/transfer/transfer-layers.js';
import { noisePicture, wavyPicture } from '../../engine/random-pictures.js';
import { cosine, relativeError } from '../../numbers.js';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine({ network: 'vgg19-lite', threads: 1 });
});
afterAll(() => engine.dispose());

const [width, height] = [352, 288];
const networkLayers = layerNames(convolutionsOf(topologies['vgg19-lite']));

/** An area with soft edges, which lies across the borders of the layers' positions. */
const area: Mask = {
  width,
  height,
  data: Float32Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return Math.max(0, 1 - Math.hypot((x - 61) / 37, (y - 130) / 29)) ** 0.3;
  }),
};

describe('the window around an area', () => {
  it.each<[string, Partial<TransferTargets>, Rectangle]>([
    ['Gram matrices', {}, { left: 8, top: 80, right: 120, bottom: 176 }],
    ['moments, and protection', { statistic: 'moments', protect: 0.6 }, { left: 8, top: 80, right: 120, bottom: 176 }],
    [
      'a layer that sees twice as far',
      { layers: { content: { relu4_1: 1 }, style: textureLayers(networkLayers) } },
      { left: 0, top: 64, right: 144, bottom: 192 },
    ],
    [
      'layers that see a third as far',
      { layers: { content: { relu3_1: 1 }, style: { relu1_1: 1, relu2_1: 1 } } },
      { left: 16, top: 92, right: 112, bottom: 172 },
    ],
  ])('has nearly the loss and gradient of the whole, and exactly with all that layers see, with %s', async (...row) => {
    const [, options, window] = row;
    const targets: TransferTargets = {
      content: wavyPicture(width, height, 1),
      styles: [{ picture: noisePicture(96, 80, 2), weight: 1 }],
      layers: defaultLayers(engine.network),
      weights: { content: 1, style: 10, pixels: 0.3, tv: 0.02 },
      area,
      ...options,
    };
    const picture = noisePicture(width, height, 3);
    const whole = await (await transferObjective(engine, area, targets))(picture.data);
    const stride = strideOf(lookedAt(targets.layers));
    expect(windowAround(area, stride)).toEqual(window);
    for (const { seen, lossWithin, cosineAbove } of [
      { seen: window, lossWithin: 0.02, cosineAbove: 0.999 },
      { seen: windowAround(area, stride, 5), lossWithin: 1e-5, cosineAbove: 0.999999 },
    ]) {
      if (!seen) throw new Error('Expected a window, got none');
      const part = await (await transferObjective(engine, area, { ...targets, window: seen }))(
        cutOut(picture, seen).data,
      );
      expect(relativeError(part.loss, whole.loss)).toBeLessThan(lossWithin);
      expect(relativeError(part.terms.tv, whole.terms.tv)).toBeLessThan(1e-5);
      expect(relativeError(part.terms.pixels, whole.terms.pixels)).toBeLessThan(1e-5);
      const gradient = { width, height, data: new Float32Array(3 * width * height) };
      const size = { width: seen.right - seen.left, height: seen.bottom - seen.top };
      putInto(gradient, seen, { ...size, data: part.gradient });
      expect(cosine(gradient.data, whole.gradient)).toBeGreaterThan(cosineAbove);
    }
  });

  it.each(['relu3_1', 'relu4_1', 'relu5_1'])(
    'is about as large as is known of it before, and no larger, up to %s',
    (deepest) => {
      const stride = strideOf([deepest]);
      const uniform = uniformNumbers(7);
      for (let round = 0; round < 40; round++) {
        const [left = 0, top = 0, across = 0, down = 0] = Array.from({ length: 4 }, () => 90 * uniform());
        const region = { left, top, width: 5 + across, height: 5 + down };
        const inside = { width: 300 + round, height: 250 };
        const canvas = new Canvas(inside);
        const mask = { ...inside, data: coverage(region, inside.width, inside.height) };
        const window = windowAround(canvas.placeMask(mask), stride);
        const around = window ?? { left: 0, top: 0, right: canvas.width, bottom: canvas.height };
        const size = { width: around.right - around.left, height: around.bottom - around.top };
        // One graph serves all windows, and the poolings of each see the same pixels together as those of the canvas.
        expect([size.width % 16, size.height % 16]).toEqual([0, 0]);
        expect([around.left % stride, around.top % stride]).toEqual([0, 0]);
        for (const boxes of [[region], [boxOf(mask)]]) {
          const known = windowSize(canvas, boxes, stride);
          // A window that is nearly the whole picture is the whole.
          if (known.width === canvas.width && known.height === canvas.height) continue;
          const [widths, heights] = [known.width - size.width, known.height - size.height];
          expect([widths, heights].every((more) => more >= 0 && more <= 48)).toBe(true);
        }
      }
      const canvas = { width: 512, height: 512 };
      expect(windowSize(canvas, undefined, stride)).toEqual(canvas);
    },
  );

  it('is left out where it is nearly the whole picture', () => {
    const everywhere = { width, height, data: new Float32Array(width * height).fill(1) };
    expect(windowAround(everywhere, 1)).toBeUndefined();
  });
});
