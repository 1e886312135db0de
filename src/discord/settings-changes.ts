import type { ChatInputCommandInteraction } from 'discord.js';
import { type ServerSettings, settingBounds } from '../settings/server-settings.js';
import { qualities } from '../works/quality.js';
import type { BotServices } from './bot-services.js';
import { listedChannels, listedId, listedRoles } from './listed-entries.js';
import { textsFor } from './texts/texts.js';
import { UserError } from './user-error.js';

/**
 * Makes the change that a subcommand of `/settings` asks for.
 * @throws CodedError `setting/…` or UserError where the change is impossible: then nothing is changed.
 */
type Change = (
  interaction: ChatInputCommandInteraction<'cached' | 'raw'>,
  guildId: string,
  bot: BotServices,
) => unknown;

const hourMs = 3_600_000;

/** Changes that the subcommands make to a server's settings, by group and name, such as `channels allow`. */
export const settingsChanges: Readonly<Record<string, Change>> = {
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
  'animation frames': ({ options }, guildId, { settings }) =>
    settings.change(guildId, { framesMax: options.getInteger('max', true) }),
  'animation off': (_, guildId, { settings }) => settings.change(guildId, { framesMax: settingBounds.frames.min }),
  quality: ({ options }, guildId, { settings }) =>
    settings.change(guildId, { quality: qualities.find((name) => name === options.getString('default', true)) }),
  'channels allow': ({ options }, guildId, { settings }) =>
    settings.allowChannel(guildId, options.getChannel('channel', true).id),
  'channels deny': ({ options }, guildId, { settings }) =>
    settings.denyChannel(guildId, options.getChannel('channel', true).id),
  'channels remove': ({ options, guild }, guildId, { settings }) => {
    const listed = listedChannels(settings.of(guildId), guild);
    return settings.removeChannel(guildId, listedId(options.getString('channel', true), listed));
  },
  'channels clear': (_, guildId, { settings }) => settings.clearChannels(guildId),
  'channels age-restricted': ({ options }, guildId, { settings }) =>
    settings.change(guildId, { ageRestrictedAllowed: options.getBoolean('allowed', true) }),
  'roles allow': ({ options }, guildId, { settings }) => settings.allowRole(guildId, options.getRole('role', true).id),
  'roles remove': ({ options, guild }, guildId, { settings }) => {
    const listed = listedRoles(settings.of(guildId), guild);
    return settings.removeRole(guildId, listedId(options.getString('role', true), listed));
  },
  'roles clear': (_, guildId, { settings }) => settings.clearRoles(guildId),
  'people block': ({ options }, guildId, { blocked }) => {
    const now = Date.now();
    const hours = options.getInteger('for');
    const until = hours === null ? undefined : now + hours * hourMs;
    blocked.block(guildId, { personId: options.getUser('person', true).id, until }, now);
  },
  'people unblock': ({ options }, guildId, { blocked }) => {
    const { id } = options.getUser('person', true);
    if (!blocked.unblock(guildId, id)) throw new UserError('not-blocked', { person: `<@${id}>` });
  },
  log: async ({ options, guildLocale }, guildId, { settings, serverLog }) => {
    const logChannelId = options.getChannel('channel')?.id;
    const { logOpened } = textsFor(guildLocale).settings;
    const isNew = logChannelId !== undefined && logChannelId !== settings.of(guildId).logChannelId;
    if (isNew && !(await serverLog.open(guildId, logChannelId, logOpened))) {
      throw new UserError('log-not-writable', { channel: `<#${logChannelId}>` });
    }
    return settings.change(guildId, { logChannelId });
  },
  reset: (_, guildId, { settings }) => settings.reset(guildId),
};

/** Returns a change of one setting; an empty one where the option was left out, so that the setting stays as it is. */
function given<Name extends keyof ServerSettings>(name: Name, value: number | null) {
  return value === null ? {} : { [name]: value };
}
