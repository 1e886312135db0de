import { ApplicationCommandType } from 'discord.js';
import { attachedPicture } from '../src/discord/attached-picture.js';
import type { ChatCommand } from '../src/discord/command.js';
import { chosenShowing, described, everywhere, pictureOption, showingOptions } from '../src/discord/definitions.js';
import { takeRequest } from '../src/discord/intake.js';
import { spotDifferenceRequest } from '../src/discord/requests/spot-difference-request.js';

/** `/spot-difference`: what two pictures differ in. */
export const spotDifference = {
  kind: 'chat',
  data: {
    type: ApplicationCommandType.ChatInput,
    name: 'spot-difference',
    ...described((texts) => texts.commands.spotDifference.description),
    ...everywhere,
    options: [
      pictureOption('first', (texts) => texts.commands.spotDifference.first, true),
      pictureOption('second', (texts) => texts.commands.spotDifference.second, true),
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
