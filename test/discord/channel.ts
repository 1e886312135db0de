import { type APIChannel, type ChannelFlags, ChannelType } from 'discord.js';
import type { FileStore } from './file-store.js';
import type { Guild } from './guild.js';
import type { Message } from './message.js';
import type { Permissions } from './permissions.js';
import { ordinaryPermissions, permissionBits } from './permissions.js';
import type { User } from './user.js';

/** The kinds of channels there are here. */
export type SupportedChannelType =
  | ChannelType.GuildText
  | ChannelType.GuildAnnouncement
  | ChannelType.PublicThread
  | ChannelType.DM
  | ChannelType.GroupDM;

export interface ChannelOptions {
  readonly name: string;
  /** Default a text channel. */
  readonly type?: SupportedChannelType | undefined;
  /** What the bot may do here; by default what it may do in the server. */
  readonly botPermissions?: Permissions | undefined;
  readonly isAgeRestricted?: boolean | undefined;
}

/** A channel of a server, or a conversation between people. */
export class Channel {
  readonly id: string;
  readonly name: string;
  readonly type: SupportedChannelType;
  /** Missing in direct messages. */
  readonly guild: Guild | undefined;
  /** Who takes part in a direct message; empty in servers. */
  readonly recipients: readonly User[];
  readonly files: FileStore;
  readonly isAgeRestricted: boolean;
  /** Every message, also those that are ephemeral or deleted. */
  readonly history: Message[] = [];
  botPermissions: Permissions | undefined;

  constructor(
    id: string,
    files: FileStore,
    place: { readonly guild?: Guild | undefined; readonly recipients?: readonly User[] | undefined },
    options: ChannelOptions,
  ) {
    this.id = id;
    this.files = files;
    this.guild = place.guild;
    this.recipients = place.recipients ?? [];
    this.name = options.name;
    this.type = options.type ?? ChannelType.GuildText;
    this.botPermissions = options.botPermissions;
    this.isAgeRestricted = options.isAgeRestricted ?? false;
  }

  /** What everyone here sees: not what is ephemeral or deleted. */
  get messages(): readonly Message[] {
    return this.history.filter(({ isEphemeral, isDeleted }) => !isEphemeral && !isDeleted);
  }

  /** What the bot may do here. */
  get effectiveBotPermissions(): bigint {
    const permissions = this.botPermissions ?? this.guild?.botPermissions;
    return permissions === undefined ? ordinaryPermissions : permissionBits(permissions);
  }

  /** Whether the bot itself is here: it is in a server that invited it, and in its own direct messages. */
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
    if (this.type === ChannelType.GuildAnnouncement) return { ...inGuild, type: ChannelType.GuildAnnouncement };
    return { ...inGuild, type: ChannelType.GuildText };
  }
}
