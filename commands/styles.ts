import { ApplicationCommandOptionType, ApplicationCommandType, MessageFlags } from 'discord.js';
import { isCoded } from '../src/coded-error.js';
import { isAgeRestricted } from '../src/discord/age-restriction.js';
import type { ChatCommand } from '../src/discord/command.js';
import { describer, everywhere, pictureOption } from '../src/discord/definitions.js';
import { styleGallery } from '../src/discord/messages/style-gallery.js';
import { requireModerator, serverOf } from '../src/discord/permissions.js';
import { serverStylePictures } from '../src/discord/server-style.js';
import { stylePlace } from '../src/discord/style-choice.js';
import { sharedTexts, textsFor } from '../src/discord/texts/texts.js';
import { UserError } from '../src/discord/user-error.js';
import { isBuiltIn } from '../src/presets/presets.js';
import { normaliseStyleName } from '../src/settings/server-styles.js';

const about = describer(sharedTexts, ({ commands }) => commands.styles);

/** The `/styles` command shows a gallery of all styles; with it, moderators add and remove the server's own. */
export const styles = {
  kind: 'chat',
  data: {
    type: ApplicationCommandType.ChatInput,
    name: 'styles',
    ...about('description'),
    ...everywhere,
    options: [
      {
        type: ApplicationCommandOptionType.Subcommand,
        name: 'list',
        ...about('list'),
      },
      {
        type: ApplicationCommandOptionType.Subcommand,
        name: 'add',
        ...about('add'),
        options: [
          {
            type: ApplicationCommandOptionType.String,
            name: 'name',
            ...about('addName'),
            required: true,
            max_length: 64,
          },
          pictureOption('image', about('addImage'), true),
        ],
      },
      {
        type: ApplicationCommandOptionType.Subcommand,
        name: 'remove',
        ...about('remove'),
        options: [
          {
            type: ApplicationCommandOptionType.String,
            name: 'name',
            ...about('removeName'),
            required: true,
            autocomplete: true,
          },
        ],
      },
    ],
  },

  async execute(interaction, bot) {
    const { options, locale, user } = interaction;
    const texts = textsFor(locale);
    const subcommand = options.getSubcommand();
    if (subcommand === 'list') {
      const all = bot.styles.options(stylePlace(interaction), texts);
      const { flags, ...gallery } = await styleGallery(texts, all, 0, bot.serverStyles);
      await interaction.reply({ ...gallery, flags: flags | MessageFlags.Ephemeral });
      return;
    }
    const guildId = requireModerator(interaction);
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    try {
      const name = normaliseStyleName(options.getString('name', true));
      if (subcommand === 'add') {
        if (isBuiltIn(name)) throw new UserError('preset-built-in', { name });
        const pictures = await serverStylePictures(options.getAttachment('image', true), bot);
        const restricted = isAgeRestricted(interaction);
        const style = { name, ...pictures, createdBy: user.id, isAgeRestricted: restricted };
        bot.serverStyles.add(guildId, style, Date.now());
        await bot.database.durable();
        await interaction.editReply({ content: texts.styles.added(name, restricted) });
        await bot.serverLog.write(guildId, ({ settings }) => settings.styleAddedEntry(`<@${user.id}>`, name));
      } else {
        if (!bot.serverStyles.remove(guildId, name)) throw new UserError('unknown-preset', { name });
        await bot.database.durable();
        await interaction.editReply({ content: texts.styles.removed(name) });
        await bot.serverLog.write(guildId, ({ settings }) => settings.styleRemovedEntry(`<@${user.id}>`, name));
      }
    } catch (error) {
      if (isCoded(error, 'style')) throw new UserError(error.code, error.context);
      throw error;
    }
  },

  async autocomplete(interaction, bot) {
    const guildId = serverOf(interaction);
    const typed = interaction.options.getFocused().trim().toLowerCase();
    const own = guildId === undefined ? [] : bot.serverStyles.list(guildId);
    const found = own.filter(({ name }) => name.includes(typed)).slice(0, 25);
    await interaction.respond(found.map(({ name }) => ({ name, value: name })));
  },
} as const satisfies ChatCommand;
