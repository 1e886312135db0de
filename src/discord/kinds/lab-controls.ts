import {
  type APIApplicationCommandBasicOption,
  ApplicationCommandOptionType,
  type ChatInputCommandInteraction,
} from 'discord.js';
import { networkNames, poolings } from '../../engine/topology.js';
import { type Bounds, settingBounds } from '../../settings/server-settings.js';
import { colorKeepings } from '../../transfer/colors/content-colors.js';
import type { RecipeKeyName } from '../../transfer/recipe/recipe.js';
import { transferBounds } from '../../transfer/recipe/transfer-bounds.js';
import { starts } from '../../transfer/start.js';
import { styleStatistics } from '../../transfer/style-statistics.js';
import { optimizers } from '../../transfer/transfer-options.js';
import { describer } from '../definitions.js';
import { longestHistory } from './lab.js';
import { labTexts } from './lab-texts.js';

const about = describer(labTexts, ({ command }) => command);

/** A key of recipes that is an option of `/lab`, too. */
type ControlName = RecipeKeyName & Parameters<typeof about>[0];

/** Returns an option with choices. Their labels are the values: words of the field are the same in every language. */
function choice(name: ControlName, values: readonly string[]): APIApplicationCommandBasicOption {
  const choices = values.map((value) => ({ name: value, value }));
  return { type: ApplicationCommandOptionType.String, name, ...about(name), choices };
}

function text(name: ControlName): APIApplicationCommandBasicOption {
  return { type: ApplicationCommandOptionType.String, name, ...about(name), max_length: 200 };
}

function number(name: ControlName, { min, max }: Bounds): APIApplicationCommandBasicOption {
  return { type: ApplicationCommandOptionType.Number, name, ...about(name), min_value: min, max_value: max };
}

function wholeNumber(name: ControlName, { min, max }: Bounds): APIApplicationCommandBasicOption {
  return { type: ApplicationCommandOptionType.Integer, name, ...about(name), min_value: min, max_value: max };
}

/** The options of `/lab` that are named as the keys of recipes. Discord takes 25, so other keys need a recipe. */
export const labControls: readonly APIApplicationCommandBasicOption[] = [
  wholeNumber('size', settingBounds.size),
  text('epochs'),
  number('style-weight', transferBounds.weight),
  number('style-scale', transferBounds.styleScale),
  choice('keep-colors', colorKeepings),
  choice('init', starts),
  choice('network', networkNames),
  choice('pooling', poolings),
  choice('optimizer', optimizers),
  number('learning-rate', transferBounds.learningRate),
  wholeNumber('history', { ...transferBounds.history, max: longestHistory }),
  choice('statistic', styleStatistics),
  number('protect', transferBounds.protect),
  text('regions'),
  text('style-layers'),
  number('tv-weight', transferBounds.weight),
  wholeNumber('seed', transferBounds.seed),
];

/** Returns what was chosen by the {@link labControls}, as a recipe. */
export function recipeOfControls({ options }: ChatInputCommandInteraction): string {
  return labControls
    .flatMap(({ name }) => {
      const value = options.get(name)?.value;
      // Spaces are left out, since a space would begin the next key.
      return value === undefined ? [] : [`${name}=${String(value).replaceAll(/\s+/g, '')}`];
    })
    .join(' ');
}
