import { ApplicationCommandType } from 'discord.js';
import { attachedPicture } from '../src/discord/attached-picture.js';
import type { ChatCommand } from '../src/discord/command.js';
import { chosenShowing, describer, everywhere, pictureOption, showingOptions } from '../src/discord/definitions.js';
import { takeRequest } from '../src/discord/intake.js';
import { spotDifferenceRequest, spotDifferenceTexts } from '../src/discord/kinds/spot-difference.js';

const about = describer(spotDifferenceTexts, ({ command }) => command);

/** The `/spot-difference` command shows what two pictures differ in. */
export const spotDifference = {
  kind: 'chat',
  data: {
    type: ApplicationCommandType.ChatInput,
    name: 'spot-difference',
    ...about('description'),
    ...everywhere,
    options: [
      pictureOption('first', about('first'), true),
      pictureOption('second', about('second'), true),
      ...showingOptions,
    ],
  },

  async execute(interaction, bot) {
    const { options } = interaction;
    const request = spotDifferenceRequest({
      first: attachedPicture(options.getAttachment('first', true), bot),
      second: attachedPicture(options.getAttachment('second', true), bot),
      ...chosenShowing(interaction),
    });
    await takeRequest(interaction, request, bot);
  },
} as const satisfies ChatCommand;
