import { isCoded } from '../../coded-error.js';
import { type LabRecipe, parseRecipe } from '../../transfer/recipe/recipe.js';
import { UserError } from '../user-error.js';

/**
 * A recipe that a person wrote or chose.
 * @throws UserError `recipe-…` where it makes no sense, which names the part that doesn't.
 */
export function understoodRecipe(text: string): LabRecipe {
  try {
    return parseRecipe(text);
  } catch (error) {
    if (isCoded(error, 'recipe')) throw new UserError(`recipe-${error.code}`, error.context);
    throw error;
  }
}

/** The epochs over all scales; undefined where the recipe leaves them open. */
export function epochsIn({ epochs, scaleEpochs }: LabRecipe): number | undefined {
  return scaleEpochs?.reduce((sum, each) => sum + each, 0) ?? epochs;
}

/** The same with so many times as many epochs, rounded down: with a factor that a server allows, it allows them. */
export function withMoreEpochs({ epochs, scaleEpochs, ...recipe }: LabRecipe, factor: number): LabRecipe {
  return {
    ...recipe,
    ...(epochs !== undefined && { epochs: Math.round(epochs * factor) }),
    ...(scaleEpochs && { scaleEpochs: scaleEpochs.map((each) => Math.floor(each * factor)) }),
  };
}
