import { describe, expect, it } from 'vitest';
import { Adam } from '../../../src/transfer/optimizers/adam.js';
import {
  brokenBeyond,
  counted,
  descend,
  type KnownFunction,
  quadratic,
  rosenbrock,
  rosenbrockStart,
} from './known-functions.js';

describe('Adam', () => {
  it.each<[string, KnownFunction, Float32Array, number]>([
    ['a quadratic of condition 1000', quadratic(50, 1e3), new Float32Array(50), 2000],
    ["Rosenbrock's valley", rosenbrock, rosenbrockStart(2), 8000],
    ["Rosenbrock's valley in 20 dimensions", rosenbrock, rosenbrockStart(20), 20_000],
  ])('finds the minimum of %s', async (_name, known, start, steps) => {
    const optimizer = new Adam(counted(known).objective, start);
    await descend(optimizer, steps, 1e-5);
    expect(optimizer.best.evaluation?.loss).toBeLessThan(1e-4);
    for (const value of optimizer.best.point) expect(value).toBeCloseTo(1, 1);
  });

  it('moves every variable by the learning rate at first, as its authors say', async () => {
    const optimizer = new Adam(counted(quadratic(3, 100)).objective, new Float32Array(3), { learningRate: 0.125 });
    await optimizer.step();
    await optimizer.step();
    for (const value of optimizer.best.point) expect(value).toBeCloseTo(0.125, 6);
  });

  it('has as its best the lowest point that it met, though its path may rise', async () => {
    const valley = counted(rosenbrock);
    const optimizer = new Adam(valley.objective, rosenbrockStart(4), { learningRate: 0.5 });
    expect(optimizer.best).toEqual({ point: rosenbrockStart(4), evaluation: undefined });
    const { losses, evaluations } = await descend(optimizer, 40);
    expect(losses.some((loss, i) => loss > (losses[i - 1] ?? loss))).toBe(true);
    expect(optimizer.best.evaluation?.loss).toBe(Math.min(...losses));
    expect(rosenbrock(optimizer.best.point)).toEqual(optimizer.best.evaluation);
    expect(evaluations).toBe(valley.evaluations);
  });

  it('leaves the starting point to its owner', async () => {
    const start = rosenbrockStart(4);
    const optimizer = new Adam(counted(rosenbrock).objective, start);
    const other = new Adam(counted(rosenbrock).objective, rosenbrockStart(4));
    await descend(optimizer, 5);
    expect(start).toEqual(rosenbrockStart(4));
    start.fill(7);
    await descend(optimizer, 5);
    await descend(other, 10);
    expect(optimizer.best).toEqual(other.best);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('comes back from where the function is %d', async (value) => {
    const broken = brokenBeyond(1, value, quadratic(2, 10));
    const optimizer = new Adam(counted(broken).objective, new Float32Array(2), { learningRate: 0.4 });
    const { losses, outcomes } = await descend(optimizer, 100);
    expect(outcomes).toContain('recovered');
    expect(losses.every(Number.isFinite)).toBe(true);
    expect(Math.hypot(...optimizer.best.point)).toBeLessThanOrEqual(1);
    expect(Math.hypot(...optimizer.best.point)).toBeGreaterThan(0.9);
    expect(optimizer.best.evaluation?.loss).toBe(Math.min(...losses));
  });

  it('refuses to start where the function is not finite', async () => {
    for (const known of [
      () => ({ loss: Number.NaN, gradient: new Float32Array(2) }),
      () => ({ loss: 1, gradient: Float32Array.of(0, Number.NEGATIVE_INFINITY) }),
    ]) {
      const optimizer = new Adam(counted(known).objective, new Float32Array(2));
      await expect(optimizer.step()).rejects.toMatchObject({ domain: 'optimizer', code: 'not-finite' });
    }
  });

  it('stays at a minimum', async () => {
    const optimizer = new Adam(counted(rosenbrock).objective, new Float32Array(4).fill(1));
    await descend(optimizer, 5);
    expect(optimizer.best).toMatchObject({ point: new Float32Array(4).fill(1), evaluation: { loss: 0 } });
  });

  it('is unharmed by a function that throws', async () => {
    const uninterrupted = new Adam(counted(rosenbrock).objective, rosenbrockStart(4));
    await descend(uninterrupted, 10);
    let evaluations = 0;
    const optimizer = new Adam(async (point) => {
      if (++evaluations === 6) throw new Error('stopped');
      return rosenbrock(point);
    }, rosenbrockStart(4));
    await descend(optimizer, 5);
    const before = { point: optimizer.best.point.slice(), evaluation: optimizer.best.evaluation };
    await expect(optimizer.step()).rejects.toThrow('stopped');
    expect(optimizer.best).toEqual(before);
    await descend(optimizer, 5);
    expect(optimizer.best).toEqual(uninterrupted.best);
  });

  it('refuses options that make no sense', () => {
    for (const options of [
      { learningRate: 0 },
      { learningRate: Number.NaN },
      { learningRate: Number.POSITIVE_INFINITY },
      { beta1: 1 },
      { beta1: -0.1 },
      { beta2: 1 },
      { beta2: Number.NaN },
    ]) {
      const [[name, value] = []] = Object.entries(options);
      const making = () => new Adam(counted(rosenbrock).objective, rosenbrockStart(2), options);
      expect(making).toThrow(RangeError);
      expect(making).toThrow(`Expected \`${name}\` to be a number`);
      expect(making).toThrow(`got ${value}`);
    }
  });
});
