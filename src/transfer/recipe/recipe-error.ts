import { codedErrors } from '../../coded-error.js';

/** What can be wrong with a recipe. */
export type RecipeErrorCode =
  | 'not-a-pair'
  | 'unknown-key'
  | 'repeated-key'
  | 'no-number'
  | 'no-choice'
  | 'no-epochs'
  | 'no-layers'
  | 'no-regions';

/**
 * A recipe that can't be followed, or a single value of one. The message says what is possible. The context has `key` and
 * `value`, where they are known, and by code:
 * - `not-a-pair`: `part`;
 * - `unknown-key`: `keys`;
 * - `no-number`: `min` and `max`; `no-epochs`: those, and `scales`, the most that there can be;
 * - `no-choice`: `choices`;
 * - `no-layers`, `no-regions`: `reason`, in English.
 */
export const recipeError = codedErrors<RecipeErrorCode>('recipe');
