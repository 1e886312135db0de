import { ApplicationCommandOptionType, ApplicationCommandType } from 'discord.js';
import { attachedPicture } from '../src/discord/attached-picture.js';
import type { ChatCommand } from '../src/discord/command.js';
import {
  choices,
  chosenQuality,
  chosenShowing,
  described,
  everywhere,
  pictureOption,
  qualityOption,
  showingOptions,
} from '../src/discord/definitions.js';
import { takeRequest } from '../src/discord/intake.js';
import { styleTransferRequest } from '../src/discord/requests/style-transfer-request.js';
import { chosenStyle, styleOptions, suggestPresets } from '../src/discord/style-options.js';
import { strengths } from '../src/jobs/order.js';
import { settingBounds } from '../src/settings/server-settings.js';

/** `/whitewalker`: a picture, and the style that it takes. */
export const whitewalker = {
  kind: 'chat',
  data: {
    type: ApplicationCommandType.ChatInput,
    name: 'whitewalker',
    ...described((texts) => texts.commands.whitewalker.description),
    ...everywhere,
    options: [
      pictureOption('content', (texts) => texts.commands.whitewalker.content, true),
      ...styleOptions(
        (texts) => texts.commands.whitewalker.style,
        (texts) => texts.commands.whitewalker.preset,
      ),
      {
        type: ApplicationCommandOptionType.Integer,
        name: 'epochs',
        ...described((texts) => texts.commands.whitewalker.epochs),
        min_value: settingBounds.epochs.min,
        max_value: settingBounds.epochs.max,
      },
      {
        type: ApplicationCommandOptionType.String,
        name: 'strength',
        ...described((texts) => texts.commands.whitewalker.strength),
        choices: choices(strengths, (texts, strength) => texts.strengths[strength]),
      },
      qualityOption,
      {
        type: ApplicationCommandOptionType.Boolean,
        name: 'keep-colors',
        ...described((texts) => texts.commands.whitewalker.keepColors),
      },
      ...showingOptions,
    ],
  },

  async execute(interaction, bot) {
    const { options } = interaction;
    const request = styleTransferRequest({
      content: attachedPicture(options.getAttachment('content', true), bot),
      ...chosenStyle(interaction, bot),
      epochs: options.getInteger('epochs') ?? undefined,
      strength: strengths.find((strength) => strength === options.getString('strength')),
      quality: chosenQuality(interaction),
      keepColors: options.getBoolean('keep-colors') ?? undefined,
      ...chosenShowing(interaction),
    });
    await takeRequest(interaction, request, bot);
  },

  autocomplete: suggestPresets,
} as const satisfies ChatCommand;
