import { InvalidArgumentError } from 'commander';
import { type CodedError, isCoded } from '../coded-error.js';
import { parseLayer } from '../engine/topology.js';
import { type LabRecipe, parseRecipe, parseRecipeValue, type RecipeKeyName } from '../transfer/recipe/recipe.js';
import { boundsInWords, type NumberBounds, numberWithin } from '../transfer/recipe/transfer-bounds.js';

/** Parsers for option values. Each throws commander's InvalidArgumentError, which says what is allowed. */

/** A number within bounds. */
export function within(bounds: NumberBounds) {
  return (text: string): number => {
    const number = numberWithin(bounds, text);
    if (number !== undefined) return number;
    throw new InvalidArgumentError(`It must be ${boundsInWords(bounds)}.`);
  };
}

/** Names of layers, "relu1_1,relu2_1"; whether a network has them is not looked at. */
export function layerNames(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  for (const name of names) {
    try {
      parseLayer(name);
    } catch (error) {
      throw isCoded(error, 'engine', 'unknown-layer') ? new InvalidArgumentError(error.message) : error;
    }
  }
  return names;
}

/** The value of a key that recipes have, too: as the recipe that says nothing else. */
export function recipeValue(key: RecipeKeyName) {
  return (text: string): LabRecipe =>
    // Commander says itself which option and value it is; the cause says only what is possible.
    asArgument(
      () => parseRecipeValue(key, text.trim()),
      ({ message, cause }) => (cause instanceof Error ? cause.message : message),
    );
}

/** A whole recipe. */
export function recipe(text: string): LabRecipe {
  return asArgument(
    () => parseRecipe(text),
    ({ message }) => message,
  );
}

function asArgument<Value>(parse: () => Value, say: (error: CodedError) => string): Value {
  try {
    return parse();
  } catch (error) {
    throw isCoded(error, 'recipe') ? new InvalidArgumentError(say(error)) : error;
  }
}
