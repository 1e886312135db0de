import { ApplicationCommandType, MessageFlags } from 'discord.js';
import type { ChatCommand } from '../src/discord/command.js';
import { described, everywhere } from '../src/discord/definitions.js';
import { queueView } from '../src/discord/queue-view.js';

/** `/queue`: where a person's pictures stand, with a way to cancel them; moderators see all of the server. */
export const queue = {
  kind: 'chat',
  data: {
    type: ApplicationCommandType.ChatInput,
    name: 'queue',
    ...described((texts) => texts.commands.queue.description),
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
