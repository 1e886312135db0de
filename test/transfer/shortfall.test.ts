import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine/engine.js';
import { engineError } from '../../src/engine/engine-error.js';
import { openEngine } from '../../src/engine/open-engine.js';
import type { RgbImage } from '../../src/imaging/rgb-image.js';
import type { TransferProgress } from '../../src/transfer/coarse-to-fine.js';
import { singleStyle } from '../../src/transfer/pictures.js';
import { styleTransfer } from '../../src/transfer/style-transfer.js';
import { texture } from '../../src/transfer/texture.js';
import type { TransferOptions } from '../../src/transfer/transfer-options.js';
import { runToEnd } from '../../src/works/run-to-end.js';
import { failing, withMemoryFor } from '../compute/scarce-memory.js';
import { gradient, mosaic } from '../imaging/test-pictures.js';

describe('a transfer that fails at a finer scale', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openEngine({ threads: 1 });
  });
  afterAll(() => engine.dispose());

  /** Paints at 64, 128 and 256 pixels, with three epochs each, and without what finishes the last picture. */
  const transfer = async (with_: Engine, options: TransferOptions = {}) => {
    const steps: TransferProgress[] = [];
    const result = await runToEnd(
      styleTransfer(
        with_,
        { content: gradient(96, 64), styles: singleStyle(mosaic(80, 70)) },
        { size: 256, scaleEpochs: [3, 3, 3], weights: { pixels: 0 }, ...options },
      ),
      (step) => void steps.push(step),
    );
    return { ...result, steps, widths: [...new Set(steps.map(({ width }) => width))] };
  };

  it('goes on at a size in between where there is no memory for the scale', async () => {
    const { picture, shortfall, widths, epochs, loss } = await transfer(withMemoryFor(engine, 256));
    expect(shortfall).toMatchObject({ asked: 256, made: 176, error: { code: 'out-of-memory' } });
    expect([picture.width, picture.height]).toEqual([176, 118]);
    expect(widths).toEqual([64, 128, 176]);
    expect(epochs).toBe(9);
    expect(loss?.total).toBeGreaterThan(0);
  });

  it('keeps the coarser picture where there is no memory for that either', async () => {
    const { picture, shortfall, steps } = await transfer(withMemoryFor(engine, 170));
    expect(shortfall).toMatchObject({ asked: 256, made: 128 });
    expect(picture).toEqual(steps.at(-1)?.picture());
    expect(steps).toHaveLength(6);
  });

  it.each([
    ['an engine that fails', engineError('failed', 'ONNX Runtime failed: illegal instruction.')],
    ['what nobody foresaw', new TypeError('x is not a function')],
  ])('keeps the coarser picture, without another attempt: %s', async (_what, error) => {
    let attempts = 0;
    const isDoomed = ({ width }: RgbImage) => width >= 128 && ++attempts > 0;
    const { picture, shortfall, loss, steps } = await transfer(failing(engine, error, isDoomed));
    expect(shortfall).toEqual({ asked: 256, made: 64, error });
    expect(attempts).toBe(1);
    expect(picture).toEqual(steps.at(-1)?.picture());
    expect(loss).toEqual(steps.at(-1)?.loss);
  });

  it.each(['lbfgs', 'adam'] as const)('keeps the finer picture once it has an epoch: %s', async (optimizer) => {
    let evaluations = 0;
    // L-BFGS evaluates twice in its first epoch, Adam once: before the third evaluation there is an epoch.
    const isDoomed = ({ width }: RgbImage) => width >= 256 && ++evaluations > 2;
    const error = engineError('out-of-memory', 'OOM when allocating a tensor.');
    const { picture, shortfall, steps } = await transfer(failing(engine, error, isDoomed), { optimizer });
    expect(shortfall).toEqual({ asked: 256, made: 256, error });
    expect(steps.at(-1)).toMatchObject({ width: 256 });
    expect(steps.length).toBeLessThan(9);
    expect(picture.width).toBe(256);
  });

  it('throws where nothing was painted yet', async () => {
    await expect(transfer(withMemoryFor(engine, 64))).rejects.toMatchObject({ code: 'out-of-memory' });
  });

  it('holds for textures, whose tiles stay seamless', async () => {
    const { picture, shortfall } = await runToEnd(
      texture(withMemoryFor(engine, 250), mosaic(80, 70), { size: 256, epochs: 4, tile: true }),
      () => {},
    );
    expect(shortfall).toMatchObject({ asked: 256, made: 176 });
    expect(picture.width).toBe(176);
  });
});
