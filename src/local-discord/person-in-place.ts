import {
  type APIApplicationCommand,
  type APIApplicationCommandOptionChoice,
  type APIEmbed,
  type APIMessageSnapshot,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionType,
  MessageReferenceType,
  PermissionFlagsBits,
  StickerFormatType,
} from 'discord.js';
import { RefusedByClientError } from './client-error.js';
import { fillInOptions, type OptionValues, type ResolvedOptions } from './command-options.js';
import type { Upload } from './file-store.js';
import { defaultAttachmentSizeLimit } from './guild.js';
import type { Interaction } from './interaction.js';
import { contextOf, type Interactions, type Place } from './interactions.js';
import { Message } from './message.js';
import { type MessageBody, writeMessage } from './message-writing.js';
import { includesPermissions } from './permissions.js';
import type { User } from './user.js';
import type { World } from './world.js';

/** The parts of the local Discord through which people act. */
export interface Stage {
  readonly world: World;
  readonly interactions: Interactions;
}

export interface PostedMessage {
  readonly content?: string | undefined;
  readonly files?: readonly Upload[] | undefined;
  readonly embeds?: readonly APIEmbed[] | undefined;
  /** A sticker, as a PNG, which may move. */
  readonly sticker?: Upload | undefined;
  /** A message that is forwarded, with everything in it. */
  readonly forwardOf?: Message | undefined;
}

export interface CommandChoice {
  /** Name of the subcommand, or names of group and subcommand. */
  readonly subcommand?: string | readonly string[] | undefined;
}

/** A person in a channel, about to do something there. */
export class PersonInPlace {
  readonly #stage: Stage;
  readonly #place: Place;

  constructor(stage: Stage, place: Place) {
    this.#stage = stage;
    this.#place = place;
  }

  /** The commands and entries of menus that this person finds here. */
  get commands(): readonly APIApplicationCommand[] {
    const { channel } = this.#place;
    const scope = channel.hasBot ? channel.guild?.id : undefined;
    return this.#stage.world.commands.visible(scope).filter((command) => this.#refusal(command) === undefined);
  }

  /**
   * Uses a slash command. The interaction has been sent when this settles; it shows what comes of it.
   * @throws RefusedByClientError for what Discord's client would not send.
   */
  async command(
    name: string,
    values: OptionValues = {},
    { subcommand = [] }: CommandChoice = {},
  ): Promise<Interaction> {
    const command = this.#available(name, ApplicationCommandType.ChatInput);
    return this.#sendCommand(command, [subcommand].flat(), values);
  }

  /**
   * Types into an option of a command, and returns the bot's suggestions.
   * @param others - the options that were filled in before.
   */
  async autocomplete(
    name: string,
    option: string,
    text: string,
    others: OptionValues = {},
    { subcommand = [] }: CommandChoice = {},
  ): Promise<readonly APIApplicationCommandOptionChoice[]> {
    const command = this.#available(name, ApplicationCommandType.ChatInput);
    const interaction = await this.#sendCommand(command, [subcommand].flat(), { ...others, [option]: text }, option);
    await interaction.acknowledged;
    return interaction.choices ?? [];
  }

  /** Uses a command from the menu of a message. */
  async messageMenu(name: string, target: Message): Promise<Interaction> {
    const command = this.#available(name, ApplicationCommandType.Message);
    return this.#sendMenu(command, target.id, { messages: { [target.id]: target.toApi() } }, { message: target });
  }

  /** Uses a command from the menu of a user. */
  async userMenu(name: string, target: User): Promise<Interaction> {
    const command = this.#available(name, ApplicationCommandType.User);
    const resolved = { users: { [target.id]: target.toApi() }, ...this.#resolvedMembers([target]) };
    return this.#sendMenu(command, target.id, resolved, { user: target });
  }

  /**
   * Writes a message in the channel.
   * @throws RefusedByClientError for messages that Discord's client would not send.
   */
  async post({ content = '', files = [], embeds = [], sticker, forwardOf }: PostedMessage): Promise<Message> {
    const { world } = this.#stage;
    const { channel, user } = this.#place;
    const reference = forwardOf && {
      type: MessageReferenceType.Forward,
      message_id: forwardOf.id,
      channel_id: forwardOf.channel.id,
    };
    const stickers = sticker && [
      { id: world.snowflakes.next(), name: sticker.name, format_type: StickerFormatType.APNG },
    ];
    for (const { id } of stickers ?? []) world.stickers.set(id, sticker?.bytes ?? new Uint8Array());
    const message = new Message({
      id: world.snowflakes.next(),
      channel,
      author: user,
      createdAt: world.clock.now(),
      reference,
      stickers,
      snapshots: forwardOf && [snapshot(forwardOf)],
    });
    const attachments = files.map((file, index) => ({ id: index, description: file.description ?? null }));
    const uploads = new Map(files.map((file, index) => [index, file]));
    const body: MessageBody = { content, embeds, attachments, sticker_ids: stickers?.map(({ id }) => id) ?? [] };
    await writeMessage(world, message, body, uploads, {
      maxFileBytes: channel.guild?.attachmentSizeLimit ?? defaultAttachmentSizeLimit,
      refuse: (problems) => {
        const [first] = problems;
        if (first) throw new RefusedByClientError(`${first.path}: ${first.message}`);
      },
      onTooLarge: ({ name }) => {
        throw new RefusedByClientError(`The file "${name}" is too large for this place`);
      },
      // People's messages have no components.
      onUnseen: () => {},
    });
    world.addMessage(message);
    return message;
  }

  /**
   * Returns the command of that name.
   * @throws RefusedByClientError where this person does not find it here.
   */
  #available(name: string, type: ApplicationCommandType): APIApplicationCommand {
    const { channel } = this.#place;
    const { guild } = channel;
    const command = this.#stage.world.commands.find(name, type, channel.hasBot ? guild?.id : undefined);
    const refusal = command ? this.#refusal(command) : 'is not registered here';
    if (!command || refusal !== undefined) throw new RefusedByClientError(`The command "${name}" ${refusal}`);
    return command;
  }

