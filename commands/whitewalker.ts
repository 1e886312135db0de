import { ApplicationCommandOptionType, ApplicationCommandType } from 'discord.js';
import type { ChatCommand } from '../src/discord/command.js';
import { givenPicture, lastResult } from '../src/discord/content-picture.js';
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

/** Longest link that is taken, in characters: Discord's signed ones have about 250. */
const longestLink = 1000;

/** The `/whitewalker` command orders a picture in the style of another. */
export const whitewalker = {
  kind: 'chat',
  data: {
    type: ApplicationCommandType.ChatInput,
    name: 'whitewalker',
    ...about('description'),
    ...everywhere,
    options: [
      pictureOption('content', about('content')),
      { type: ApplicationCommandOptionType.String, name: 'link', ...about('link'), max_length: longestLink },
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
    const { spoiler, ...content } = (await givenPicture(interaction, bot)) ?? (await lastResult(interaction, bot));
    const showing = chosenShowing(interaction);
    const request = styleTransferRequest({
      ...content,
      ...(chosenStyle(interaction, bot) ?? usualStyle),
      epochs: options.getInteger('epochs') ?? undefined,
      strength: strengths.find((strength) => strength === options.getString('strength')),
      quality: chosenQuality(interaction),
      keepColors: options.getBoolean('keep-colors') ?? undefined,
      ...showing,
      spoiler: showing.spoiler ?? spoiler,
    });
    await takeRequest(interaction, request, bot);
  },

  autocomplete: suggestPresets,
} as const satisfies ChatCommand;
