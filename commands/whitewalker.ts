import { ApplicationCommandOptionType, ApplicationCommandType } from 'discord.js';
import { attachedPicture } from '../src/discord/attached-picture.js';
import type { ChatCommand } from '../src/discord/command.js';
import {
  choices,
  chosenQuality,
  chosenShowing,
  describer,
  everywhere,
  pictureOption,
  qualityOption,
  showingOptions,
} from '../src/discord/definitions.js';
import { takeRequest } from '../src/discord/intake.js';
import { strengths, styleTransferRequest, styleTransferTexts } from '../src/discord/kinds/style-transfer.js';
import { chosenStyle, styleOptions, suggestPresets, usualStyle } from '../src/discord/style-options.js';
import { settingBounds } from '../src/settings/server-settings.js';

const about = describer(styleTransferTexts, ({ command }) => command);

/** The `/whitewalker` command orders a picture in the style of another. */
export const whitewalker = {
  kind: 'chat',
  data: {
    type: ApplicationCommandType.ChatInput,
    name: 'whitewalker',
    ...about('description'),
    ...everywhere,
    options: [
      pictureOption('content', about('content'), true),
      ...styleOptions(about),
      {
        type: ApplicationCommandOptionType.Integer,
        name: 'epochs',
        ...about('epochs'),
        min_value: settingBounds.epochs.min,
        max_value: settingBounds.epochs.max,
      },
      {
        type: ApplicationCommandOptionType.String,
        name: 'strength',
        ...about('strength'),
        choices: choices(strengths, styleTransferTexts, (texts) => texts.strengths),
      },
      qualityOption,
      {
        type: ApplicationCommandOptionType.Boolean,
        name: 'keep-colors',
        ...about('keepColors'),
      },
      ...showingOptions,
    ],
  },

  async execute(interaction, bot) {
    const { options } = interaction;
    const request = styleTransferRequest({
      content: attachedPicture(options.getAttachment('content', true), bot),
      ...(chosenStyle(interaction, bot) ?? usualStyle),
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