  /** Returns why this person does not find a command here; undefined where they do. */
  #refusal(command: APIApplicationCommand): string | undefined {
    const { channel, user, isUserInstalled } = this.#place;
    const { guild } = channel;
    const ways = command.integration_types ?? [ApplicationIntegrationType.GuildInstall];
    const byServer = channel.hasBot && ways.includes(ApplicationIntegrationType.GuildInstall);
    const byUser = isUserInstalled && ways.includes(ApplicationIntegrationType.UserInstall);
    if (!byServer && !byUser) return 'is not installed here';
    const isWrongContext = command.contexts && !command.contexts.includes(contextOf(channel));
    if (isWrongContext) return `cannot be used in the context ${contextOf(channel)}`;
    if (guild && byServer) {
      if (!guild.members.has(user.id)) return `cannot be seen by ${user.name}, who is no member of the server`;
      const needed = command.default_member_permissions;
      const permissions = guild.permissionsOf(user);
      // Commands that are for nobody (`0`) can still be used by administrators.
      const may = needed === '0' ? PermissionFlagsBits.Administrator : BigInt(needed ?? 0);
      if (!includesPermissions(permissions, may)) return `is hidden from ${user.name}, who lacks permissions`;
    }
    return undefined;
  }

  async #sendCommand(
    command: APIApplicationCommand,
    path: readonly string[],
    values: OptionValues,
    focused?: string,
  ): Promise<Interaction> {
    const { world, interactions } = this.#stage;
    const { channel } = this.#place;
    const { options, resolved } = await fillInOptions(command, path, values, {
      files: world.files,
      channelId: channel.id,
      focused,
    });
    const users = Object.values(resolved.users);
    const isCompletion = focused !== undefined;
    return interactions.dispatch({
      ...this.#place,
      type: isCompletion ? InteractionType.ApplicationCommandAutocomplete : InteractionType.ApplicationCommand,
      name: command.name,
      subcommand: path,
      data: {
        ...dataOf(command),
        options,
        resolved: {
          attachments: resolved.attachments,
          users: Object.fromEntries(users.map((user) => [user.id, user.toApi()])),
          ...this.#resolvedMembers(users),
          ...this.#resolvedChannels(resolved),
        },
      },
    });
  }

  async #sendMenu(
    command: APIApplicationCommand,
    targetId: string,
    resolved: object,
    target: { readonly user?: User; readonly message?: Message },
  ): Promise<Interaction> {
    const data = { ...dataOf(command), target_id: targetId, resolved };
    const type = InteractionType.ApplicationCommand;
    return this.#stage.interactions.dispatch({ ...this.#place, type, name: command.name, data, target });
  }

  /** Returns the channels and roles that were chosen, channels with what this person may do there. */
  #resolvedChannels({ channels, roleIds }: ResolvedOptions['resolved']): object {
    const { channel, user } = this.#place;
    const permissions = (channel.guild?.permissionsOf(user) ?? 0n).toString();
    const roles = roleIds.flatMap((id) => channel.guild?.roles.get(id) ?? []);
    return {
      channels: Object.fromEntries(
        Object.values(channels).map(({ id, name, type }) => [id, { id, name, type, parent_id: null, permissions }]),
      ),
      roles: Object.fromEntries(roles.map((role) => [role.id, channel.guild?.roleToApi(role)])),
    };
  }

  #resolvedMembers(users: readonly User[]): object {
    const { guild } = this.#place.channel;
    if (!guild) return {};
    const members = users
      .filter((user) => guild.members.has(user.id))
      .map((user) => {
        const { user: _user, ...member } = guild.memberToApi(user);
        return [user.id, { ...member, permissions: guild.permissionsOf(user).toString() }];
      });
    return { members: Object.fromEntries(members) };
  }
}

function dataOf({ id, name, type, guild_id }: APIApplicationCommand): object {
  return { id, name, type, ...(guild_id !== undefined && { guild_id }) };
}

/** Returns the copy of a forwarded message that the forwarding message carries. */
function snapshot(forwarded: Message): APIMessageSnapshot {
  const { type, content, embeds, attachments, timestamp, edited_timestamp, ...rest } = forwarded.toApi();
  const { flags = 0, mentions, mention_roles, components = [] } = rest;
  const message = { type, content, embeds, attachments, timestamp, edited_timestamp, flags, mentions, mention_roles };
  return { message: { ...message, components } };
}
