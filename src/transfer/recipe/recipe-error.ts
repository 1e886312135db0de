/** What is wrong with a recipe; the text for people is chosen by this code where it is shown. */
export type RecipeErrorCode =
  | 'not-a-pair'
  | 'unknown-key'
  | 'repeated-key'
  | 'no-number'
  | 'no-choice'
  | 'no-epochs'
  | 'no-layers'
  | 'no-regions';

/** A recipe that can't be followed, or a single value of one. */
export class RecipeError extends Error {
  readonly code: RecipeErrorCode;
  /** A sentence on what is possible. */
  readonly reason: string;
  /**
   * The facts behind it, for logs and for translated texts: `key` and `value`, where they are known, and by code:
   * - `not-a-pair`: `part`;
   * - `unknown-key`: `keys`;
   * - `no-number`: `min` and `max`; `no-epochs`: those, and `scales`, the most that there can be;
   * - `no-choice`: `choices`;
   * - `no-layers`, `no-regions`: `reason`, in English.
   */
  readonly context: Readonly<Record<string, string | number>>;

  constructor(code: RecipeErrorCode, reason: string, context: Readonly<Record<string, string | number>> = {}) {
    super(context.value === undefined ? reason : `${context.key}=${context.value}: ${reason}`);
    this.name = 'RecipeError';
    this.code = code;
    this.reason = reason;
    this.context = context;
  }
}
