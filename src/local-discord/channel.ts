import { type APIChannel, type ChannelFlags, ChannelType, ThreadAutoArchiveDuration } from 'discord.js';
import type { FileStore } from './file-store.js';
import type { Guild } from './guild.js';
import type { Message } from './message.js';
import type { Permissions } from './permissions.js';
import { ordinaryPermissions, permissionBits } from './permissions.js';
import type { User } from './user.js';

/** The kinds of channels that the local Discord has. */
export type SupportedChannelType =
  | ChannelType.GuildText
  | ChannelType.GuildAnnouncement
  | ChannelType.PublicThread
  | ChannelType.DM
  | ChannelType.GroupDM;

export interface ChannelOptions {
  readonly name: string;
  /** Kind of the channel. Default: a text channel. */
  readonly type?: SupportedChannelType | undefined;
  /** Permissions of the bot in this channel. Default: those that it has in the server. */
  readonly botPermissions?: Permissions | undefined;
  readonly isAgeRestricted?: boolean | undefined;
  /** The channel that a thread is in; only threads have one. */
  readonly parent?: Channel | undefined;
}

/** A channel of a server, or a conversation between people. */
export class Channel {
  readonly id: string;
  readonly name: string;
  readonly type: SupportedChannelType;
  /** The channel's server; undefined for direct messages and groups. */
  readonly guild: Guild | undefined;
  /** People who take part in a direct message or group; empty for channels of servers. */
  readonly recipients: readonly User[];
  readonly files: FileStore;
  readonly isAgeRestricted: boolean;
  readonly parent: Channel | undefined;
  /** Every message that was ever sent here, also the ephemeral and the deleted ones. */
  readonly history: Message[] = [];
  botPermissions: Permissions | undefined;

  constructor(
    id: string,
    files: FileStore,
    {
      guild,
      recipients = [],
    }: { readonly guild?: Guild | undefined; readonly recipients?: readonly User[] | undefined },
    options: ChannelOptions,
  ) {
    this.id = id;
    this.files = files;
    this.guild = guild;
    this.recipients = recipients;
    this.name = options.name;
    this.type = options.type ?? ChannelType.GuildText;
    this.botPermissions = options.botPermissions;
    this.parent = options.parent;
    this.isAgeRestricted = options.isAgeRestricted ?? false;
  }

  /** The messages that everybody here sees: neither ephemeral nor deleted. */
  get messages(): readonly Message[] {
    return this.history.filter(({ isEphemeral, isDeleted }) => !isEphemeral && !isDeleted);
  }

  /** Permissions of the bot in this channel, as bits. */
  get effectiveBotPermissions(): bigint {
    const permissions = this.botPermissions ?? this.guild?.botPermissions;
    return permissions === undefined ? ordinaryPermissions : permissionBits(permissions);
  }

  /** Whether the bot is in the channel itself: in those of servers that invited it, and in its own direct messages. */
  get hasBot(): boolean {
    return this.guild ? this.guild.hasBot : this.recipients.some(({ isBot }) => isBot);
  }

  userById(id: string): User | undefined {
    return this.guild?.members.get(id)?.user ?? this.recipients.find((user) => user.id === id);
  }

  toApi(): APIChannel {
    const last_message_id = this.messages.at(-1)?.id ?? null;
    if (!this.guild) {
      const recipients = this.recipients.map((user) => user.toApi());
      const base = { id: this.id, name: null, last_message_id, recipients };
      return this.type === ChannelType.GroupDM
        ? { ...base, type: ChannelType.GroupDM, icon: null, owner_id: recipients[0]?.id ?? '0' }
        : { ...base, type: ChannelType.DM, flags: 0 as ChannelFlags, recipients: recipients.filter(({ bot }) => !bot) };
    }
    const inGuild = {
      id: this.id,
      guild_id: this.guild.id,
      name: this.name,
      position: 0,
      parent_id: null,
      permission_overwrites: [],
      nsfw: this.isAgeRestricted,
      topic: null,
      rate_limit_per_user: 0,
      last_message_id,
      flags: 0,
    };
    if (this.parent) {
      // A thread says nothing of age restriction, which is its channel's.
      const { id, guild_id, name } = inGuild;
      const thread_metadata = {
        archived: false,
        auto_archive_duration: ThreadAutoArchiveDuration.OneDay,
        archive_timestamp: new Date(0).toISOString(),
        locked: false,
      };
      const counts = { member_count: 1, message_count: 0, rate_limit_per_user: 0, total_message_sent: 0, flags: 0 };
      const base = { id, guild_id, name, last_message_id, parent_id: this.parent.id, thread_metadata, ...counts };
      return { ...base, type: ChannelType.PublicThread, applied_tags: [] };
    }
    if (this.type === ChannelType.GuildAnnouncement) return { ...inGuild, type: ChannelType.GuildAnnouncement };
    return { ...inGuild, type: ChannelType.GuildText };
  }
}
