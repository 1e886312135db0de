/** Characters that a recipe may have: with all that stands around it, a message holds it. */
export const longestRecipe = 1000;
