import type { Evaluation, Objective, Optimizer, Step } from '../../src/transfer/optimizers/optimizer.js';

/** Options of {@link FixedStepLbfgs}; the defaults are PyTorch's. */
export interface FixedStepLbfgsOptions {
  /** Number of pairs that are remembered: a step s, and the change y of the gradient over it. */
  readonly history?: number;
  readonly learningRate?: number;
  /** Whether the point is forced into [0, 1] before every evaluation without the optimiser's knowledge. */
  readonly clamps?: boolean;
}

interface Pair {
  readonly s: Float32Array;
  readonly y: Float32Array;
  readonly sy: number;
}

/** The value that sᵀy must exceed for a pair to be kept, as in PyTorch. */
const smallestCurvature = 1e-10;

/**
 * L-BFGS as torch.optim.LBFGS does it without a line search: it steps along −H·∇f by the learning rate, whether or not
 * that helps; the first step is min(1, 1/‖∇f‖₁) times as long. PyTorch's tolerances, at which it stops by itself, are
 * left out.
 *
 * This optimiser is not for use: docs/divergence.md shows how it goes astray.
 */
export class FixedStepLbfgs<E extends Evaluation = Evaluation> implements Optimizer<E> {
  readonly #objective: Objective<E>;
  readonly #history: number;
  readonly #learningRate: number;
  readonly #clamps: boolean;
  readonly #point: Float32Array;
  #pairs: Pair[] = [];
  /** The factor γ of H₀ = γ·I, the estimate of the inverse Hessian that the pairs refine. */
  #scale = 1;
  /** The last step as the optimiser believes it was; clamping may have changed it. */
  #step: Float32Array | undefined;
  #gradient: Float32Array | undefined;
  #evaluation: E | undefined;

  /** @param start - the point to begin at, which is copied. */
  constructor(
    objective: Objective<E>,
    start: Float32Array,
    { history = 100, learningRate = 1, clamps = false }: FixedStepLbfgsOptions = {},
  ) {
    this.#objective = objective;
    this.#history = history;
    this.#learningRate = learningRate;
    this.#clamps = clamps;
    this.#point = start.slice();
  }

  /** The point that was evaluated last: this optimiser keeps no better one. */
  get best() {
    return { point: this.#point, evaluation: this.#evaluation };
  }

  /** Moves the point, then evaluates it once. The first step only evaluates. */
  async step(): Promise<Step<E>> {
    if (this.#gradient) this.#move(this.#gradient);
    if (this.#clamps) clamp(this.#point);
    const evaluation = await this.#objective(this.#point);
    if (this.#gradient && this.#step) this.#learn(this.#step, evaluation.gradient, this.#gradient);
    this.#gradient = evaluation.gradient;
    this.#evaluation = evaluation;
    return { evaluation, evaluations: 1, outcome: 'progress' };
  }

  #move(gradient: Float32Array): void {
    const length = this.#step
      ? this.#learningRate
      : Math.min(1, 1 / gradient.reduce((sum, value) => sum + Math.abs(value), 0)) * this.#learningRate;
    const step = this.#direction(gradient);
    for (let i = 0; i < step.length; i++) {
      step[i] = length * (step[i] as number);
      this.#point[i] = (this.#point[i] as number) + (step[i] as number);
    }
    this.#step = step;
  }

  /** Returns −H·gradient, computed by the two-loop recursion. */
  #direction(gradient: Float32Array): Float32Array {
    const q = gradient.map((value) => -value);
    const alphas: number[] = [];
    for (const { s, y, sy } of this.#pairs.toReversed()) {
      const alpha = dot(s, q) / sy;
      alphas.push(alpha);
      addScaled(q, -alpha, y);
    }
    for (let i = 0; i < q.length; i++) q[i] = this.#scale * (q[i] as number);
    for (const { s, y, sy } of this.#pairs) addScaled(q, (alphas.pop() ?? 0) - dot(y, q) / sy, s);
    return q;
  }

  #learn(s: Float32Array, gradient: Float32Array, previousGradient: Float32Array): void {
    const y = gradient.map((value, i) => value - (previousGradient[i] as number));
    const sy = dot(s, y);
    if (!(sy > smallestCurvature)) return;
    this.#pairs.push({ s, y, sy });
    if (this.#pairs.length > this.#history) this.#pairs.shift();
    this.#scale = sy / dot(y, y);
  }
}

/** Forces the values of an array into [0, 1], and returns that array. */
export function clamp(point: Float32Array): Float32Array {
  for (let i = 0; i < point.length; i++) point[i] = Math.min(Math.max(point[i] as number, 0), 1);
  return point;
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function addScaled(target: Float32Array, factor: number, vector: Float32Array): void {
  for (let i = 0; i < target.length; i++) target[i] = (target[i] as number) + factor * (vector[i] as number);
}
