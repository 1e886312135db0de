import { codedErrors } from '../../coded-error.js';

/** The codes of errors about recipes. */
export type RecipeErrorCode =
  | 'not-a-pair'
  | 'unknown-key'
  | 'repeated-key'
  | 'no-number'
  | 'no-choice'
  | 'no-epochs'
  | 'no-layers'
  | 'no-regions'
  | 'no-picture'
  | 'too-many-styles'
  | 'no-mix'
  | 'no-colors';

/**
 * Makes the error for a recipe that can't be followed, or a single value of one. Its message says what is possible. Its
 * context has `key` and `value`, where they are known, and by code:
 * - `not-a-pair`: `part`;
 * - `unknown-key`: `keys`;
 * - `no-number`: `min` and `max`; `no-epochs`: `min`, `max`, and `scales`, the most scales that there can be;
 * - `no-choice`: `choices`;
 * - `too-many-styles`: `max`;
 * - `no-layers`, `no-regions`: `reason`, in English.
 */
export const recipeError = codedErrors<RecipeErrorCode>('recipe');
