import { ApplicationCommandOptionType, ApplicationCommandType, MessageFlags } from 'discord.js';
import type { ChatCommand } from '../src/discord/command.js';
import { choices, chosenQuality, describer, everywhere } from '../src/discord/definitions.js';
import { defaultsTexts } from '../src/discord/texts/defaults-texts.js';
import { localizations } from '../src/discord/texts/language.js';
import { sharedTexts, textsFor } from '../src/discord/texts/texts.js';
import { qualities } from '../src/works/quality.js';

const about = describer(defaultsTexts, ({ command }) => command);

/** The choice that takes a default quality back. */
const asServer = 'server';

/** The `/defaults` command sets what holds for a person where they choose nothing, and says what that is. */
export const defaults = {
  kind: 'chat',
  data: {
    type: ApplicationCommandType.ChatInput,
    name: 'defaults',
    ...about('description'),
    ...everywhere,
    options: [
      {
        type: ApplicationCommandOptionType.String,
        name: 'quality',
        ...about('quality'),
        choices: [
          ...choices(qualities, sharedTexts, (texts) => texts.qualities),
          {
            name: defaultsTexts.en.asServer,
            name_localizations: localizations(defaultsTexts, (texts) => texts.asServer),
            value: asServer,
          },
        ],
      },
      { type: ApplicationCommandOptionType.Boolean, name: 'keep-colors', ...about('keepColors') },
    ],
  },

  async execute(interaction, { personalDefaults, database }) {
    const { options, user, locale } = interaction;
    const before = personalDefaults.of(user.id);
    const quality = options.getString('quality') === null ? before.quality : chosenQuality(interaction);
    // What is as for everybody anyway is not kept.
    const keepColors = (options.getBoolean('keep-colors') ?? before.keepColors) || undefined;
    if (quality !== before.quality || keepColors !== before.keepColors) {
      personalDefaults.set(user.id, { quality, keepColors });
      await database.durable();
    }
    const texts = textsFor(locale);
    const { asServer: unset, told, ownColors, styleColors } = defaultsTexts[texts.language];
    await interaction.reply({
      content: told(quality === undefined ? unset : texts.qualities[quality], keepColors ? ownColors : styleColors),
      flags: MessageFlags.Ephemeral,
    });
  },
} as const satisfies ChatCommand;
