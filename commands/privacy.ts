import { ApplicationCommandOptionType, ApplicationCommandType, MessageFlags } from 'discord.js';
import type { ChatCommand } from '../src/discord/command.js';
import { describer, everywhere } from '../src/discord/definitions.js';
import { confirmationMessage, keptMessage } from '../src/discord/messages/privacy-message.js';
import { sharedTexts, textsFor } from '../src/discord/texts/texts.js';

const about = describer(sharedTexts, ({ commands }) => commands.privacy);

/** The `/privacy` command shows people what is kept of them, and lets them have all of it deleted at once. */
export const privacy = {
  kind: 'chat',
  data: {
    type: ApplicationCommandType.ChatInput,
    name: 'privacy',
    ...about('description'),
    ...everywhere,
    options: [
      {
        type: ApplicationCommandOptionType.Subcommand,
        name: 'show',
        ...about('show'),
      },
      {
        type: ApplicationCommandOptionType.Subcommand,
        name: 'delete',
        ...about('delete'),
      },
    ],
  },

  async execute(interaction, { erasure, config }) {
    const texts = textsFor(interaction.locale);
    const { id } = interaction.user;
    const message =
      interaction.options.getSubcommand() === 'delete'
        ? confirmationMessage(texts, id)
        : keptMessage(texts, erasure.kept(id), config.keepInputsMs);
    await interaction.reply({ ...message, flags: MessageFlags.Ephemeral });
  },
} as const satisfies ChatCommand;
