import {
  type APIApplicationCommandSubcommandOption,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  MessageFlags,
} from 'discord.js';
import { isCoded } from '../src/coded-error.js';
import { isAgeRestricted } from '../src/discord/age-restriction.js';
import type { ChatCommand } from '../src/discord/command.js';
import { describer, everywhere, pictureOption } from '../src/discord/definitions.js';
import { keptStylePictures } from '../src/discord/kept-style.js';
import { styleGallery } from '../src/discord/messages/style-gallery.js';
import { requireModerator, serverOf } from '../src/discord/permissions.js';
import { stylePlace } from '../src/discord/style-choice.js';
import { sharedTexts, textsFor } from '../src/discord/texts/texts.js';
import { UserError } from '../src/discord/user-error.js';
import { isBuiltIn } from '../src/presets/presets.js';
import { normaliseStyleName, type StyleKeeper } from '../src/settings/kept-styles.js';

const about = describer(sharedTexts, ({ commands }) => commands.styles);

/** Returns a subcommand that adds a style, under a name and from a picture. */
function adding(name: 'add' | 'save'): APIApplicationCommandSubcommandOption {
  return {
    type: ApplicationCommandOptionType.Subcommand,
    name,
    ...about(name),
    options: [
      { type: ApplicationCommandOptionType.String, name: 'name', ...about('addName'), required: true, max_length: 64 },
      pictureOption('image', about('addImage'), true),
    ],
  };
}

/** Returns a subcommand that removes a style, which is chosen by its name. */
function removing(name: 'remove' | 'forget'): APIApplicationCommandSubcommandOption {
  const option = { name: 'name', ...about('removeName'), required: true, autocomplete: true } as const;
  return {
    type: ApplicationCommandOptionType.Subcommand,
    name,
    ...about(name),
    options: [{ type: ApplicationCommandOptionType.String, ...option }],
  };
}

/**
 * The `/styles` command shows a gallery of all styles; with it, people keep styles for themselves, and moderators those of
 * the server.
 */
export const styles = {
  kind: 'chat',
  data: {
    type: ApplicationCommandType.ChatInput,
    name: 'styles',
    ...about('description'),
    ...everywhere,
    options: [
      { type: ApplicationCommandOptionType.Subcommand, name: 'list', ...about('list') },
      adding('save'),
      removing('forget'),
      adding('add'),
      removing('remove'),
    ],
  },

  async execute(interaction, bot) {
    const { options, locale, user } = interaction;
    const texts = textsFor(locale);
    const subcommand = options.getSubcommand();
    if (subcommand === 'list') {
      const all = bot.styles.options(stylePlace(interaction), texts);
      const { flags, ...gallery } = await styleGallery(texts, all, 0, bot.keptStyles);
      await interaction.reply({ ...gallery, flags: flags | MessageFlags.Ephemeral });
      return;
    }
    const isOwn = subcommand === 'save' || subcommand === 'forget';
    const keeper: StyleKeeper = isOwn ? { personId: user.id } : { guildId: requireModerator(interaction) };
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    try {
      const name = normaliseStyleName(options.getString('name', true));
      const isNew = subcommand === 'save' || subcommand === 'add';
      const isRestricted = isAgeRestricted(interaction);
      const notes: string[] = [];
      if (isNew) {
        if (isBuiltIn(name)) throw new UserError('preset-built-in', { name });
        const kept = await keptStylePictures(options.getAttachment('image', true), bot);
        const { moves, isTransparent, ...pictures } = kept;
        if (moves) notes.push(texts.job.styleMoves);
        if (isTransparent) notes.push(texts.job.styleIsTransparent);
        const style = { name, ...pictures, isAgeRestricted: isRestricted, ...(isOwn ? {} : { createdBy: user.id }) };
        bot.keptStyles.add(keeper, style, Date.now());
      } else if (!bot.keptStyles.remove(keeper, name)) throw new UserError('unknown-preset', { name });
      await bot.database.durable();
      const { added, saved, removed } = texts.styles;
      const done = isNew ? (isOwn ? saved : added)(name, isRestricted) : removed(name);
      await interaction.editReply({ content: [done, ...notes].join('\n') });
      if ('personId' in keeper) return;
      await bot.serverLog.write(keeper.guildId, ({ settings: { styleAddedEntry, styleRemovedEntry } }) =>
        (isNew ? styleAddedEntry : styleRemovedEntry)(`<@${user.id}>`, name),
      );
    } catch (error) {
      if (isCoded(error, 'style')) throw new UserError(error.code, error.context);
      throw error;
    }
  },

  async autocomplete(interaction, bot) {
    const guildId = serverOf(interaction);
    const { options, user } = interaction;
    const keeper = options.getSubcommand() === 'forget' ? { personId: user.id } : guildId && { guildId };
    const typed = options.getFocused().trim().toLowerCase();
    const kept = keeper ? bot.keptStyles.list(keeper) : [];
    const found = kept.filter(({ name }) => name.includes(typed)).slice(0, 25);
    await interaction.respond(found.map(({ name }) => ({ name, value: name })));
  },
} as const satisfies ChatCommand;
