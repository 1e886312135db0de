import { type LinePoint, strongWolfe } from './line-search.js';
import { type Evaluation, NotFiniteError, type Objective, type Optimizer, type Step } from './optimizer.js';
import { addScaledThenDot, allFinite, differences, dot, norm, stepFrom } from './vector.js';

/** How {@link Lbfgs} works. */
export interface LbfgsOptions {
  /** How many (s, y) pairs are remembered, from 1 up: each costs two vectors. */
  readonly history?: number;
  /** The length of the very first step, as root mean square over the variables; the line search corrects it. */
  readonly firstStepRms?: number;
}

interface Pair {
  /** The step that was taken, x⁺ − x. */
  readonly s: Float32Array;
  /** How the gradient changed over it, ∇f⁺ − ∇f. */
  readonly y: Float32Array;
  /** 1 / sᵀy. */
  readonly rho: number;
  readonly sy: number;
  readonly yy: number;
}

/** Pairs whose curvature sᵀy is below this share of ‖s‖·‖y‖ would make the Hessian's estimate (nearly) singular. */
const curvatureGuard = 1e-8;

/**
 * Limited-memory BFGS (Nocedal 1980; Nocedal and Wright, algorithm 7.4 and 7.5) with a strong Wolfe line search.
 *
 * What makes it safe where the usual recipe for style transfer is not: the point is never changed behind its back (no
 * clamping between evaluations, which would falsify s and y); a pair without positive curvature is skipped; the line
 * search never accepts a higher or a non-finite loss; and when no step can be found, what was learned is forgotten and
 * the search starts anew from the best point, by steepest descent.
 */
export class Lbfgs<E extends Evaluation = Evaluation> implements Optimizer<E> {
  readonly #objective: Objective<E>;
  readonly #history: number;
  readonly #firstStepRms: number;
  readonly #pairs: Pair[] = [];
  readonly #direction: Float32Array;
  /** The two-loop recursion's vector, in double precision. */
  readonly #work: Float64Array;
  #point: Float32Array;
  #trial: Float32Array;
  /** Where the trial is along the direction. */
  #trialStep = Number.NaN;
  #evaluation: E | undefined;

  /** @param start - where to begin; copied. */
  constructor(objective: Objective<E>, start: Float32Array, { history = 10, firstStepRms = 0.01 }: LbfgsOptions = {}) {
    if (!(Number.isInteger(history) && history >= 1)) {
      throw new RangeError(`Expected \`history\` to be a whole number from 1 up, got ${history}`);
    }
    this.#objective = objective;
    this.#history = history;
    this.#firstStepRms = firstStepRms;
    this.#point = start.slice();
    this.#trial = new Float32Array(start.length);
    this.#direction = new Float32Array(start.length);
    this.#work = new Float64Array(start.length);
  }

  get best() {
    // The line search accepts only lower losses: the current point is the best one.
    return { point: this.#point, evaluation: this.#evaluation };
  }

  async step(): Promise<Step<E>> {
    let evaluations = 0;
    let current = this.#evaluation;
    if (!current) {
      evaluations++;
      current = await this.#objective(this.#point);
      if (!(Number.isFinite(current.loss) && allFinite(current.gradient))) throw new NotFiniteError(current.loss);
      this.#evaluation = current;
    }
    let recovered = false;
    for (;;) {
      const search = await this.#search(current);
      evaluations += search.evaluations;
      if (search.accepted) {
        const evaluation = this.#accept(current, search.accepted);
        // A direction that led out of the finite was a bad estimate, even if the line search came back from it.
        if (search.metNonFinite) this.#pairs.length = 0;
        return { evaluation, evaluations, outcome: recovered || search.metNonFinite ? 'recovered' : 'progress' };
      }
      if (this.#pairs.length === 0) return { evaluation: current, evaluations, outcome: 'converged' };
      this.#pairs.length = 0;
      recovered = true;
    }
  }

  async #search(current: E) {
    const direction = this.#direction;
    this.#setDirection(current.gradient);
    let slope = dot(current.gradient, direction);
    if (!(slope < 0)) {
      // Rounding can turn a direction uphill; steepest descent never is.
      this.#pairs.length = 0;
      this.#setDirection(current.gradient);
      slope = dot(current.gradient, direction);
      if (slope === 0) return { accepted: undefined, evaluations: 0, metNonFinite: false };
    }
    const firstStep = this.#pairs.length > 0 ? 1 : (this.#firstStepRms * Math.sqrt(direction.length)) / norm(direction);
    const evaluateAt = async (step: number): Promise<LinePoint<E>> => {
      this.#moveTrial(step);
      const evaluation = await this.#objective(this.#trial);
      return { step, evaluation, slope: dot(evaluation.gradient, direction) };
    };
    return strongWolfe(evaluateAt, { step: 0, evaluation: current, slope }, firstStep);
  }

  #moveTrial(step: number): void {
    this.#trialStep = step;
    stepFrom(this.#trial, this.#point, step, this.#direction);
  }

  /** direction ← −H·gradient, by the two-loop recursion. */
  #setDirection(gradient: Float32Array): void {
    const pairs = this.#pairs;
    const latest = pairs.at(-1);
    if (!latest) {
      for (let i = 0; i < gradient.length; i++) this.#direction[i] = -(gradient[i] as number);
      return;
    }
    const q = this.#work;
    q.set(gradient);
    // Each pass subtracts from q and takes the inner product that the next one needs.
    const alphas = new Array<number>(pairs.length);
    let product = dot(q, latest.s);
    for (let i = pairs.length - 1; i >= 0; i--) {
      const { y, rho } = pairs[i] as Pair;
      const alpha = rho * product;
      alphas[i] = alpha;
      product = addScaledThenDot(q, -alpha, y, (pairs[i - 1] ?? latest).s);
    }
    // H₀ is a multiple of the identity: instead of q, what is added to and taken from it is scaled.
    const scale = latest.sy / latest.yy;
    product = dot(q, (pairs[0] as Pair).y);
    for (let i = 0; i < pairs.length; i++) {
      const { s, rho } = pairs[i] as Pair;
      const beta = rho * product * scale;
      product = addScaledThenDot(q, ((alphas[i] as number) - beta) / scale, s, (pairs[i + 1] ?? latest).y);
    }
    for (let i = 0; i < q.length; i++) this.#direction[i] = -scale * (q[i] as number);
  }

  #accept(current: E, { step, evaluation }: LinePoint<E>): E {
    // The oldest pair's memory becomes the new one's.
    const oldest = this.#pairs.length === this.#history ? this.#pairs.shift() : undefined;
    const s = oldest?.s ?? new Float32Array(this.#point.length);
    const y = oldest?.y ?? new Float32Array(this.#point.length);
    // Nearly always the last trial is the one that was accepted, and still in place.
    if (step !== this.#trialStep) this.#moveTrial(step);
    const { ss, sy, yy } = differences(s, y, {
      from: this.#point,
      to: this.#trial,
      gradientFrom: current.gradient,
      gradientTo: evaluation.gradient,
    });
    if (sy > curvatureGuard * Math.sqrt(ss * yy)) this.#pairs.push({ s, y, rho: 1 / sy, sy, yy });
    [this.#point, this.#trial] = [this.#trial, this.#point];
    this.#evaluation = evaluation;
    return evaluation;
  }
}
