import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../src/engine/engine.js';
import { openEngine } from '../../../src/engine/open-engine.js';
import { cutOut, putInto } from '../../../src/engine/pieces/planes.js';
import { uniformNumbers } from '../../../src/random-numbers.js';
import type { Mask } from '../../../src/transfer/area/mask.js';
import { coverage } from '../../../src/transfer/area/region.js';
import { windowAround } from '../../../src/transfer/area/window.js';
import { boxOf, windowSize } from '../../../src/transfer/area/window-size.js';
import { Canvas } from '../../../src/transfer/canvas.js';
import { type TransferTargets, transferObjective } from '../../../src/transfer/objective.js';
import { defaultLayers } from '../../../src/transfer/transfer-layers.js';
import { noisePicture, wavyPicture } from '../../engine/random-pictures.js';
import { cosine, relativeError } from '../../numbers.js';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine({ network: 'vgg19-lite', threads: 1 });
});
afterAll(() => engine.dispose());

const [width, height] = [352, 288];

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
  it.each<[string, Partial<TransferTargets>]>([
    ['Gram matrices', {}],
    ['moments, and protection', { statistic: 'moments', protect: 0.6 }],
  ])(
    'has nearly the loss and gradient of the whole, and exactly with all that layers see, with %s',
    async (_what, options) => {
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
      for (const { halo, window, lossWithin, cosineAbove } of [
        { halo: 80, window: { left: 0, top: 16, right: 192, bottom: 240 }, lossWithin: 1e-5, cosineAbove: 0.999999 },
        {
          halo: undefined,
          window: { left: 0, top: 64, right: 144, bottom: 192 },
          lossWithin: 0.02,
          cosineAbove: 0.999,
        },
      ]) {
        expect(windowAround(area, halo)).toEqual(window);
        const part = await (await transferObjective(engine, area, { ...targets, window }))(
          cutOut(picture, window).data,
        );
        expect(relativeError(part.loss, whole.loss)).toBeLessThan(lossWithin);
        expect(relativeError(part.terms.tv, whole.terms.tv)).toBeLessThan(1e-5);
        expect(relativeError(part.terms.pixels, whole.terms.pixels)).toBeLessThan(1e-5);
        const gradient = { width, height, data: new Float32Array(3 * width * height) };
        const size = { width: window.right - window.left, height: window.bottom - window.top };
        putInto(gradient, window, { ...size, data: part.gradient });
        expect(cosine(gradient.data, whole.gradient)).toBeGreaterThan(cosineAbove);
      }
    },
  );

  it('is about as large as is known of it before, and no larger', () => {
    const uniform = uniformNumbers(7);
    for (let round = 0; round < 40; round++) {
      const [left = 0, top = 0, across = 0, down = 0] = Array.from({ length: 4 }, () => 90 * uniform());
      const region = { left, top, width: 5 + across, height: 5 + down };
      const inside = { width: 300 + round, height: 250 };
      const canvas = new Canvas(inside);
      const mask = { ...inside, data: coverage(region, inside.width, inside.height) };
      const around = windowAround(canvas.placeMask(mask)) ?? {
        left: 0,
        top: 0,
        right: canvas.width,
        bottom: canvas.height,
      };
      for (const boxes of [[region], [boxOf(mask)]]) {
        const known = windowSize(canvas, boxes);
        const [widths, heights] = [
          known.width - (around.right - around.left),
          known.height - (around.bottom - around.top),
        ];
        // A window that is nearly the whole picture is the whole.
        if (known.width === canvas.width && known.height === canvas.height) continue;
        expect([widths, heights].every((more) => more >= 0 && more <= 48)).toBe(true);
      }
    }
    expect(windowSize({ width: 512, height: 512 })).toEqual({ width: 512, height: 512 });
  });

  it('is left out where it is nearly the whole picture', () => {
    const everywhere = { width, height, data: new Float32Array(width * height).fill(1) };
    expect(windowAround(everywhere)).toBeUndefined();
  });
});
