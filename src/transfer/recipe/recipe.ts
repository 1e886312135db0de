import { about, isCoded } from '../../coded-error.js';
import { type NetworkName, networkNames, type Pooling, poolings } from '../../engine/topology.js';
import { colorKeepings } from '../colors/content-colors.js';
import type { LossWeights } from '../objective.js';
import { starts } from '../start.js';
import { styleStatistics } from '../style-statistics.js';
import type { TransferLayers } from '../transfer-layers.js';
import { optimizers, type TransferOptions } from '../transfer-options.js';
import { recipeError } from './recipe-error.js';
import {
  digestedPicture,
  type NamedPictures,
  type RecipePictures,
  recipeStyles,
  styleColors,
  styleMix,
} from './recipe-pictures.js';
import { epochPlan, layerWeights, numberIn, oneOf, regionList, type ValueKind } from './recipe-values.js';
import { transferBounds } from './transfer-bounds.js';

/** The settings of a transfer, as plain data that can be stored. */
export type TransferRecipe = Readonly<Omit<TransferOptions, 'signal'>>;

/** A recipe with its network and its pictures. Where the recipe is used, settings that are undefined get their defaults. */
export type LabRecipe = TransferRecipe & {
  readonly network?: NetworkName | undefined;
  /** The pooling between blocks; undefined takes the one that the network was trained with. */
  readonly pooling?: Pooling | undefined;
  readonly pictures?: RecipePictures | undefined;
};

/** A key of recipes: how its value is read and written. */
interface RecipeKey {
  /** Returns a recipe with nothing but this key's value. @throws `recipe/…` for a value that makes no sense. */
  readonly read: (text: string) => LabRecipe;
  /** Returns this key's value in a recipe, as text; undefined where the recipe has none. */
  readonly write: (recipe: LabRecipe) => string | undefined;
}

function key<Value>(
  { parse, format }: ValueKind<Value>,
  get: (recipe: LabRecipe) => Value | undefined,
  recipeWith: (value: Value) => LabRecipe,
): RecipeKey {
  return {
    read: (text) => recipeWith(parse(text)),
    write: (recipe) => {
      const value = get(recipe);
      return value === undefined ? undefined : format(value);
    },
  };
}

function lossWeight(part: keyof LossWeights): RecipeKey {
  return key(
    numberIn(transferBounds.weight),
    ({ weights }) => weights?.[part],
    (weight) => ({ weights: { [part]: weight } }),
  );
}

function layersOf(part: keyof TransferLayers): RecipeKey {
  return key(
    layerWeights,
    ({ layers }) => layers?.[part],
    (weights) => ({ layers: { [part]: weights } }),
  );
}

function picture<Part extends keyof NamedPictures>(part: Part, kind: ValueKind<NamedPictures[Part]>): RecipeKey {
  return key<NamedPictures[Part]>(
    kind,
    ({ pictures }) => pictures?.[part],
    (value) => ({ pictures: { [part]: value } }),
  );
}

/** The keys of recipes, in the order in which they are written. The command line's options have the same names. */
const keys = {
  network: key(
    oneOf(networkNames),
    ({ network }) => network,
    (network) => ({ network }),
  ),
  pooling: key(
    oneOf(poolings),
    ({ pooling }) => pooling,
    (pooling) => ({ pooling }),
  ),
  size: key(
    numberIn(transferBounds.size),
    ({ size }) => size,
    (size) => ({ size }),
  ),
  epochs: key(
    epochPlan,
    ({ epochs, scaleEpochs }) => (scaleEpochs ? { scaleEpochs } : epochs === undefined ? undefined : { epochs }),
    (plan) => plan,
  ),
  'content-weight': lossWeight('content'),
  'style-weight': lossWeight('style'),
  'pixel-weight': lossWeight('pixels'),
  'tv-weight': lossWeight('tv'),
  'content-layers': layersOf('content'),
  'style-layers': layersOf('style'),
  'style-scale': key(
    numberIn(transferBounds.styleScale),
    ({ styleScale }) => styleScale,
    (styleScale) => ({ styleScale }),
  ),
  'keep-colors': key(
    oneOf(colorKeepings),
    ({ keepColors }) => keepColors,
    (keepColors) => ({ keepColors }),
  ),
  statistic: key(
    oneOf(styleStatistics),
    ({ statistic }) => statistic,
    (statistic) => ({ statistic }),
  ),
  protect: key(
    numberIn(transferBounds.protect),
    ({ protect }) => protect,
    (protect) => ({ protect }),
  ),
  regions: key(
    regionList,
    ({ regions }) => (regions?.length ? regions : undefined),
    (regions) => ({ regions }),
  ),
  feather: key(
    numberIn(transferBounds.feather),
    ({ feather }) => feather,
    (feather) => ({ feather }),
  ),
  init: key(
    oneOf(starts),
    ({ start }) => start,
    (start) => ({ start }),
  ),
  seed: key(
    numberIn(transferBounds.seed),
    ({ seed }) => seed,
    (seed) => ({ seed }),
  ),
  optimizer: key(
    oneOf(optimizers),
    ({ optimizer }) => optimizer,
    (optimizer) => ({ optimizer }),
  ),
  'learning-rate': key(
    numberIn(transferBounds.learningRate),
    ({ learningRate }) => learningRate,
    (learningRate) => ({ learningRate }),
  ),
  history: key(
    numberIn(transferBounds.history),
    ({ history }) => history,
    (history) => ({ history }),
  ),
  content: picture('content', digestedPicture),
  styles: picture('styles', recipeStyles),
  mix: picture('mix', styleMix),
  mask: picture('mask', digestedPicture),
  'style-colors': picture('colors', styleColors),
} as const satisfies Readonly<Record<string, RecipeKey>>;

