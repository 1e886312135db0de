import {
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandSubcommandOption,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ChannelType,
  MessageFlags,
  PermissionFlagsBits,
} from 'discord.js';
import { isCoded } from '../src/coded-error.js';
import type { BotServices } from '../src/discord/bot-services.js';
import type { ChatCommand } from '../src/discord/command.js';
import { choices, describer, inServers } from '../src/discord/definitions.js';
import { listedChannels, listedRoles } from '../src/discord/listed-entries.js';
import { changesBetween, type SettingsView, settingsMessage } from '../src/discord/messages/settings-message.js';
import { isModerator, requireManager, requireModerator, serverOf } from '../src/discord/permissions.js';
import { settingsChanges } from '../src/discord/settings-changes.js';
import { localizations } from '../src/discord/texts/language.js';
import { sharedTexts, type Texts, textsFor } from '../src/discord/texts/texts.js';
import { UserError } from '../src/discord/user-error.js';
import { settingBounds } from '../src/settings/server-settings.js';
import { qualities } from '../src/works/quality.js';

const about = describer(sharedTexts, ({ commands }) => commands.settings);
type TextKey = Parameters<typeof about>[0];

function subcommand(
  name: string,
  key: TextKey,
  options: APIApplicationCommandBasicOption[] = [],
): APIApplicationCommandSubcommandOption {
  return { type: ApplicationCommandOptionType.Subcommand, name, ...about(key), options };
}

/** Returns an option for a whole number. The settings check the bounds again, and name them in their error. */
function numberOption(
  name: string,
  key: TextKey,
  { min, max }: { readonly min: number; readonly max: number },
): APIApplicationCommandBasicOption {
  return { type: ApplicationCommandOptionType.Integer, name, ...about(key), min_value: min, max_value: max };
}

const channelTypes = [
  ChannelType.GuildText,
  ChannelType.GuildAnnouncement,
  ChannelType.GuildForum,
  ChannelType.GuildVoice,
] as const;

function channelOption(required: boolean): APIApplicationCommandBasicOption {
  return {
    type: ApplicationCommandOptionType.Channel,
    name: 'channel',
    ...about('channel'),
    channel_types: [...channelTypes],
    required,
  };
}

/** Returns an option for an entry of a list of channels or roles. What is listed may be deleted, so it isn't picked as such. */
function entryOption(name: string, key: TextKey): APIApplicationCommandBasicOption {
  return { type: ApplicationCommandOptionType.String, name, ...about(key), required: true, autocomplete: true };
}

const personOption: APIApplicationCommandBasicOption = {
  type: ApplicationCommandOptionType.User,
  name: 'person',
  ...about('person'),
  required: true,
};

const day = 24;
/** For how long people can be blocked, in hours. */
const blockHours = { hour: 1, day, week: 7 * day, month: 30 * day } as const;
const blockSpans = ['hour', 'day', 'week', 'month'] as const;

