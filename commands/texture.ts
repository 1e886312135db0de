import { ApplicationCommandOptionType, ApplicationCommandType } from 'discord.js';
import type { ChatCommand } from '../src/discord/command.js';
import {
  chosenQuality,
  chosenShowing,
  describer,
  everywhere,
  qualityOption,
  showingOptions,
} from '../src/discord/definitions.js';
import { takeRequest } from '../src/discord/intake.js';
import { textureRequest, textureTexts } from '../src/discord/kinds/texture.js';
import { chosenStyle, styleOptions, suggestPresets, usualStyle } from '../src/discord/style-options.js';

const about = describer(textureTexts, ({ command }) => command);

/** The `/texture` command orders a texture: a style alone, without a content picture. */
export const texture = {
  kind: 'chat',
  data: {
    type: ApplicationCommandType.ChatInput,
    name: 'texture',
    ...about('description'),
    ...everywhere,
    options: [
      ...styleOptions(about),
      {
        type: ApplicationCommandOptionType.Boolean,
        name: 'tile',
        ...about('tile'),
      },
      qualityOption,
      ...showingOptions,
    ],
  },

  async execute(interaction, bot) {
    const request = textureRequest({
      ...(chosenStyle(interaction, bot) ?? usualStyle),
      tile: interaction.options.getBoolean('tile') ?? undefined,
      quality: chosenQuality(interaction),
      ...chosenShowing(interaction),
    });
    await takeRequest(interaction, request, bot);
  },

  autocomplete: suggestPresets,
} as const satisfies ChatCommand;
