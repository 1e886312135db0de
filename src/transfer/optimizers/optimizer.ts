import { CodedError } from '../../coded-error.js';

/** A function's value and gradient at one point. */
export interface Evaluation {
  readonly loss: number;
  /**
   * The gradient, as long as the point. Functions must return a fresh array each time: the optimiser may keep it. What an
   * optimiser returns is valid only until its next step.
   */
  readonly gradient: Float32Array;
}

/** A function that an optimiser minimises. It must not keep or change the array of the point, which is used again. */
export type Objective<E extends Evaluation = Evaluation> = (point: Float32Array) => Promise<E>;

/** The result of one step of an optimiser. */
export interface Step<E extends Evaluation = Evaluation> {
  /** The evaluation of the step; where the step is `recovered`, it is the one at the best point. */
  readonly evaluation: E;
  /** Number of evaluations of the function in this step. */
  readonly evaluations: number;
  /**
   * The outcome of the step:
   * - `progress`: the optimiser went on;
   * - `recovered`: the function turned NaN, infinite or exploded, or no step was found; the optimiser went back to the
   *   best point and forgot what it had learned of the curvature;
   * - `converged`: no further decrease can be found from here; another step would change nothing.
   */
  readonly outcome: 'progress' | 'recovered' | 'converged';
}

/**
 * An optimiser minimises a function of many variables, one step at a time. It doesn't know what the variables mean.
 *
 * @typeParam E - the function's result, which may have more than loss and gradient; each step returns it.
 */
export interface Optimizer<E extends Evaluation = Evaluation> {
  /**
   * Makes one step.
   * @throws `optimizer/not-finite` at the start, or the function's error, after which the best point still stands.
   */
  step(): Promise<Step<E>>;
  /** The best finite point so far. Callers must not change it, and it is valid only until the next step. */
  readonly best: { readonly point: Float32Array; readonly evaluation: E | undefined };
}

/** Returns the error for a function that is not finite at the starting point, so that there is nothing to return to. */
export function notFinite(loss: number): CodedError {
  const message =
    `The loss is ${loss} at the starting point, or its gradient is not finite: there is nothing to optimise from. ` +
    'Check the starting picture and the loss weights.';
  return new CodedError('optimizer', 'not-finite', message, { context: { loss } });
}
