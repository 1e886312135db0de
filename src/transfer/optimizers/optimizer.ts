import { CodedError } from '../../coded-error.js';

/** A function's value and gradient at one point. */
export interface Evaluation {
  readonly loss: number;
  /** As long as the point. The optimiser may keep it: a function must return a fresh array each time. */
  readonly gradient: Float32Array;
}

/** What an optimiser minimises. It may be called with the same array again and must not keep or change it. */
export type Objective<E extends Evaluation = Evaluation> = (point: Float32Array) => Promise<E>;

/** What one step of an optimiser came to. */
export interface Step<E extends Evaluation = Evaluation> {
  /** At the point where the optimiser now is. */
  readonly evaluation: E;
  /** How often the function was evaluated in this step. */
  readonly evaluations: number;
  /**
   * - `progress`: went on;
   * - `recovered`: the function turned NaN, infinite or exploded; went back to the best point and forgot what was learned
   *   of the curvature;
   * - `converged`: no further decrease can be found from here; another step would change nothing.
   */
  readonly outcome: 'progress' | 'recovered' | 'converged';
}

/**
 * Minimises a function of many variables, one step at a time. Knows nothing of what the variables mean.
 *
 * @typeParam E - what the function returns besides loss and gradient comes back with each step.
 */
export interface Optimizer<E extends Evaluation = Evaluation> {
  /**
   * One step.
   * @throws whatever the function throws, with the optimiser unharmed: its best point stands.
   */
  step(): Promise<Step<E>>;
  /** The best finite point so far. Not to be changed; valid until the next step. */
  readonly best: { readonly point: Float32Array; readonly evaluation: E | undefined };
}

/** The function is not finite where the optimiser starts, so that there is nothing to return to. */
export function notFinite(loss: number): CodedError {
  const message =
    `The loss is ${loss} at the starting point, or its gradient is not finite: there is nothing to optimise from. ` +
    'Check the starting picture and the loss weights.';
  return new CodedError('optimizer', 'not-finite', message, { context: { loss } });
}
