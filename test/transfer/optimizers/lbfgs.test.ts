import { describe, expect, it } from 'vitest';
import { normalNumbers } from '../../../src/random-numbers.js';
import { Lbfgs, lbfgsBytes } from '../../../src/transfer/optimizers/lbfgs.js';
import {
  brokenBeyond,
  counted,
  descend,
  type KnownFunction,
  quadratic,
  rosenbrock,
  rosenbrockStart,
} from './known-functions.js';

describe('L-BFGS', () => {
  it.each<[string, KnownFunction, Float32Array, number]>([
    ['a quadratic of condition 1000', quadratic(50, 1e3), new Float32Array(50), 300],
    ['a quadratic far away', quadratic(50, 1e3), new Float32Array(50).fill(-200), 400],
    ["Rosenbrock's valley", rosenbrock, rosenbrockStart(2), 80],
    ["Rosenbrock's valley in 20 dimensions", rosenbrock, rosenbrockStart(20), 250],
  ])('finds the minimum of %s, always going down', async (_name, known, start, most) => {
    const { objective } = counted(known);
    const optimizer = new Lbfgs(objective, start);
    const { losses, evaluations } = await descend(optimizer, most, 1e-9);
    expect(losses.at(-1)).toBeLessThan(1e-8);
    expect(evaluations).toBeLessThanOrEqual(most);
    for (const [i, loss] of losses.entries())
      expect(loss).toBeLessThanOrEqual(losses[i - 1] ?? Number.POSITIVE_INFINITY);
    for (const value of optimizer.best.point) expect(value).toBeCloseTo(1, 3);
  });

  it.each([-40, -20, 10, 20, 40])(
    'takes the same way whatever unit the loss has, 2^%d times as large',
    async (exponent) => {
      const unit = 2 ** exponent;
      const inUnits: KnownFunction = (point) => {
        const { loss, gradient } = quadratic(50, 100)(point);
        return { loss: unit * loss, gradient: gradient.map((value) => unit * value) };
      };
      const plain = await descend(new Lbfgs(counted(quadratic(50, 100)).objective, new Float32Array(50)), 200, 1e-6);
      const scaled = await descend(new Lbfgs(counted(inUnits).objective, new Float32Array(50)), 200, unit * 1e-6);
      expect(scaled.losses.at(-1)).toBeLessThan(unit * 1e-6);
      expect(scaled.evaluations).toBeLessThan(1.2 * plain.evaluations);
    },
  );

  it('takes hardly more than one evaluation a step', async () => {
    const { evaluations, losses } = await descend(
      new Lbfgs(counted(quadratic(200, 1e3)).objective, new Float32Array(200)),
      60,
    );
    expect(evaluations).toBeLessThan(1.5 * losses.length);
  });

  it.each([0.25, 1, 1.5])('tries %d of the step that is expected first, in every search', async (learningRate) => {
    const tried: number[] = [];
    // All curvatures are 1, so that one pair of steps and gradients is enough to know them.
    const known = quadratic(3, 1);
    const objective = async (point: Float32Array) => {
      tried.push(point[0] ?? Number.NaN);
      return known(point);
    };
    const optimizer = new Lbfgs(objective, new Float32Array(3), { learningRate, firstStepRms: 0.2 });
    await optimizer.step();
    expect(tried[1]).toBeCloseTo(0.2 * learningRate, 6);
    const [begin = Number.NaN] = optimizer.best.point;
    tried.length = 0;
    await optimizer.step();
    expect(tried[0]).toBeCloseTo(begin + learningRate * (1 - begin), 5);
  });

  it.each(['learningRate', 'firstStepRms'])('refuses a %s that is none', (name) => {
    for (const value of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      const create = () => new Lbfgs(counted(rosenbrock).objective, rosenbrockStart(2), { [name]: value });
      expect(create).toThrow(new RangeError(`Expected \`${name}\` to be a number above 0, got ${value}`));
    }
  });

  it('counts every evaluation', async () => {
    const valley = counted(rosenbrock);
    const { evaluations } = await descend(new Lbfgs(valley.objective, rosenbrockStart(20)), 30);
    expect(evaluations).toBe(valley.evaluations);
  });

  it('has as its best what its steps return, and what the function gives there', async () => {
    const optimizer = new Lbfgs(counted(rosenbrock).objective, rosenbrockStart(4));
    expect(optimizer.best).toEqual({ point: rosenbrockStart(4), evaluation: undefined });
    for (let step = 0; step < 20; step++) {
      const { evaluation } = await optimizer.step();
      expect(optimizer.best.evaluation).toBe(evaluation);
      expect(rosenbrock(optimizer.best.point)).toEqual(evaluation);
    }
  });

  it('leaves the starting point to its owner', async () => {
    const start = rosenbrockStart(4);
    const [mine, theirs] = [counted(rosenbrock), counted(rosenbrock)];
    const optimizer = new Lbfgs(mine.objective, start);
    const other = new Lbfgs(theirs.objective, rosenbrockStart(4));
    await descend(optimizer, 5);
    expect(start).toEqual(rosenbrockStart(4));
    start.fill(7);
    await descend(optimizer, 5);
    await descend(other, 10);
    expect(optimizer.best).toEqual(other.best);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('comes back from where the function is %d', async (value) => {
    // Start and minimum of the valley lie just inside of the ball, its sides outside.
    const optimizer = new Lbfgs(counted(brokenBeyond(1.6, value, rosenbrock)).objective, rosenbrockStart(2));
    const { losses, outcomes } = await descend(optimizer, 100, 1e-9);
    expect(outcomes).toContain('recovered');
    expect(losses.every(Number.isFinite)).toBe(true);
    expect(losses.at(-1)).toBeLessThan(1e-8);
    expect(Math.hypot(...optimizer.best.point)).toBeLessThanOrEqual(1.6);
  });

  it('ends at the best point that is finite where the minimum lies beyond', async () => {
    const known = quadratic(2, 10);
    const optimizer = new Lbfgs(counted(brokenBeyond(1, Number.NaN, known)).objective, new Float32Array(2));
    const outcomes: string[] = [];
    let lowest = Number.POSITIVE_INFINITY;
    for (let step = 0; step < 40; step++) {
      const { evaluation, outcome } = await optimizer.step();
      outcomes.push(outcome);
      expect(evaluation.loss).toBeLessThanOrEqual(lowest);
      expect(optimizer.best.evaluation).toBe(evaluation);
      expect(known(optimizer.best.point)).toEqual(evaluation);
      lowest = evaluation.loss;
    }
    expect(outcomes).toContain('recovered');
    expect(Math.hypot(...optimizer.best.point)).toBeGreaterThan(0.95);
    expect(Math.hypot(...optimizer.best.point)).toBeLessThanOrEqual(1);
  });

  it('takes an earlier trial where the later ones led nowhere, and goes on from there', async () => {
    const known = quadratic(2, 1);
    let end = 0.011;
    const optimizer = new Lbfgs(async (point) => {
      const isBeyond = point.some((value) => value > end);
      return isBeyond ? { loss: Number.NaN, gradient: new Float32Array(2) } : known(point);
    }, new Float32Array(2));
    const { evaluation, evaluations, outcome } = await optimizer.step();
    expect(outcome).toBe('recovered');
    expect(evaluations).toBeGreaterThan(4);
    for (const value of optimizer.best.point) expect(value > 0 && value <= end).toBe(true);
    expect(known(optimizer.best.point)).toEqual(evaluation);
    end = Number.POSITIVE_INFINITY;
    expect((await optimizer.step()).evaluation.loss).toBeLessThan(evaluation.loss);
  });

  it('remembers fewer steps where a history of them would be too large: memory for 4096² is bounded', () => {
    const [small, large] = [3 * 544 ** 2, 3 * 4128 ** 2];
    const vectors = 6 * 4;
    expect(lbfgsBytes(small, 10) / small).toBeCloseTo(vectors + 22 * (1 + 4 / 64), 2);
    expect(lbfgsBytes(large, 10) - vectors * large).toBeLessThan(700e6);
    expect(lbfgsBytes(large, 10)).toBe(lbfgsBytes(large, 100));
  });

  it('notices a gradient that is not finite where the loss is', async () => {
    const overflowing: KnownFunction = (point) => {
      const { loss, gradient } = rosenbrock(point);
      return { loss, gradient: Math.hypot(...point) > 1.6 ? gradient.fill(Number.NaN, 1) : gradient };
    };
    const optimizer = new Lbfgs(counted(overflowing).objective, rosenbrockStart(2));
    const { outcomes } = await descend(optimizer, 100, 1e-9);
    expect(outcomes).toContain('recovered');
    expect(optimizer.best.evaluation?.loss).toBeLessThan(1e-8);
  });

  it.each<[string, KnownFunction]>([
    ['NaN', () => ({ loss: Number.NaN, gradient: new Float32Array(2) })],
    ['infinite', () => ({ loss: Number.POSITIVE_INFINITY, gradient: new Float32Array(2) })],
    ['of a gradient that is NaN', () => ({ loss: 1, gradient: Float32Array.of(0, Number.NaN) })],
  ])('refuses to start where the function is %s', async (_name, known) => {
    const optimizer = new Lbfgs(counted(known).objective, new Float32Array(2));
    await expect(optimizer.step()).rejects.toMatchObject({ domain: 'optimizer', code: 'not-finite' });
    expect(optimizer.best).toEqual({ point: new Float32Array(2), evaluation: undefined });
  });

  it('has converged at a minimum, however often it is asked', async () => {
    const optimizer = new Lbfgs(counted(rosenbrock).objective, new Float32Array(4).fill(1));
    for (let step = 0; step < 2; step++) {
      expect(await optimizer.step()).toMatchObject({ outcome: 'converged', evaluation: { loss: 0 } });
    }
    expect(optimizer.best.point).toEqual(new Float32Array(4).fill(1));
  });

  it('has converged where rounding allows no further decrease', async () => {
    // In single precision, 1000 + x² stands still long before its gradient is zero.
    const rounded: KnownFunction = (point) => {
      const { loss, gradient } = quadratic(8, 10)(point);
      return { loss: Math.fround(1000 + loss), gradient };
    };
    const { outcomes } = await descend(new Lbfgs(counted(rounded).objective, new Float32Array(8)), 100);
    expect(outcomes.at(-1)).toBe('converged');
    expect(outcomes.length).toBeLessThan(30);
  });

  it('is unharmed by a function that throws, wherever it does', async () => {
    const uninterrupted = new Lbfgs(counted(rosenbrock).objective, rosenbrockStart(20));
    const { losses } = await descend(uninterrupted, 25);
    for (const failing of [1, 2, 3, 10, 11, 20]) {
      let evaluations = 0;
      const optimizer = new Lbfgs(async (point) => {
        if (++evaluations === failing) throw new Error('stopped');
        return rosenbrock(point);
      }, rosenbrockStart(20));
      let failures = 0;
      const reached: number[] = [];
      for (let step = 0; step < 26; step++) {
        const before = { point: optimizer.best.point.slice(), evaluation: optimizer.best.evaluation };
        try {
          reached.push((await optimizer.step()).evaluation.loss);
        } catch (error) {
          expect(error).toEqual(new Error('stopped'));
          expect(optimizer.best.point).toEqual(before.point);
          if (before.evaluation) expect(optimizer.best.evaluation).toBe(before.evaluation);
          failures++;
        }
      }
      expect(failures).toBe(1);
      expect(reached).toEqual(losses);
    }
  });

  it('goes down where the function is curved downwards, too', async () => {
    // Descends from near the top of a cosine, where it is curved downwards, to its minimum of −1 a variable.
    const hilly: KnownFunction = (point) => ({
      loss: point.reduce((sum, x) => sum + Math.cos(x), 0),
      gradient: point.map((x) => -Math.sin(x)),
    });
    const normal = normalNumbers(3);
    const start = Float32Array.from({ length: 30 }, () => 0.1 * normal());
    const { losses } = await descend(new Lbfgs(counted(hilly).objective, start), 60, -30 + 1e-5);
    expect(losses.at(-1)).toBeLessThan(-30 + 1e-4);
    for (const [i, loss] of losses.entries())
      expect(loss).toBeLessThanOrEqual(losses[i - 1] ?? Number.POSITIVE_INFINITY);
  });

  it('needs a history of whole pairs', () => {
    for (const history of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => new Lbfgs(counted(rosenbrock).objective, rosenbrockStart(2), { history })).toThrow(
        new RangeError(`Expected \`history\` to be a whole number from 1 up, got ${history}`),
      );
    }
  });

  it('gets by with a history of one', async () => {
    const optimizer = new Lbfgs(counted(quadratic(50, 1e3)).objective, new Float32Array(50), { history: 1 });
    expect((await descend(optimizer, 400, 1e-7)).losses.at(-1)).toBeLessThan(1e-6);
  });
});
