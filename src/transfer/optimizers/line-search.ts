import type { Evaluation } from './optimizer.js';

/** φ(t) = f(x + t·d) along a search direction, with its slope φ′(t) = ∇f(x + t·d)ᵀd. */
export interface LinePoint<E extends Evaluation = Evaluation> {
  readonly step: number;
  readonly evaluation: E;
  readonly slope: number;
}

/** What a line search may do. */
export interface LineSearchOptions {
  /** Armijo's constant: how much of the promised decrease must come true. */
  readonly sufficientDecrease: number;
  /** Wolfe's constant: the slope must fall below this share of its start, in absolute value. */
  readonly curvature: number;
  readonly maxEvaluations: number;
}

/** Nocedal and Wright's values for quasi-Newton directions. */
export const wolfeDefaults: LineSearchOptions = { sufficientDecrease: 1e-4, curvature: 0.9, maxEvaluations: 20 };

/** What a line search found. */
export interface LineSearchResult<E extends Evaluation = Evaluation> {
  /** A point that satisfies the strong Wolfe conditions, else the lowest with sufficient decrease, else none. */
  readonly accepted: LinePoint<E> | undefined;
  readonly evaluations: number;
  /** Whether a trial was NaN or infinite on the way. */
  readonly metNonFinite: boolean;
}

/**
 * Line search for the strong Wolfe conditions (Nocedal and Wright, "Numerical Optimization", 2nd ed., algorithms 3.5 and
 * 3.6) with safeguarded cubic interpolation. A trial that is not finite counts as infinitely high: the search comes
 * back from it towards the start.
 *
 * @param evaluateAt - φ and φ′ at a step length; non-finite values are allowed to come back.
 * @param start - φ(0), with a negative slope.
 * @param firstStep - the first step length to try, above 0.
 */
export async function strongWolfe<E extends Evaluation>(
  evaluateAt: (step: number) => Promise<LinePoint<E>>,
  start: LinePoint<E>,
  firstStep: number,
  options: LineSearchOptions = wolfeDefaults,
): Promise<LineSearchResult<E>> {
  const { sufficientDecrease, curvature, maxEvaluations } = options;
  let evaluations = 0;
  let metNonFinite = false;
  /** The lowest point with sufficient decrease: what is left to take when the budget runs out. */
  let fallback: LinePoint<E> | undefined;

  const evaluate = async (step: number): Promise<LinePoint<E>> => {
    evaluations++;
    const point = await evaluateAt(step);
    if (!isFinitePoint(point)) metNonFinite = true;
    else if (isSufficient(point) && !(fallback && fallback.evaluation.loss <= point.evaluation.loss)) fallback = point;
    return point;
  };
  // Near a minimum the promised decrease is lost in rounding: a loss that is merely the same would do, for ever.
  const isSufficient = ({ step, evaluation }: LinePoint<E>) =>
    evaluation.loss < start.evaluation.loss &&
    evaluation.loss <= start.evaluation.loss + sufficientDecrease * step * start.slope;
  const isFlatEnough = ({ slope }: LinePoint<E>) => Math.abs(slope) <= -curvature * start.slope;
  const done = (accepted: LinePoint<E> | undefined) => ({ accepted, evaluations, metNonFinite });

  // Bracketing (algorithm 3.5): walk outwards until a minimum must lie behind.
  let low = start;
  let high: LinePoint<E> | undefined;
  let step = firstStep;
  while (evaluations < maxEvaluations) {
    const point = await evaluate(step);
    if (!isFinitePoint(point) || !isSufficient(point) || (low !== start && isHigher(point, low))) {
      high = point;
      break;
    }
    if (isFlatEnough(point)) return done(point);
    if (point.slope >= 0) {
      high = low;
      low = point;
      break;
    }
    // Still downhill: on, by what a cubic through both ends expects, between twice and ten times as far.
    step = clamp(cubicMinimum(low, point) ?? 10 * point.step, 2 * point.step, 10 * point.step);
    low = point;
  }
  if (!high) return done(fallback);

  // Zooming (algorithm 3.6): `low` satisfies sufficient decrease and its slope points towards `high`.
  while (evaluations < maxEvaluations) {
    const width = Math.abs(high.step - low.step);
    if (width <= 1e-9 * Math.max(Math.abs(high.step), Math.abs(low.step))) break;
    const point = await evaluate(stepBetween(low, high));
    if (!isFinitePoint(point) || !isSufficient(point) || isHigher(point, low)) {
      high = point;
      continue;
    }
    if (isFlatEnough(point)) return done(point);
    if (point.slope * (high.step - low.step) >= 0) high = low;
    low = point;
  }
  return done(fallback);
}

function isFinitePoint({ evaluation, slope }: LinePoint): boolean {
  return Number.isFinite(evaluation.loss) && Number.isFinite(slope);
}

function isHigher(a: LinePoint, b: LinePoint): boolean {
  return a.evaluation.loss >= b.evaluation.loss;
}

/** Inside the bracket, at least a tenth of its width away from both ends, so that it shrinks each time. */
function stepBetween(low: LinePoint, high: LinePoint): number {
  const left = Math.min(low.step, high.step);
  const right = Math.max(low.step, high.step);
  const margin = 0.1 * (right - left);
  const middle = (left + right) / 2;
  // From beyond the finite there is nothing to interpolate: come back by a lot.
  if (!isFinitePoint(high)) return low.step + 0.2 * (high.step - low.step);
  return clamp(cubicMinimum(low, high) ?? middle, left + margin, right - margin);
}

/** Where the cubic through values and slopes of both points has its minimum (Nocedal and Wright, eq. 3.59), if it has. */
function cubicMinimum(a: LinePoint, b: LinePoint): number | undefined {
  const distance = b.step - a.step;
  const d1 = a.slope + b.slope - (3 * (a.evaluation.loss - b.evaluation.loss)) / (a.step - b.step);
  const square = d1 * d1 - a.slope * b.slope;
  if (!(square >= 0)) return undefined;
  const d2 = Math.sign(distance) * Math.sqrt(square);
  const minimum = b.step - (distance * (b.slope + d2 - d1)) / (b.slope - a.slope + 2 * d2);
  return Number.isFinite(minimum) ? minimum : undefined;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
