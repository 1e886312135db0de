import { ApplicationCommandOptionType, ApplicationCommandType } from 'discord.js';
import { attachedPicture } from '../src/discord/attached-picture.js';
import type { ChatCommand } from '../src/discord/command.js';
import {
  chosenQuality,
  chosenShowing,
  describer,
  everywhere,
  pictureOption,
  qualityOption,
  showingOptions,
} from '../src/discord/definitions.js';
import { takeRequest } from '../src/discord/intake.js';
import { layersRequest, layersTexts } from '../src/discord/kinds/layers.js';

const about = describer(layersTexts, ({ command }) => command);

/** The `/layers` command shows what layers of the network see in a picture. */
export const layers = {
  kind: 'chat',
  data: {
    type: ApplicationCommandType.ChatInput,
    name: 'layers',
    ...about('description'),
    ...everywhere,
    options: [
      pictureOption('image', about('image'), true),
      {
        type: ApplicationCommandOptionType.String,
        name: 'layers',
        ...about('layers'),
        max_length: 200,
      },
      qualityOption,
      ...showingOptions,
    ],
  },

  async execute(interaction, bot) {
    const { options } = interaction;
    const request = layersRequest({
      content: attachedPicture(options.getAttachment('image', true), bot),
      layers: namesIn(options.getString('layers') ?? ''),
      quality: chosenQuality(interaction),
      ...chosenShowing(interaction),
    });
    await takeRequest(interaction, request, bot);
  },
} as const satisfies ChatCommand;

/** Returns the layer names in a list such as "relu1_1, relu2_1"; undefined where the list has none. */
function namesIn(list: string): readonly string[] | undefined {
  const names = list.split(/[\s,;]+/).filter((name) => name !== '');
  return names.length > 0 ? names : undefined;
}