/** The `/settings` command shows and changes what a server allows. */
export const settings = {
  kind: 'chat',
  data: {
    type: ApplicationCommandType.ChatInput,
    name: 'settings',
    ...about('description'),
    ...inServers,
    // Discord asks for all permissions that are named, so this hides it from most; who may do what is checked below.
    default_member_permissions: String(PermissionFlagsBits.ManageMessages),
    options: [
      subcommand('show', 'show'),
      subcommand('epochs', 'epochs', [
        numberOption('max', 'epochsMax', settingBounds.epochs),
        numberOption('default', 'epochsDefault', settingBounds.epochs),
      ]),
      subcommand('size', 'size', [{ ...numberOption('max', 'sizeMax', settingBounds.size), required: true }]),
      subcommand('limits', 'limits', [
        numberOption('active', 'limitsActive', settingBounds.active),
        numberOption('daily', 'limitsDaily', settingBounds.daily),
        numberOption('queue', 'limitsQueue', settingBounds.queue),
      ]),
      subcommand('quality', 'quality', [
        {
          type: ApplicationCommandOptionType.String,
          name: 'default',
          ...about('qualityDefault'),
          choices: choices(qualities, sharedTexts, (texts) => texts.qualities),
          required: true,
        },
      ]),
      {
        type: ApplicationCommandOptionType.SubcommandGroup,
        name: 'animation',
        ...about('animation'),
        options: [
          subcommand('frames', 'animationFrames', [
            { ...numberOption('max', 'framesMax', { ...settingBounds.frames, min: 2 }), required: true },
          ]),
          subcommand('off', 'animationOff'),
        ],
      },
      {
        type: ApplicationCommandOptionType.SubcommandGroup,
        name: 'channels',
        ...about('channels'),
        options: [
          subcommand('allow', 'channelsAllow', [channelOption(true)]),
          subcommand('deny', 'channelsDeny', [channelOption(true)]),
          subcommand('remove', 'channelsRemove', [entryOption('channel', 'channel')]),
          subcommand('clear', 'channelsClear'),
          subcommand('age-restricted', 'channelsAgeRestricted', [
            {
              type: ApplicationCommandOptionType.Boolean,
              name: 'allowed',
              ...about('ageRestrictedAllowed'),
              required: true,
            },
          ]),
        ],
      },
      {
        type: ApplicationCommandOptionType.SubcommandGroup,
        name: 'roles',
        ...about('roles'),
        options: [
          subcommand('allow', 'rolesAllow', [
            { type: ApplicationCommandOptionType.Role, name: 'role', ...about('role'), required: true },
          ]),
          subcommand('remove', 'rolesRemove', [entryOption('role', 'role')]),
          subcommand('clear', 'rolesClear'),
        ],
      },
      {
        type: ApplicationCommandOptionType.SubcommandGroup,
        name: 'people',
        ...about('people'),
        options: [
          subcommand('block', 'peopleBlock', [
            personOption,
            {
              type: ApplicationCommandOptionType.Integer,
              name: 'for',
              ...about('blockFor'),
              choices: blockSpans.map((span) => ({
                name: sharedTexts.en.commands.blockSpans[span],
                name_localizations: localizations(sharedTexts, ({ commands }) => commands.blockSpans[span]),
                value: blockHours[span],
              })),
            },
          ]),
          subcommand('unblock', 'peopleUnblock', [personOption]),
        ],
      },
      subcommand('log', 'log', [channelOption(false)]),
      subcommand('reset', 'reset'),
    ],
  },

  async execute(interaction, bot) {
    const { options, user } = interaction;
    const name = [options.getSubcommandGroup(), options.getSubcommand()].filter((part) => part !== null).join(' ');
    const change = settingsChanges[name];
    const guildId = change === undefined ? requireModerator(interaction) : requireManager(interaction);
    const texts = textsFor(interaction.locale);
    const { qualities } = bot.config;
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    const before = viewOf(guildId, bot);
    if (change === undefined) {
      await interaction.editReply({ content: settingsMessage(texts, before, qualities) });
      return;
    }
    try {
      if (interaction.inGuild()) await change(interaction, guildId, bot);
      await bot.database.durable();
    } catch (error) {
      if (isCoded(error, 'setting')) throw new UserError(error.code, error.context);
      throw error;
    }
    const now = viewOf(guildId, bot);
    const isChanged = changesBetween(texts, before, now, qualities).length > 0;
    const said = isChanged ? texts.settings.changed : texts.settings.unchanged;
    await interaction.editReply({ content: `${said}\n${settingsMessage(texts, now, qualities)}` });
    if (!isChanged) return;
    const entry = (serverTexts: Texts) => {
      const { logEntry, resetEntry } = serverTexts.settings;
      const what = changesBetween(serverTexts, before, now, qualities).join('\n');
      return (name === 'reset' ? resetEntry : logEntry)(`<@${user.id}>`, what);
    };
    await bot.serverLog.write(guildId, entry, before.settings.logChannelId);
  },

  async autocomplete(interaction, { settings }) {
    const guildId = serverOf(interaction);
    if (guildId === undefined || !isModerator(interaction)) return interaction.respond([]);
    const { guild, options } = interaction;
    const list = options.getSubcommandGroup() === 'roles' ? listedRoles : listedChannels;
    const typed = options.getFocused().trim().toLowerCase();
    const found = list(settings.of(guildId), guild).filter(({ name }) => name.toLowerCase().includes(typed));
    await interaction.respond(found.slice(0, 25));
  },
} as const satisfies ChatCommand;

function viewOf(guildId: string, { settings, blocked, config }: BotServices): SettingsView {
  return {
    settings: settings.of(guildId),
    wished: settings.wished(guildId),
    blocked: blocked.list(guildId, Date.now()),
    jobSeconds: config.jobSeconds,
  };
}
