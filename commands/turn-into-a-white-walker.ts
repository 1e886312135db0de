import { ApplicationCommandType, MessageFlags } from 'discord.js';
import type { MessageMenuCommand } from '../src/discord/command.js';
import { everywhere } from '../src/discord/definitions.js';
import { takeRequest } from '../src/discord/intake.js';
import { whiteWalkerRequest } from '../src/discord/kinds/style-transfer.js';
import { pictureChoice } from '../src/discord/messages/picture-choice.js';
import { picturesInMessage } from '../src/discord/pictures-in-message.js';
import { localizations } from '../src/discord/texts/language.js';
import { sharedTexts, textsFor } from '../src/discord/texts/texts.js';
import { UserError } from '../src/discord/user-error.js';

/** This entry in a message's menu paints the message's picture, and asks which one where there are several. */
export const turnIntoAWhiteWalker = {
  kind: 'message',
  data: {
    type: ApplicationCommandType.Message,
    name: sharedTexts.en.commands.messageMenu,
    name_localizations: localizations(sharedTexts, ({ commands }) => commands.messageMenu),
    ...everywhere,
  },

  async execute(interaction, bot) {
    const pictures = picturesInMessage(interaction.targetMessage);
    const [first] = pictures;
    if (first === undefined) throw new UserError('no-picture-in-message');
    if (pictures.length > 1) {
      const message = pictureChoice(textsFor(interaction.locale), pictures);
      await interaction.reply({ ...message, flags: [MessageFlags.Ephemeral, MessageFlags.IsComponentsV2] });
      return;
    }
    const { url, spoiler } = first;
    await takeRequest(interaction, whiteWalkerRequest({ kind: 'url', url }, { spoiler }), bot);
  },
} as const satisfies MessageMenuCommand;
