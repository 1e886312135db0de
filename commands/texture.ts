import { ApplicationCommandOptionType, ApplicationCommandType } from 'discord.js';
import type { ChatCommand } from '../src/discord/command.js';
import {
  chosenQuality,
  chosenShowing,
  described,
  everywhere,
  qualityOption,
  showingOptions,
} from '../src/discord/definitions.js';
import { takeRequest } from '../src/discord/intake.js';
import { textureRequest } from '../src/discord/requests/texture-request.js';
import { chosenStyle, styleOptions, suggestPresets } from '../src/discord/style-options.js';

/** `/texture`: a style alone. */
export const texture = {
  kind: 'chat',
  data: {
    type: ApplicationCommandType.ChatInput,
    name: 'texture',
    ...described((texts) => texts.commands.texture.description),
    ...everywhere,
    options: [
      ...styleOptions(
        (texts) => texts.commands.texture.style,
        (texts) => texts.commands.texture.preset,
      ),
      {
        type: ApplicationCommandOptionType.Boolean,
        name: 'tile',
        ...described((texts) => texts.commands.texture.tile),
      },
      qualityOption,
      ...showingOptions,
    ],
  },

  async execute(interaction, bot) {
    const request = textureRequest({
      ...chosenStyle(interaction, bot),
      tile: interaction.options.getBoolean('tile') ?? undefined,
      quality: chosenQuality(interaction),
      ...chosenShowing(interaction),
    });
    await takeRequest(interaction, request, bot);
  },

  autocomplete: suggestPresets,
} as const satisfies ChatCommand;
