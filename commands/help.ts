import { ApplicationCommandType, MessageFlags } from 'discord.js';
import type { ChatCommand } from '../src/discord/command.js';
import { describer, everywhere } from '../src/discord/definitions.js';
import { kinds } from '../src/discord/kinds/kinds.js';
import { serverOf } from '../src/discord/permissions.js';
import { sharedTexts, textsFor } from '../src/discord/texts/texts.js';
import { networkTitles } from '../src/engine/topology.js';
import { qualities } from '../src/works/quality.js';

const about = describer(sharedTexts, ({ commands }) => commands.help);

/** The `/help` command tells what the bot does, and what is allowed here. */
export const help = {
  kind: 'chat',
  data: {
    type: ApplicationCommandType.ChatInput,
    name: 'help',
    ...about('description'),
    ...everywhere,
  },

  async execute(interaction, { config, settings }) {
    const texts = textsFor(interaction.locale);
    const { epochsMax, epochsDefault, sizeMax, activePerPerson, dailyPerPerson, quality } = settings.of(
      serverOf(interaction),
    );
    const meanings = qualities.map((name) => {
      const { network = 'vgg19-lite', size, epochs } = config.qualities[name];
      const title = networkTitles[network];
      return texts.help.quality(texts.qualities[name], Math.min(size, sizeMax), Math.min(epochs, epochsMax), title);
    });
    const usual = epochsDefault ?? config.qualities[quality ?? 'standard'].epochs;
    const body = texts.help.body({
      epochsMax,
      epochsDefault: Math.min(usual, epochsMax),
      active: activePerPerson,
      daily: dailyPerPerson,
      qualities: meanings,
      kinds: kinds.flatMap((kind) => kind.texts[texts.language].help ?? []),
      keepHours: config.keepInputsMs / 3_600_000,
    });
    await interaction.reply({ content: `## ${texts.help.title}\n${body}`, flags: MessageFlags.Ephemeral });
  },
} as const satisfies ChatCommand;
