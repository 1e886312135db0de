import { describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine/engine.js';
import { collectGarbage } from '../../src/engine/pieces/collect-garbage.js';
import type { RgbImage } from '../../src/imaging/rgb-image.js';
import { type CoarseToFinePlan, coarseToFine, type TransferProgress } from '../../src/transfer/coarse-to-fine.js';
import type { TransferEvaluation } from '../../src/transfer/objective.js';
import { Lbfgs } from '../../src/transfer/optimizers/lbfgs.js';
import type { Objective } from '../../src/transfer/optimizers/optimizer.js';
import { fitToLongerSide } from '../../src/transfer/scales.js';

/** An engine that nobody asks for anything. */
const idle: Engine = {
  name: 'idle',
  network: { name: 'none', pooling: 'max', layers: [] },
  features: () => Promise.reject(new Error('Expected no call')),
  prepare: () => Promise.reject(new Error('Expected no call')),
  dispose: async () => {},
};

/** Tells how far a point is from 1, and lets others see its gradients, without holding them. */
function towardsOne(seen: (gradient: Float32Array) => void): Objective<TransferEvaluation> {
  const terms = { content: 0, style: 0, pixels: 0, tv: 0, temporal: 0, contentLayers: {}, styleLayers: {} };
  return async (point) => {
    const gradient = point.map((value) => 2 * (value - 1));
    seen(gradient);
    const loss = gradient.reduce((sum, value) => sum + value * value, 0) / 4;
    return { loss, gradient, terms: { ...terms, total: loss } };
  };
}

function grey({ width, height }: { readonly width: number; readonly height: number }): RgbImage {
  return { width, height, data: new Float32Array(3 * width * height).fill(0.5) };
}

/** Returns whether what a reference was made to is gone: it is kept until the current turn of the event loop ends. */
async function isGone(reference: WeakRef<object> | undefined): Promise<boolean> {
  await new Promise(setImmediate);
  collectGarbage();
  return reference?.deref() === undefined;
}

describe('a picture that is painted from coarse to fine', () => {
  const scales = [8, 16].map((side) => ({ ...fitToLongerSide({ width: 1, height: 1 }, side), epochs: 2 }));

  it('leaves nothing of a scale but its picture, also to who holds its progress', async () => {
    const optimizers: WeakRef<object>[] = [];
    const gone: boolean[] = [];
    const plan: CoarseToFinePlan = {
      scales,
      start: grey,
      work: async (_, { width, height }) => {
        gone.push(await isGone(optimizers.at(-1)));
        const surface = {
          place: (picture: RgbImage) => picture,
          cutOut: (data: Float32Array) => ({ width, height, data }),
        };
        return { surface, objective: towardsOne(() => {}) };
      },
      optimizer: (objective, start) => {
        const optimizer = new Lbfgs(objective, start);
        optimizers.push(new WeakRef(optimizer));
        return optimizer;
      },
    };
    const steps: TransferProgress[] = [];
    for await (const step of coarseToFine(idle, plan)) steps.push(step);
    expect(gone).toEqual([true, true]);
    expect([steps[0], steps.at(-1)].map((step) => step?.picture().width)).toEqual([8, 16]);
  });
});

describe('an optimiser', () => {
  it('holds no gradient but its own while the next point is evaluated', async () => {
    let first: WeakRef<Float32Array> | undefined;
    const gone: boolean[] = [];
    const objective = towardsOne((gradient) => {
      first ??= new WeakRef(gradient);
    });
    const optimizer = new Lbfgs(async (point) => {
      if (first) gone.push(await isGone(first));
      return objective(point);
    }, new Float32Array(4096).fill(0.25));
    await optimizer.step();
    await optimizer.step();
    expect(gone.length).toBeGreaterThan(0);
    expect(gone).not.toContain(false);
  });
});
