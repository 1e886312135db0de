import { ApplicationCommandType, MessageFlags } from 'discord.js';
import type { ChatCommand } from '../src/discord/command.js';
import { describer, everywhere } from '../src/discord/definitions.js';
import { queueView } from '../src/discord/queue-view.js';
import { sharedTexts } from '../src/discord/texts/texts.js';

const about = describer(sharedTexts, ({ commands }) => commands.queue);

/** The `/queue` command shows where a person's jobs stand, with a menu to cancel them; moderators see the server's. */
export const queue = {
  kind: 'chat',
  data: {
    type: ApplicationCommandType.ChatInput,
    name: 'queue',
    ...about('description'),
    ...everywhere,
  },

  async execute(interaction, bot) {
    await interaction.reply({
      ...queueView(interaction, bot),
      flags: MessageFlags.Ephemeral,
      allowedMentions: { parse: [] },
    });
  },
} as const satisfies ChatCommand;
