import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine/engine.js';
import { openEngine } from '../../src/engine/open-engine.js';
import { decodePicture } from '../../src/imaging/decode.js';
import { packageRoot } from '../../src/package-root.js';
import { FixedStepLbfgs } from '../../tools/divergence/fixed-step-lbfgs.js';
import { follow, type Setting, type Variant } from '../../tools/divergence/runs.js';
import { counted, descend, quadratic } from './optimizers/known-functions.js';

// These tests repeat the measurements of docs/divergence.md at a quarter of their size.
describe('an optimisation with clamped pixels and steps of fixed length', () => {
  let engine: Engine;
  let setting: Setting;
  beforeAll(async () => {
    engine = await openEngine({ network: 'vgg19-lite', threads: 1 });
    const picture = async (file: string) =>
      (await decodePicture(await readFile(join(packageRoot(), file)), { maxSide: 256 })).image;
    const [content, style] = [await picture('examples/astronaut.jpg'), await picture('presets/dragonfire.jpg')];
    setting = { content, style, size: 64, weights: { content: 1, style: 1, pixels: 0, tv: 0.02 } };
  });
  afterAll(() => engine.dispose());

  const losses = async (variant: Variant) =>
    (await follow(engine, setting, variant, 100)).points.map(({ loss }) => loss);

  it('goes astray, where the safeguarded one never rises and ends lower than the other ever was', async () => {
    const astray = await losses('clamping, fixed step');
    const lowest = astray.indexOf(Math.min(...astray));
    expect(Math.max(...astray.slice(lowest))).toBeGreaterThan(2 * (astray[lowest] ?? 0));

    const safe = await losses('safeguarded');
    expect(safe).toEqual(safe.toSorted((a, b) => b - a));
    expect(safe.at(-1)).toBeLessThan(0.95 * (astray[lowest] ?? 0));
  });

  it('is not to blame on a broken optimiser: without bounds in its way it finds a minimum', async () => {
    const start = new Float32Array(50);
    const { losses: reached } = await descend(new FixedStepLbfgs(counted(quadratic(50, 10)).objective, start), 60);
    expect(reached.at(-1)).toBeLessThan(1e-8);
  });
});
