import { EventEmitter } from 'node:events';
import { ChannelType } from 'discord.js';
import { Channel } from './channel.js';
import { Clock, Snowflakes } from './clock.js';
import { CommandStore } from './command-store.js';
import { FileStore } from './file-store.js';
import { Guild, type GuildOptions } from './guild.js';
import type { RequestRecord } from './http-handler.js';
import type { Message } from './message.js';
import { User, type UserOptions } from './user.js';

/**
 * Watches somebody wait, and calls back once waiting is of no more use: then that fails.
 * @returns a function that ends this.
 */
export type Patience = (giveUp: () => void) => () => void;

export interface WorldOptions {
  readonly botName: string;
  /** The id of the bot and its application; undefined: a new one. */
  readonly applicationId?: string | undefined;
  /** What addresses of the CDN are signed with; undefined: a new secret. */
  readonly cdnSecret?: Uint8Array | undefined;
  /** Bytes of the bot's avatar; undefined: one of Discord's own. */
  readonly botAvatar?: Uint8Array | undefined;
  /** How long a signed address of the CDN is valid, in milliseconds. */
  readonly attachmentLifetimeMs: number;
  /** Returns the CDN's origin; called for each address that is made. */
  readonly origin: () => string;
  readonly patience: Patience;
}

/** Called with an event for the gateway, and the server where it happened, if it happened in one. */
export type GatewayListener = (event: string, payload: object, guild: Guild | undefined) => void;

export type MessageEvent = 'MESSAGE_CREATE' | 'MESSAGE_UPDATE' | 'MESSAGE_DELETE';

/** Something that has happened and that people could see, were it Discord: for those who show it to them. */
export type Happening =
  | { readonly kind: 'message'; readonly event: MessageEvent; readonly message: Message }
  /** The bot has registered other commands. */
  | { readonly kind: 'commands' }
  /** A bot has come, or its connection is lost. */
  | { readonly kind: 'gateway' }
  | { readonly kind: 'request'; readonly record: RequestRecord };

/** Everything that Discord knows: servers, channels and their messages, users, commands, and files. */
export class World {
  readonly clock = new Clock();
  readonly snowflakes = new Snowflakes(this.clock);
  readonly files: FileStore;
  readonly commands: CommandStore;
  readonly applicationId: string;
  readonly bot: User;
  readonly users = new Map<string, User>();
  readonly guilds = new Map<string, Guild>();
  readonly channels = new Map<string, Channel>();
  /** The PNGs of stickers that were sent, by the stickers' ids. */
  readonly stickers = new Map<string, Uint8Array>();
  readonly #changes = new EventEmitter().setMaxListeners(0);
  readonly #gatewayListeners = new Set<GatewayListener>();
  readonly #patience: Patience;

  constructor(options: WorldOptions) {
    this.#patience = options.patience;
    this.files = new FileStore(this.clock, this.snowflakes, options);
    this.applicationId = options.applicationId ?? this.snowflakes.next();
    this.commands = new CommandStore(this.applicationId, this.snowflakes);
    // Discord gives newer applications and their bots the same id.
    this.bot = new User(this.applicationId, { name: options.botName, avatar: options.botAvatar, isBot: true });
    this.users.set(this.bot.id, this.bot);
  }

  createUser<Kind extends User>(options: UserOptions, kind: new (id: string, options: UserOptions) => Kind): Kind {
    const user = new kind(this.snowflakes.next(), options);
    this.users.set(user.id, user);
    return user;
  }

  createGuild(options: GuildOptions): Guild {
    const guild = new Guild(this, options);
    this.guilds.set(guild.id, guild);
    this.emitGateway('GUILD_CREATE', guild.toGatewayPayload(), guild);
    return guild;
  }

  addChannel(channel: Channel): void {
    this.channels.set(channel.id, channel);
    if (!channel.guild) return;
    const event = channel.parent ? 'THREAD_CREATE' : 'CHANNEL_CREATE';
    this.emitGateway(event, channel.toApi(), channel.guild);
  }

