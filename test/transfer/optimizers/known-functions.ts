import type { Evaluation, Objective, Optimizer, Step } from '../../../src/transfer/optimizers/optimizer.js';

/** A function of vectors with a known minimum of 0, which returns loss and gradient. */
export type KnownFunction = (point: Float32Array) => Evaluation;

/** Returns ½ Σ cᵢ (xᵢ − 1)², with curvatures from 1 to `condition` whose logarithms are evenly spaced. */
export function quadratic(variables: number, condition: number): KnownFunction {
  const curvatures = Array.from({ length: variables }, (_, i) => condition ** (i / (variables - 1)));
  return (point) => {
    let loss = 0;
    const gradient = new Float32Array(variables);
    for (const [i, curvature] of curvatures.entries()) {
      const distance = (point[i] ?? Number.NaN) - 1;
      loss += 0.5 * curvature * distance ** 2;
      gradient[i] = curvature * distance;
    }
    return { loss, gradient };
  };
}

/** Rosenbrock's curved valley, Σ 100 (xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)², with its minimum of 0 at (1, …, 1). */
export const rosenbrock: KnownFunction = (point) => {
  let loss = 0;
  const gradient = new Float64Array(point.length);
  for (let i = 0; i + 1 < point.length; i++) {
    const [x, next] = [point[i] ?? Number.NaN, point[i + 1] ?? Number.NaN];
    const off = next - x * x;
    loss += 100 * off ** 2 + (1 - x) ** 2;
    gradient[i] = (gradient[i] ?? 0) - 400 * x * off - 2 * (1 - x);
    gradient[i + 1] = 200 * off;
  }
  return { loss, gradient: Float32Array.from(gradient) };
};

/** Returns the usual starting point for Rosenbrock's valley: −1.2, 1, −1.2, 1, … */
export function rosenbrockStart(variables: number): Float32Array {
  return Float32Array.from({ length: variables }, (_, i) => (i % 2 === 0 ? -1.2 : 1));
}

/** Returns the function `inside` a ball around the origin; outside of it, loss and gradient are `value`. */
export function brokenBeyond(radius: number, value: number, inside: KnownFunction): KnownFunction {
  return (point) => {
    const distance = Math.sqrt(point.reduce((sum, x) => sum + x * x, 0));
    return distance > radius ? { loss: value, gradient: point.map(() => value) } : inside(point);
  };
}

/** The course of an optimisation: losses and outcomes of its steps, and how many evaluations it took. */
export interface Descent {
  readonly losses: readonly number[];
  readonly outcomes: readonly Step['outcome'][];
  readonly evaluations: number;
}

/** Turns a function into an objective for optimisers, and counts its evaluations. */
export function counted(of: KnownFunction): { objective: Objective; readonly evaluations: number } {
  let evaluations = 0;
  return {
    objective: async (point) => {
      evaluations++;
      return of(point);
    },
    get evaluations() {
      return evaluations;
    },
  };
}

/** Takes up to `steps` steps, until the loss is at most `enough` or the optimiser has converged. */
export async function descend(optimizer: Optimizer, steps: number, enough = 0): Promise<Descent> {
  const losses: number[] = [];
  const outcomes: Step['outcome'][] = [];
  let evaluations = 0;
  for (let step = 0; step < steps; step++) {
    const result = await optimizer.step();
    losses.push(result.evaluation.loss);
    outcomes.push(result.outcome);
    evaluations += result.evaluations;
    if (result.outcome === 'converged' || result.evaluation.loss <= enough) break;
  }
  return { losses, outcomes, evaluations };
}
