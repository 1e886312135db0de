import { ApplicationCommandOptionType, ApplicationCommandType } from 'discord.js';
import type { ChatCommand } from '../src/discord/command.js';
import { choices, described, everywhere, pictureOption } from '../src/discord/definitions.js';
import { takeRequest } from '../src/discord/intake.js';
import { serverOf } from '../src/discord/permissions.js';
import { styleTransferRequest } from '../src/discord/requests/style-transfer-request.js';
import { defaultPreset, optionValue } from '../src/discord/style-choice.js';
import { textsFor } from '../src/discord/texts/texts.js';
import { UserError } from '../src/discord/user-error.js';
import { qualities, strengths } from '../src/jobs/order.js';
import { settingBounds } from '../src/settings/server-settings.js';

/** Suggestions that Discord shows at most. */
const mostSuggestions = 25;

/** `/whitewalker`: a picture, and the style that it takes. */
export const whitewalker = {
  kind: 'chat',
  data: {
    type: ApplicationCommandType.ChatInput,
    name: 'whitewalker',
    ...described((texts) => texts.commands.whitewalker.description),
    ...everywhere,
    options: [
      pictureOption('content', (texts) => texts.commands.whitewalker.content, true),
      pictureOption('style', (texts) => texts.commands.whitewalker.style),
      {
        type: ApplicationCommandOptionType.String,
        name: 'preset',
        ...described((texts) => texts.commands.whitewalker.preset),
        autocomplete: true,
      },
      {
        type: ApplicationCommandOptionType.Integer,
        name: 'epochs',
        ...described((texts) => texts.commands.whitewalker.epochs),
        min_value: settingBounds.epochs.min,
        max_value: settingBounds.epochs.max,
      },
      {
        type: ApplicationCommandOptionType.String,
        name: 'strength',
        ...described((texts) => texts.commands.whitewalker.strength),
        choices: choices(strengths, (texts, strength) => texts.strengths[strength]),
      },
      {
        type: ApplicationCommandOptionType.String,
        name: 'quality',
        ...described((texts) => texts.commands.whitewalker.quality),
        choices: choices(qualities, (texts, quality) => texts.qualities[quality]),
      },
      {
        type: ApplicationCommandOptionType.Boolean,
        name: 'keep-colors',
        ...described((texts) => texts.commands.whitewalker.keepColors),
      },
      {
        type: ApplicationCommandOptionType.Boolean,
        name: 'private',
        ...described((texts) => texts.commands.whitewalker.private),
      },
      {
        type: ApplicationCommandOptionType.Boolean,
        name: 'spoiler',
        ...described((texts) => texts.commands.whitewalker.spoiler),
      },
    ],
  },

  async execute(interaction, bot) {
    const { options } = interaction;
    const content = options.getAttachment('content', true);
    const style = options.getAttachment('style');
    const word = options.getString('preset');
    if (style !== null && word !== null) throw new UserError('style-or-preset');
    for (const { size } of style === null ? [content] : [content, style]) {
      if (size > bot.config.maxInputBytes) {
        throw new UserError('attachment-too-large', {
          maxMegabytes: Math.floor(bot.config.maxInputBytes / 1024 / 1024),
        });
      }
    }
    const preset =
      style !== null
        ? undefined
        : word === null
          ? defaultPreset
          : bot.styles.find(word, serverOf(interaction), textsFor(interaction.locale));
    await takeRequest(
      interaction,
      styleTransferRequest({
        content: { kind: 'url', url: content.url },
        style: style === null ? { kind: 'preset', preset: preset ?? defaultPreset } : { kind: 'url', url: style.url },
        preset,
        epochs: options.getInteger('epochs') ?? undefined,
        strength: strengths.find((strength) => strength === options.getString('strength')),
        quality: qualities.find((quality) => quality === options.getString('quality')),
        keepColors: options.getBoolean('keep-colors') ?? undefined,
        private: options.getBoolean('private') ?? undefined,
        spoiler: options.getBoolean('spoiler') ?? undefined,
      }),
      bot,
    );
  },

  async autocomplete(interaction, bot) {
    const typed = interaction.options.getFocused().trim().toLowerCase();
    const found = bot.styles
      .options(serverOf(interaction), textsFor(interaction.locale))
      .filter(({ reference, title }) => reference.name.includes(typed) || title.toLowerCase().includes(typed));
    await interaction.respond(
      found.slice(0, mostSuggestions).map(({ reference, title }) => ({ name: title, value: optionValue(reference) })),
    );
  },
} as const satisfies ChatCommand;