  /** Returns the conversation of exactly these people, which begins when it is first asked for. */
  conversation(recipients: readonly User[]): Channel {
    const ids = new Set(recipients.map(({ id }) => id));
    for (const channel of this.channels.values()) {
      if (channel.guild || channel.recipients.length !== ids.size) continue;
      if (channel.recipients.every(({ id }) => ids.has(id))) return channel;
    }
    const type = ids.size > 2 ? ChannelType.GroupDM : ChannelType.DM;
    const channel = new Channel(this.snowflakes.next(), this.files, { recipients }, { name: '', type });
    this.addChannel(channel);
    return channel;
  }

  addMessage(message: Message): void {
    message.channel.history.push(message);
    this.announce('MESSAGE_CREATE', message);
  }

  deleteMessage(message: Message): void {
    message.isDeleted = true;
    this.announce('MESSAGE_DELETE', message);
  }

  /** Deletes several messages of a channel at once, as moderators' tools do. */
  deleteMessages(channel: Channel, messages: readonly Message[]): void {
    for (const message of messages) message.isDeleted = true;
    const payload = { ids: messages.map(({ id }) => id), channel_id: channel.id, guild_id: channel.guild?.id };
    this.emitGateway('MESSAGE_DELETE_BULK', payload, channel.guild);
    this.changed();
  }

  /** Deletes a channel of a server, with all messages in it. */
  deleteChannel(channel: Channel): void {
    for (const message of channel.history) message.isDeleted = true;
    this.channels.delete(channel.id);
    channel.guild?.channels.delete(channel.id);
    this.emitGateway('CHANNEL_DELETE', channel.toApi(), channel.guild);
    this.changed();
  }

  /** Tells bots that may see it, and everybody who waits here, that a message was written, edited or deleted. */
  announce(event: MessageEvent, message: Message): void {
    const { channel, isEphemeral } = message;
    if (channel.hasBot && !isEphemeral) {
      const inGuild = channel.guild && { guild_id: channel.guild.id };
      const { id } = message;
      const payload = event === 'MESSAGE_DELETE' ? { id, channel_id: channel.id } : message.toApi();
      this.emitGateway(event, { ...payload, ...inGuild }, channel.guild);
    }
    this.changed({ kind: 'message', event, message });
  }

  /** Has everybody who waits for a condition check it again, and tells what has happened to those who show it. */
  changed(happening?: Happening): void {
    this.#changes.emit('change', happening);
  }

  /** Tells `listener` of everything that happens from now on, until the function that is returned is called. */
  onHappening(listener: (happening: Happening) => void): () => void {
    const hear = (happening: Happening | undefined) => happening && listener(happening);
    this.#changes.on('change', hear);
    return () => this.#changes.off('change', hear);
  }

  /**
   * Waits, without polling, until `isSo` is true.
   * @throws Error with the text of `describe`, when it is of no use to wait any longer: see {@link Patience}.
   */
  async until(isSo: () => unknown, describe: () => string): Promise<void> {
    if (isSo()) return;
    await new Promise<void>((resolve, reject) => {
      const finish = (settle: () => void) => {
        stop();
        this.#changes.off('change', check);
        settle();
      };
      const check = () => {
        try {
          if (isSo()) finish(resolve);
        } catch (error) {
          finish(() => reject(error));
        }
      };
      const stop = this.#patience(() => finish(() => reject(new Error(describe()))));
      this.#changes.on('change', check);
    });
  }

  onGateway(listener: GatewayListener): void {
    this.#gatewayListeners.add(listener);
  }

  /** Sends the bot an event, unless the bot is not in that server. */
  emitGateway(event: string, payload: object, guild: Guild | undefined): void {
    if (guild && !guild.hasBot) return;
    for (const listener of this.#gatewayListeners) listener(event, payload, guild);
  }
}
