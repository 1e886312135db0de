import { describe, expect, it } from 'vitest';
import { uniformNumbers } from '../../../src/random-numbers.js';
import { type LinePoint, strongWolfe, wolfeDefaults } from '../../../src/transfer/optimizers/line-search.js';

type Curve = (step: number) => { readonly loss: number; readonly slope: number };

async function search(curve: Curve, firstStep: number) {
  const at = (step: number): LinePoint => {
    const { loss, slope } = curve(step);
    return { step, evaluation: { loss, gradient: new Float32Array() }, slope };
  };
  const start = at(0);
  const result = await strongWolfe(async (step) => at(step), start, firstStep);
  return { ...result, start };
}

function expectStrongWolfe(accepted: LinePoint | undefined, start: LinePoint) {
  if (!accepted) throw new Error('nothing was accepted');
  const { sufficientDecrease, curvature } = wolfeDefaults;
  expect(accepted.evaluation.loss).toBeLessThanOrEqual(
    start.evaluation.loss + sufficientDecrease * accepted.step * start.slope,
  );
  expect(Math.abs(accepted.slope)).toBeLessThanOrEqual(curvature * Math.abs(start.slope));
}

const parabola: Curve = (step) => ({ loss: (step - 1) ** 2, slope: 2 * (step - 1) });

describe('the line search', () => {
  it.each([1e-6, 1e-3, 0.5, 1, 1.9, 50, 1e6])(
    'satisfies the strong Wolfe conditions from a first step of %d',
    async (first) => {
      const { accepted, start, evaluations, metNonFinite } = await search(parabola, first);
      expectStrongWolfe(accepted, start);
      expect(evaluations).toBeLessThanOrEqual(wolfeDefaults.maxEvaluations);
      expect(metNonFinite).toBe(false);
    },
  );

  it('takes the first step where it is good', async () => {
    expect(await search(parabola, 1)).toMatchObject({ accepted: { step: 1 }, evaluations: 1 });
  });

  it('satisfies them on wavy curves, and never takes a higher loss', async () => {
    const uniform = uniformNumbers(5);
    for (let example = 0; example < 200; example++) {
      const waves = Array.from({ length: 3 }, () => ({
        height: uniform(),
        pace: 8 * uniform(),
        phase: 6.28 * uniform(),
      }));
      const at: Curve = (step) => ({
        loss:
          0.5 * step ** 2 +
          waves.reduce((sum, { height, pace, phase }) => sum + height * Math.sin(pace * step + phase), 0),
        slope:
          step + waves.reduce((sum, { height, pace, phase }) => sum + height * pace * Math.cos(pace * step + phase), 0),
      });
      const downhill = at(0).slope < 0 ? 1 : -1;
      const curve: Curve = (step) => {
        const { loss, slope } = at(downhill * step);
        return { loss, slope: downhill * slope };
      };
      const { accepted, start } = await search(curve, 10 ** (4 * uniform() - 3));
      expectStrongWolfe(accepted, start);
    }
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'comes back from where the curve is %d, and says that it was there',
    async (value) => {
      const broken: Curve = (step) => (step > 1.2 ? { loss: value, slope: value } : parabola(step));
      const { accepted, start, metNonFinite } = await search(broken, 1000);
      expectStrongWolfe(accepted, start);
      expect(metNonFinite).toBe(true);
    },
  );

  it('takes the lowest point that it met where the curve falls for ever', async () => {
    const falling: Curve = (step) => ({ loss: -step, slope: -1 });
    const { accepted, evaluations } = await search(falling, 1);
    expect(evaluations).toBe(wolfeDefaults.maxEvaluations);
    expect(accepted?.step).toBeGreaterThan(1e5);
  });

  it('finds nothing where nothing is lower, and gives up in time', async () => {
    const { accepted, evaluations } = await search((step) => ({ loss: step === 0 ? 1 : 1 + 1e-9, slope: -1 }), 1);
    expect(accepted).toBeUndefined();
    expect(evaluations).toBeLessThanOrEqual(wolfeDefaults.maxEvaluations);
  });
});
