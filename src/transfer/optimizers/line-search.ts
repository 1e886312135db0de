import type { Evaluation } from './optimizer.js';

/** A point along a search direction d: φ(t) = f(x + t·d) at the step t, with the slope φ′(t) = ∇f(x + t·d)ᵀd. */
export interface LinePoint<E extends Evaluation = Evaluation> {
  readonly step: number;
  readonly evaluation: E;
  readonly slope: number;
}

/** The constants and the budget of a line search. */
export interface LineSearchOptions {
  /** Armijo's constant: the share of the decrease promised by the slope that must come true. */
  readonly sufficientDecrease: number;
  /** Wolfe's constant: the slope must fall below this share of its start, in absolute value. */
  readonly curvature: number;
  readonly maxEvaluations: number;
}

/** The line search's defaults, which are Nocedal and Wright's for quasi-Newton directions. */
export const wolfeDefaults: LineSearchOptions = { sufficientDecrease: 1e-4, curvature: 0.9, maxEvaluations: 20 };

/** The result of a line search. */
export interface LineSearchResult<E extends Evaluation = Evaluation> {
  /** A point that satisfies the strong Wolfe conditions, else the lowest with sufficient decrease, else undefined. */
  readonly accepted: LinePoint<E> | undefined;
  readonly evaluations: number;
  /** Whether the loss or slope of a trial was NaN or infinite. */
  readonly metNonFinite: boolean;
}

/**
 * Line search for the strong Wolfe conditions (Nocedal and Wright, "Numerical Optimization", 2nd ed., algorithms 3.5
 * and 3.6) with safeguarded cubic interpolation. A trial that is not finite counts as infinitely high: the search comes
 * back from it towards the start.
 *
 * @param evaluateAt - returns φ and φ′ at a step length; they need not be finite.
 * @param start - the point at step 0, with a negative slope.
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
  /** The lowest point with sufficient decrease, which is accepted when the budget runs out. */
  let fallback: LinePoint<E> | undefined;

  const evaluate = async (step: number): Promise<LinePoint<E>> => {
    evaluations++;
    const point = await evaluateAt(step);
    if (!isFinitePoint(point)) metNonFinite = true;
    else if (isSufficient(point) && !(fallback && fallback.evaluation.loss <= point.evaluation.loss)) fallback = point;
    return point;
  };
  // Near a minimum the promised decrease is lost in rounding: without the first comparison, equal losses would do.
  const isSufficient = ({ step, evaluation }: LinePoint<E>) =>
    evaluation.loss < start.evaluation.loss &&
    evaluation.loss <= start.evaluation.loss + sufficientDecrease * step * start.slope;
  const isFlatEnough = ({ slope }: LinePoint<E>) => Math.abs(slope) <= -curvature * start.slope;
  const done = (accepted: LinePoint<E> | undefined) => ({ accepted, evaluations, metNonFinite });

  // Bracketing (algorithm 3.5): trials go outwards until a minimum must lie between two of them.
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
    // It still goes downhill: the next trial is at the minimum of a cubic, but between twice and ten times as far.
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

/** Returns a step inside the bracket, at least a tenth of its width from both ends, so that the bracket shrinks. */
function stepBetween(low: LinePoint, high: LinePoint): number {
  const left = Math.min(low.step, high.step);
  const right = Math.max(low.step, high.step);
  const margin = 0.1 * (right - left);
  const middle = (left + right) / 2;
  // Non-finite values can't be interpolated: the step comes back by four fifths.
  if (!isFinitePoint(high)) return low.step + 0.2 * (high.step - low.step);
  return clamp(cubicMinimum(low, high) ?? middle, left + margin, right - margin);
}

/** Minimum of the cubic through both points' values and slopes (Nocedal and Wright, eq. 3.59), or undefined. */
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
