import {
  type APIGuild,
  type APIGuildMember,
  type APIPartialInteractionGuild,
  type APIRole,
  GuildDefaultMessageNotifications,
  GuildExplicitContentFilter,
  type GuildMemberFlags,
  GuildMFALevel,
  GuildNSFWLevel,
  GuildPremiumTier,
  type GuildSystemChannelFlags,
  GuildVerificationLevel,
  Locale,
  PermissionFlagsBits,
  type RoleFlags,
} from 'discord.js';
import { Channel, type ChannelOptions } from './channel.js';
import { ordinaryPermissions, type Permissions, permissionBits } from './permissions.js';
import type { User } from './user.js';
import type { World } from './world.js';

export interface GuildOptions {
  /** Default: a new one. */
  readonly id?: string | undefined;
  readonly name: string;
  /** Largest size of a file that may be sent here, in bytes. Default 10 MiB. */
  readonly attachmentSizeLimit?: number | undefined;
  /** Whether the server has invited the bot. Default true; otherwise people who have installed it bring it along. */
  readonly hasBot?: boolean | undefined;
  /** Permissions of the bot in channels that have none of their own. */
  readonly botPermissions?: Permissions | undefined;
  readonly everyonePermissions?: Permissions | undefined;
  readonly locale?: Locale | undefined;
}

export interface Role {
  readonly id: string;
  readonly name: string;
  readonly permissions: bigint;
}

export interface Member {
  readonly user: User;
  readonly roles: readonly Role[];
  /** Permissions, as bits, that this member has beyond those of their roles. */
  readonly permissions: bigint;
  readonly joinedAt: number;
}

export const defaultAttachmentSizeLimit = 10 * 2 ** 20;

/** A server of the local Discord. */
export class Guild {
  readonly id: string;
  readonly name: string;
  readonly locale: Locale;
  hasBot: boolean;
  readonly everyone: Role;
  readonly roles = new Map<string, Role>();
  readonly members = new Map<string, Member>();
  readonly channels = new Map<string, Channel>();
  attachmentSizeLimit: number;
  botPermissions: Permissions | undefined;
  readonly #world: World;

  constructor(world: World, options: GuildOptions) {
    this.#world = world;
    this.id = options.id ?? world.snowflakes.next();
    this.name = options.name;
    this.locale = options.locale ?? Locale.EnglishUS;
    this.hasBot = options.hasBot ?? true;
    this.botPermissions = options.botPermissions;
    this.attachmentSizeLimit = options.attachmentSizeLimit ?? defaultAttachmentSizeLimit;
    const permissions = permissionBits(options.everyonePermissions ?? ordinaryPermissions);
    // Discord gives the role @everyone the id of its server.
    this.everyone = { id: this.id, name: '@everyone', permissions };
    this.roles.set(this.everyone.id, this.everyone);
  }

  /** Removes the bot from the server, and tells the bot if it is connected. */
  removeBot(): void {
    this.#world.emitGateway('GUILD_DELETE', { id: this.id }, this);
    this.hasBot = false;
  }

  createChannel(options: ChannelOptions): Channel {
    const { snowflakes, files } = this.#world;
    const channel = new Channel(snowflakes.next(), files, { guild: this }, options);
    this.channels.set(channel.id, channel);
    this.#world.addChannel(channel);
    return channel;
  }

