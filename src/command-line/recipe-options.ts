import { type Command, Option } from 'commander';
import { bestColorKeeping, colorKeepings } from '../transfer/colors/content-colors.js';
import { type LabRecipe, mergeRecipes, type RecipeKeyName } from '../transfer/recipe/recipe.js';
import type { RecipePictures } from '../transfer/recipe/recipe-pictures.js';
import { starts } from '../transfer/start.js';
import { styleStatistics } from '../transfer/style-statistics.js';
import { optimizers, transferDefaults } from '../transfer/transfer-options.js';
import { recipe, recipeValue } from './option-values.js';

/** The option of the command line for one key of recipes. */
interface RecipeOption {
  readonly value: string;
  readonly about: string;
  readonly choices?: readonly string[];
  /** The value that the option stands for when it is given without one. */
  readonly bare?: string;
}

const { size, epochs, weights, start, optimizer, history, styleScale, statistic, protect, seed } = transferDefaults;

/** Keys whose options are elsewhere: those of the engine, those of pictures, and --region, which may be given several times. */
type KeyWithoutOption = 'network' | 'pooling' | 'regions' | 'style-colors' | keyof RecipePictures;

/** Options by key. */
const recipeOptions: Readonly<Record<Exclude<RecipeKeyName, KeyWithoutOption>, RecipeOption>> = {
  size: { value: '<pixels>', about: `the result's longer side (default: ${size})` },
  epochs: {
    value: '<n>',
    about: `optimiser steps, or those of each scale from coarse to fine: 60,25,15 (default: ${epochs})`,
  },
  'style-weight': { value: '<x>', about: `how much the style counts (default: ${weights.style})` },
  'content-weight': { value: '<x>', about: `how much the content counts (default: ${weights.content})` },
  'pixel-weight': {
    value: '<x>',
    about: `how much the style counts in single pixels, which keeps colour noise away (default: ${weights.pixels})`,
  },
  'tv-weight': { value: '<x>', about: `how much smoothness counts (default: ${weights.tv})` },
  'style-scale': { value: '<x>', about: `the size of the strokes, 2 for twice as large (default: ${styleScale})` },
  'keep-colors': {
    value: '[how]',
    about: `keep the content's colours (default: no; without a value: ${bestColorKeeping})`,
    choices: colorKeepings,
    bare: bestColorKeeping,
  },
  statistic: {
    value: '<kind>',
    about: `what style is compared by (default: ${statistic})`,
    choices: styleStatistics,
  },
  protect: {
    value: '<x>',
    about: `how much fine structure, such as faces, is protected: 0 to 1 (default: ${protect})`,
  },
  feather: {
    value: '<pixels>',
    about: 'how wide the edges of --mask and --region fade (default: 3 % of the longer side; 8 % of --region alone)',
  },
  init: { value: '<start>', about: `what to begin with (default: ${start})`, choices: starts },
  seed: { value: '<n>', about: `of the noise of --init noise (default: ${seed})` },
  optimizer: { value: '<name>', about: `how to descend (default: ${optimizer})`, choices: optimizers },
  'learning-rate': {
    value: '<x>',
    about: "the length of a step: adam's own (default: 0.02), of lbfgs the first try of each (default: 1)",
  },
  history: { value: '<n>', about: `steps that lbfgs learns curvature from (default: ${history})` },
  'content-layers': { value: '<layers>', about: 'with weights: relu3_2:.5,relu4_1:1 (default: by network)' },
  'style-layers': { value: '<layers>', about: 'with weights: relu1_1:1,relu2_1:.8 (default: by network)' },
};

/** Adds an option for each key of recipes to a command, and one for a whole recipe; returns the command. */
export function addRecipeOptions(command: Command): Command {
  for (const option of options()) command.addOption(option);
  return command.option('--recipe <text>', 'what an earlier picture was made with; other options win over it', recipe);
}

/** Returns the recipe that a command's options make: single options win over what `--recipe` says. */
export function recipeOf(command: Command): LabRecipe {
  const given = command.opts<Readonly<Record<string, LabRecipe | undefined>>>();
  return options()
    .map((option) => given[option.attributeName()] ?? {})
    .reduce(mergeRecipes, given.recipe ?? {});
}

function options(): readonly Option[] {
  const valued = Object.entries(recipeOptions).map(([key, { value, about, choices, bare }]) => {
    const option = new Option(`--${key} ${value}`, about);
    if (choices) option.choices(choices);
    if (bare !== undefined) option.preset(bare);
    return option.argParser(recipeValue(key as RecipeKeyName));
  });
  const region = new Option(
    '--region <box>',
    'a box that is styled, as left,top,width,height in percent; may be given several times (default: everywhere)',
  );
  return [...valued, region.argParser(anotherRegion)];
}

function anotherRegion(text: string, before: LabRecipe = {}): LabRecipe {
  const { regions = [] } = recipeValue('regions')(text);
  return { regions: [...(before.regions ?? []), ...regions] };
}
