import {
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandSubcommandOption,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ChannelType,
  type ChatInputCommandInteraction,
  MessageFlags,
  PermissionFlagsBits,
} from 'discord.js';
import { isCoded } from '../src/coded-error.js';
import type { BotServices } from '../src/discord/bot-services.js';
import type { ChatCommand } from '../src/discord/command.js';
import { choices, describer, inServers } from '../src/discord/definitions.js';
import { changesBetween, settingsMessage } from '../src/discord/messages/settings-message.js';
import { requireManager } from '../src/discord/permissions.js';
import { sharedTexts, textsFor } from '../src/discord/texts/texts.js';
import { UserError } from '../src/discord/user-error.js';
import { type ServerSettings, settingBounds } from '../src/settings/server-settings.js';
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

type Change = (
  interaction: ChatInputCommandInteraction<'cached' | 'raw'>,
  guildId: string,
  bot: BotServices,
) => unknown;

/** Changes that the subcommands make to a server's settings, by group and name, such as `channels allow`. */
const changes: Readonly<Record<string, Change>> = {
  epochs: ({ options }, guildId, { settings }) =>
    settings.change(guildId, {
      ...given('epochsMax', options.getInteger('max')),
      ...given('epochsDefault', options.getInteger('default')),
    }),
  size: ({ options }, guildId, { settings }) => settings.change(guildId, { sizeMax: options.getInteger('max', true) }),
  limits: ({ options }, guildId, { settings }) =>
    settings.change(guildId, {
      ...given('activePerPerson', options.getInteger('active')),
      ...given('dailyPerPerson', options.getInteger('daily')),
      ...given('queueLength', options.getInteger('queue')),
    }),
  quality: ({ options }, guildId, { settings }) =>
    settings.change(guildId, { quality: qualities.find((name) => name === options.getString('default', true)) }),
  'channels allow': ({ options }, guildId, { settings }) =>
    settings.allowChannel(guildId, options.getChannel('channel', true).id),
  'channels deny': ({ options }, guildId, { settings }) =>
    settings.denyChannel(guildId, options.getChannel('channel', true).id),
  'channels clear': (_, guildId, { settings }) => settings.clearChannels(guildId),
  'roles allow': ({ options }, guildId, { settings }) => settings.allowRole(guildId, options.getRole('role', true).id),
  'roles clear': (_, guildId, { settings }) => settings.clearRoles(guildId),
  log: async ({ options, guildLocale }, guildId, { settings, serverLog }) => {
    const logChannelId = options.getChannel('channel')?.id;
    const { logOpened } = textsFor(guildLocale).settings;
    if (logChannelId !== undefined && !(await serverLog.open(guildId, logChannelId, logOpened))) {
      throw new UserError('log-not-writable', { channel: `<#${logChannelId}>` });
    }
    settings.change(guildId, { logChannelId });
  },
  reset: (_, guildId, { settings }) => settings.reset(guildId),
};

/** The `/settings` command shows and changes what a server allows. */
export const settings = {
  kind: 'chat',
  data: {
    type: ApplicationCommandType.ChatInput,
    name: 'settings',
    ...about('description'),
    ...inServers,
    default_member_permissions: String(PermissionFlagsBits.ManageGuild),
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
        name: 'channels',
        ...about('channels'),
        options: [
          subcommand('allow', 'channelsAllow', [channelOption(true)]),
          subcommand('deny', 'channelsDeny', [channelOption(true)]),
          subcommand('clear', 'channelsClear'),
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
          subcommand('clear', 'rolesClear'),
        ],
      },
      subcommand('log', 'log', [channelOption(false)]),
      subcommand('reset', 'reset'),
    ],
  },

  async execute(interaction, bot) {
    const guildId = requireManager(interaction);
    const { options, user } = interaction;
    const texts = textsFor(interaction.locale);
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    const before = bot.settings.of(guildId);
    const show = (now: ServerSettings) => settingsMessage(texts, now, bot.config.qualities);
    const name = [options.getSubcommandGroup(), options.getSubcommand()].filter((part) => part !== null).join(' ');
    const change = changes[name];
    if (change === undefined) {
      await interaction.editReply({ content: show(before) });
      return;
    }
    try {
      if (interaction.inGuild()) await change(interaction, guildId, bot);
      await bot.database.durable();
    } catch (error) {
      if (isCoded(error, 'setting')) throw new UserError(error.code, error.context);
      throw error;
    }
    const now = bot.settings.of(guildId);
    await interaction.editReply({ content: `${texts.settings.changed}\n${show(now)}` });
    const who = `<@${user.id}>`;
    await bot.serverLog.write(guildId, (serverTexts) =>
      name === 'reset'
        ? serverTexts.settings.resetEntry(who)
        : serverTexts.settings.logEntry(who, changesBetween(serverTexts, before, now, bot.config.qualities).join('\n')),
    );
  },
} as const satisfies ChatCommand;

/** Returns a change of one setting; an empty one where the option was left out, so that the setting stays as it is. */
function given<Name extends keyof ServerSettings>(name: Name, value: number | null) {
  return value === null ? {} : { [name]: value };
}