  createRole({ name, permissions = 0n }: { readonly name: string; readonly permissions?: Permissions }): Role {
    const role = { id: this.#world.snowflakes.next(), name, permissions: permissionBits(permissions) };
    this.roles.set(role.id, role);
    this.#world.emitGateway('GUILD_ROLE_CREATE', { guild_id: this.id, role: this.roleToApi(role) }, this);
    return role;
  }

  /** Makes somebody a member, or changes a member's roles and permissions. */
  join(
    user: User,
    { roles = [], permissions = 0n }: { readonly roles?: readonly Role[]; readonly permissions?: Permissions } = {},
  ): void {
    const joinedAt = this.#world.clock.now();
    this.members.set(user.id, { user, roles, permissions: permissionBits(permissions), joinedAt });
  }

  /** Returns a member's permissions, as bits; administrators have all. */
  permissionsOf(user: User): bigint {
    const member = this.members.get(user.id);
    const roles = [this.everyone, ...(member?.roles ?? [])];
    const bits = roles.reduce((sum, role) => sum | role.permissions, member?.permissions ?? 0n);
    const isAdministrator = (bits & PermissionFlagsBits.Administrator) !== 0n;
    return isAdministrator ? Object.values(PermissionFlagsBits).reduce((sum, bit) => sum | bit, 0n) : bits;
  }

  memberToApi(user: User): APIGuildMember {
    const member = this.members.get(user.id);
    return {
      user: user.toApi(),
      nick: null,
      avatar: null,
      roles: member?.roles.map(({ id }) => id) ?? [],
      joined_at: new Date(member?.joinedAt ?? this.#world.clock.now()).toISOString(),
      premium_since: null,
      deaf: false,
      mute: false,
      pending: false,
      flags: 0 as GuildMemberFlags,
    };
  }

  /** Returns the few facts about the server that an interaction from there carries. */
  toPartialApi(): APIPartialInteractionGuild {
    return { id: this.id, locale: this.locale, features: [] };
  }

  toApi(): APIGuild {
    return {
      id: this.id,
      name: this.name,
      icon: null,
      splash: null,
      discovery_splash: null,
      owner_id: this.members.keys().next().value ?? this.#world.bot.id,
      afk_channel_id: null,
      afk_timeout: 300,
      verification_level: GuildVerificationLevel.None,
      default_message_notifications: GuildDefaultMessageNotifications.AllMessages,
      explicit_content_filter: GuildExplicitContentFilter.Disabled,
      roles: [...this.roles.values()].map((role) => this.roleToApi(role)),
      emojis: [],
      features: [],
      mfa_level: GuildMFALevel.None,
      application_id: null,
      system_channel_id: null,
      system_channel_flags: 0 as GuildSystemChannelFlags,
      rules_channel_id: null,
      vanity_url_code: null,
      description: null,
      banner: null,
      premium_tier: GuildPremiumTier.None,
      preferred_locale: this.locale,
      public_updates_channel_id: null,
      nsfw_level: GuildNSFWLevel.Default,
      premium_progress_bar_enabled: false,
      hub_type: null,
      safety_alerts_channel_id: null,
      incidents_data: null,
      region: 'deprecated',
      widget_enabled: false,
      widget_channel_id: null,
      max_presences: null,
      max_members: 500_000,
      max_stage_video_channel_users: 50,
      max_video_channel_users: 25,
      premium_subscription_count: 0,
      stickers: [],
      // Discord sends these two fields, too, but discord.js' types lack them; a spread gets past the compiler.
      ...{ home_header: null, nsfw: false },
    };
  }

  /** Returns what the gateway tells a bot about its server at login: with all channels, and the bot as a member. */
  toGatewayPayload(): object {
    return {
      ...this.toApi(),
      joined_at: new Date(this.#world.clock.now()).toISOString(),
      large: false,
      unavailable: false,
      member_count: this.members.size + 1,
      members: [this.memberToApi(this.#world.bot)],
      channels: [...this.channels.values()].filter(({ parent }) => !parent).map((channel) => channel.toApi()),
      threads: [...this.channels.values()].filter(({ parent }) => parent).map((channel) => channel.toApi()),
      voice_states: [],
      presences: [],
      stage_instances: [],
      guild_scheduled_events: [],
      soundboard_sounds: [],
    };
  }

  roleToApi(role: Role): APIRole {
    return {
      id: role.id,
      name: role.name,
      color: 0,
      colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
      hoist: false,
      icon: null,
      unicode_emoji: null,
      position: role === this.everyone ? 0 : 1,
      permissions: role.permissions.toString(),
      managed: false,
      mentionable: false,
      flags: 0 as RoleFlags,
    };
  }
}