export type RecipeKeyName = keyof typeof keys;

/** All keys that a recipe can have. */
export const recipeKeys = Object.keys(keys) as readonly RecipeKeyName[];

/**
 * Writes a recipe as one line that can be copied out of a message: `size=512 epochs=60,25,15 style-weight=10`. Values
 * that equal the defaults are written too: where the line is used again, a preset or a server may have others.
 */
export function formatRecipe(recipe: LabRecipe): string {
  return recipeKeys
    .flatMap((name) => {
      const value = keys[name].write(recipe);
      return value === undefined ? [] : [`${name}=${value}`];
    })
    .join(' ');
}

/**
 * Reads a recipe as {@link formatRecipe} writes it, or as people do: with backticks around it, line breaks, spaces
 * around signs, "Recipe:" in front.
 * @throws `recipe/…` that names the part that makes no sense, and what would.
 */
export function parseRecipe(text: string): LabRecipe {
  const pairs = text
    .toLowerCase()
    .replaceAll('`', ' ')
    .replace(/^\s*recipe\s*:/, '')
    .replaceAll(/\s*([=:;/])\s*/g, '$1')
    // Spaces after a comma stay where the next key begins, because "100," may be a value.
    .replaceAll(/\s*,\s*(?![\w-]+=)/g, ',')
    .split(/\s+/)
    .filter((part) => part !== '');
  const seen = new Set<string>();
  let recipe: LabRecipe = {};
  for (const part of pairs) {
    const [name = '', value, ...rest] = part.split('=');
    if (value === undefined || value === '' || rest.length > 0) {
      throw recipeError('not-a-pair', `"${part}" says nothing. Write key=value, such as size=512.`, { part });
    }
    if (!isRecipeKey(name)) {
      const known = recipeKeys.join(', ');
      throw recipeError('unknown-key', `There is no "${name}" in recipes. Choose from ${known}.`, {
        key: name,
        keys: known,
      });
    }
    if (seen.has(name)) throw recipeError('repeated-key', `"${name}" is there twice.`, { key: name });
    seen.add(name);
    recipe = mergeRecipes(recipe, parseRecipeValue(name, value));
  }
  return recipe;
}

/** Returns a recipe with nothing but the value of one key. @throws `recipe/…` that says which values are possible. */
export function parseRecipeValue(name: RecipeKeyName, value: string): LabRecipe {
  try {
    return keys[name].read(value);
  } catch (error) {
    if (!isCoded(error, 'recipe')) throw error;
    throw about(`${name}=${value}`, error, { key: name, value });
  }
}

/** Merges two recipes: settings that the second doesn't have come from the first. */
export function mergeRecipes(first: LabRecipe, second: LabRecipe): LabRecipe {
  const { epochs, scaleEpochs, ...rest } = said(first);
  const wins = said(second);
  // Epochs in all and epochs of each scale replace one another.
  const saysEpochs = wins.epochs !== undefined || wins.scaleEpochs !== undefined;
  const weights = { ...said(first.weights ?? {}), ...said(second.weights ?? {}) };
  const layers = { ...said(first.layers ?? {}), ...said(second.layers ?? {}) };
  const pictures = { ...said(first.pictures ?? {}), ...said(second.pictures ?? {}) };
  return {
    ...rest,
    ...(saysEpochs ? {} : said({ epochs, scaleEpochs })),
    ...wins,
    ...(Object.keys(weights).length > 0 && { weights }),
    ...(Object.keys(layers).length > 0 && { layers }),
    ...(Object.keys(pictures).length > 0 && { pictures }),
  };
}

function isRecipeKey(name: string): name is RecipeKeyName {
  return Object.hasOwn(keys, name);
}

/** Returns an object without its undefined members. */
function said<Part extends object>(part: Part): Part {
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined)) as Part;
}
