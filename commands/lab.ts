import {
  type APIApplicationCommandBasicOption,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  type ChatInputCommandInteraction,
} from 'discord.js';
import { attachedPicture } from '../src/discord/attached-picture.js';
import type { BotServices } from '../src/discord/bot-services.js';
import type { ChatCommand } from '../src/discord/command.js';
import { chosenShowing, describer, everywhere, pictureOption, showingOptions } from '../src/discord/definitions.js';
import { takeRequest } from '../src/discord/intake.js';
import { type LabStyleWish, labRequest, labTexts, understoodRecipe } from '../src/discord/kinds/lab.js';
import { labControls, recipeOfControls } from '../src/discord/kinds/lab-controls.js';
import { longestRecipe } from '../src/discord/kinds/lab-modal.js';
import { serverOf } from '../src/discord/permissions.js';
import { chosenStyle, styleOptions, suggestPresets } from '../src/discord/style-options.js';
import { UserError } from '../src/discord/user-error.js';
import { mergeRecipes } from '../src/transfer/recipe/recipe.js';

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
      pictureOption('content', about('content'), true),
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
    const mask = options.getAttachment('mask');
    const request = labRequest({
      content: attachedPicture(options.getAttachment('content', true), bot),
      styles: chosenStyles(interaction, bot),
      mask: mask === null ? undefined : attachedPicture(mask, bot),
      recipe: mergeRecipes(
        understoodRecipe(options.getString('recipe') ?? '', settings),
        understoodRecipe(recipeOfControls(interaction), settings),
      ),
      ...chosenShowing(interaction),
    });
    await takeRequest(interaction, request, bot);
  },

  autocomplete: suggestPresets,
} as const satisfies ChatCommand;

/** Returns one or two chosen styles with their shares. @throws UserError for a mix of one style or without sense. */
function chosenStyles(interaction: ChatInputCommandInteraction, bot: BotServices): readonly LabStyleWish[] {
  const { options } = interaction;
  const second = options.getAttachment('style-2');
  const first = chosenStyle(interaction, bot);
  const mix = options.getString('mix');
  if (second === null) {
    if (mix !== null) throw new UserError('mix-needs-two-styles');
    return [{ ...first, weight: 1 }];
  }
  const [weight = 1, otherWeight = 1] = mix === null ? [] : sharesIn(mix);
  return [
    { ...first, weight },
    { style: attachedPicture(second, bot), preset: undefined, weight: otherWeight },
  ];
}

/** Returns the two shares in text such as "2:1". @throws UserError `bad-mix` where the text makes no sense. */
function sharesIn(mix: string): readonly [number, number] {
  const [, first, second] = /^\s*(\d+(?:[.,]\d+)?)\s*[:/]\s*(\d+(?:[.,]\d+)?)\s*$/.exec(mix) ?? [];
  const [one, other] = [first, second].map((share) => Number(share?.replace(',', '.')));
  if (one === undefined || other === undefined || !(one + other > 0)) throw new UserError('bad-mix', { text: mix });
  return [one, other];
}
