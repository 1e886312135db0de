import {
  type APIApplicationCommandBasicOption,
  ApplicationCommandOptionType,
  type ChatInputCommandInteraction,
} from 'discord.js';
import { networkNames, poolings } from '../engine/topology.js';
import { type Bounds, settingBounds } from '../settings/server-settings.js';
import { colourKeepings } from '../transfer/colours/content-colours.js';
import type { RecipeKeyName } from '../transfer/recipe/recipe.js';
import { transferBounds } from '../transfer/recipe/transfer-bounds.js';
import { starts } from '../transfer/start.js';
import { styleStatistics } from '../transfer/style-statistics.js';
import { optimizers } from '../transfer/transfer-options.js';
import { described } from './definitions.js';
import { longestHistory } from './requests/lab-request.js';
import type { Texts } from './texts/texts.js';

type Describe = (texts: Texts['commands']['lab']) => string;

const about = (describe: Describe) => described((texts) => describe(texts.commands.lab));

/** Words of the field stay what they are in every language. */
function choice(name: RecipeKeyName, values: readonly string[], describe: Describe) {
  return {
    type: ApplicationCommandOptionType.String,
    name,
    ...about(describe),
    choices: values.map((value) => ({ name: value, value })),
  } as const satisfies APIApplicationCommandBasicOption;
}

function text(name: RecipeKeyName, describe: Describe) {
  return {
    type: ApplicationCommandOptionType.String,
    name,
    ...about(describe),
    max_length: 200,
  } as const satisfies APIApplicationCommandBasicOption;
}

function number(name: RecipeKeyName, describe: Describe, bounds: Bounds) {
  return {
    type: ApplicationCommandOptionType.Number,
    name,
    ...about(describe),
    min_value: bounds.min,
    max_value: bounds.max,
  } as const satisfies APIApplicationCommandBasicOption;
}

function wholeNumber(name: RecipeKeyName, describe: Describe, bounds: Bounds) {
  return { ...number(name, describe, bounds), type: ApplicationCommandOptionType.Integer } as const;
}

/** What `/lab` lets people set, by options that are named as in recipes; Discord takes 25, so the rest stands in a recipe. */
export const labControls: readonly APIApplicationCommandBasicOption[] = [
  wholeNumber('size', ({ size }) => size, settingBounds.size),
  text('epochs', ({ epochs }) => epochs),
  number('style-weight', ({ styleWeight }) => styleWeight, transferBounds.weight),
  number('style-scale', ({ styleScale }) => styleScale, transferBounds.styleScale),
  choice('keep-colors', colourKeepings, ({ keepColors }) => keepColors),
  choice('init', starts, ({ init }) => init),
  choice('network', networkNames, ({ network }) => network),
  choice('pooling', poolings, ({ pooling }) => pooling),
  choice('optimizer', optimizers, ({ optimizer }) => optimizer),
  number('learning-rate', ({ learningRate }) => learningRate, transferBounds.learningRate),
  wholeNumber('history', ({ history }) => history, { ...transferBounds.history, max: longestHistory }),
  choice('statistic', styleStatistics, ({ statistic }) => statistic),
  number('protect', ({ protect }) => protect, transferBounds.protect),
  text('regions', ({ regions }) => regions),
  text('style-layers', ({ styleLayers }) => styleLayers),
  number('tv-weight', ({ tvWeight }) => tvWeight, transferBounds.weight),
  wholeNumber('seed', ({ seed }) => seed, transferBounds.seed),
];

/** What was chosen by {@link labControls}, as a recipe. */
export function recipeOfControls({ options }: ChatInputCommandInteraction): string {
  return labControls
    .flatMap(({ name }) => {
      const value = options.get(name)?.value;
      // A space would begin the next key.
      return value === undefined ? [] : [`${name}=${String(value).replaceAll(/\s+/g, '')}`];
    })
    .join(' ');
}
