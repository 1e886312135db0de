import {
  type APIApplicationCommandBasicOption,
  ApplicationCommandOptionType,
  ApplicationCommandType,
} from 'discord.js';
import { isCoded } from '../src/coded-error.js';
import { attachedPicture } from '../src/discord/attached-picture.js';
import type { ChatCommand } from '../src/discord/command.js';
import { lastResult } from '../src/discord/content-picture.js';
import { chosenShowing, describer, everywhere, pictureOption, showingOptions } from '../src/discord/definitions.js';
import { takeRequest } from '../src/discord/intake.js';
import { labRequest, understoodRecipe } from '../src/discord/kinds/lab.js';
import { labControls, recipeOfControls } from '../src/discord/kinds/lab-controls.js';
import { longestRecipe } from '../src/discord/kinds/lab-modal.js';
import { labPictures } from '../src/discord/kinds/lab-pictures.js';
import { labTexts } from '../src/discord/kinds/lab-texts.js';
import { serverOf } from '../src/discord/permissions.js';
import { pictureByDigest } from '../src/discord/picture-by-digest.js';
import { chosenStyle, styleOptions, suggestPresets, usualStyle } from '../src/discord/style-options.js';
import { UserError } from '../src/discord/user-error.js';
import { mergeRecipes, parseRecipe } from '../src/transfer/recipe/recipe.js';

const about = describer(labTexts, ({ command }) => command);

const recipeOption = {
  type: ApplicationCommandOptionType.String,
  name: 'recipe',
  ...about('recipe'),
  max_length: longestRecipe,
} as const satisfies APIApplicationCommandBasicOption;

const mixOption = {
  type: ApplicationCommandOptionType.String,
  name: 'mix',
  ...about('mix'),
  max_length: 20,
} as const satisfies APIApplicationCommandBasicOption;

/** The `/lab` command orders a style transfer with all its controls. */
export const lab = {
  kind: 'chat',
  data: {
    type: ApplicationCommandType.ChatInput,
    name: 'lab',
    ...about('description'),
    ...everywhere,
    options: [
      pictureOption('content', about('content')),
      ...styleOptions(about),
      pictureOption('style-2', about('style-2')),
      mixOption,
      pictureOption('mask', about('mask')),
      recipeOption,
      ...labControls,
      ...showingOptions.filter(({ name }) => name === 'private'),
    ],
  },

  async execute(interaction, bot) {
    const { options } = interaction;
    const settings = bot.settings.of(serverOf(interaction));
    const pictureOf = (name: string) => {
      const attachment = options.getAttachment(name);
      return attachment === null ? undefined : attachedPicture(attachment, bot);
    };
    const { pictures: named, ...recipe } = mergeRecipes(
      understoodRecipe(options.getString('recipe') ?? '', settings),
      understoodRecipe(recipeOfControls(interaction), settings),
    );
    const second = pictureOf('style-2');
    const first = chosenStyle(interaction, bot);
    const beside = {
      content: pictureOf('content'),
      styles: second ? [first, { style: second, preset: undefined }] : first ? [first] : [],
      mix: chosenMix(options.getString('mix')),
      mask: pictureOf('mask'),
    };
    const isNamed = beside.content !== undefined || named?.content !== undefined;
    const last = isNamed ? undefined : await lastResult(interaction, bot);
    const usual = { content: last?.content, styles: [{ ...usualStyle, weight: 1 }] };
    const find = (digest: string) => pictureByDigest(interaction, digest, bot);
    const wishes = { ...labPictures(beside, named, usual, find), takenFrom: last?.takenFrom, spoiler: last?.spoiler };
    await takeRequest(interaction, labRequest({ ...wishes, recipe, private: chosenShowing(interaction).private }), bot);
  },

  autocomplete: suggestPresets,
} as const satisfies ChatCommand;

/** Returns the shares in text such as "2:1". @throws UserError `bad-mix` where the text makes no sense. */
function chosenMix(text: string | null): readonly number[] | undefined {
  if (text === null) return undefined;
  try {
    return parseRecipe(`mix=${text}`).pictures?.mix;
  } catch (error) {
    throw isCoded(error, 'recipe') ? new UserError('bad-mix', { text }) : error;
  }
}
