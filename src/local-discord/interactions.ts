import { randomBytes } from 'node:crypto';
import {
  type APIAuthorizingIntegrationOwnersMap,
  type APIMessageInteractionMetadata,
  ApplicationIntegrationType,
  ChannelType,
  InteractionContextType,
  type InteractionType,
} from 'discord.js';
import { afterOwnTime } from '../own-time.js';
import type { Channel } from './channel.js';
import type { Gateway } from './gateway.js';
import { defaultAttachmentSizeLimit } from './guild.js';
import { Interaction, type InteractionOrigin } from './interaction.js';
import type { Message } from './message.js';
import type { User } from './user.js';
import type { World } from './world.js';

export interface InteractionRules {
  readonly acknowledgeWithinMs: number;
  readonly tokenLifetimeMs: number;
}

/** The person and channel from which the bot is used, and how the bot comes there. */
export interface Place {
  readonly channel: Channel;
  readonly user: User;
  /** Whether the person has installed the bot as an app of their own, and brings it along. */
  readonly isUserInstalled: boolean;
}

export interface InteractionRequest extends Place {
  readonly type: InteractionType;
  readonly name: string;
  /** Names of a command's group and subcommand. Default: it has none. */
  readonly subcommand?: readonly string[] | undefined;
  readonly data: object;
  readonly source?: Message | undefined;
  /** The interaction that opened the modal which is sent with this one. */
  readonly triggeredBy?: Interaction | undefined;
  readonly target?: { readonly user?: User; readonly message?: Message } | undefined;
}

/** Sends what people do to the bot, and keeps the tokens with which the bot answers. */
export class Interactions {
  readonly #world: World;
  readonly #gateway: Gateway;
  readonly #rules: InteractionRules;
  readonly #byToken = new Map<string, Interaction>();
  /** The bot's process, by default this one: time in which it waits for a processor doesn't make it late. */
  botPid: number | undefined = process.pid;

  constructor(world: World, gateway: Gateway, rules: InteractionRules) {
    this.#world = world;
    this.#gateway = gateway;
    this.#rules = rules;
    world.clock.onAdvance(() => this.#failLate());
  }

  /** The interactions whose tokens have not run out. */
  get open(): readonly Interaction[] {
    return [...this.#byToken.values()].filter(({ isExpired }) => !isExpired);
  }

  /** Has an interaction that was sent before, and returns it. */
  keep(origin: InteractionOrigin): Interaction {
    const interaction = new Interaction(this.#world, origin, this.#rules.tokenLifetimeMs);
    this.#byToken.set(origin.token, interaction);
    return interaction;
  }

  byToken(token: string): Interaction | undefined {
    return this.#byToken.get(token);
  }

  /** Sends an interaction to the bot, and returns it. Where no bot is connected, the interaction has failed at once. */
  dispatch(request: InteractionRequest): Interaction {
    const world = this.#world;
    const interaction = this.#create(request);
    const { id, token, type, owners } = interaction.origin;
    this.#byToken.set(token, interaction);
    const { channel, user } = request;
    const { guild } = channel;
    const payload = {
      id,
      application_id: world.applicationId,
      type,
      token,
      version: 1,
      data: request.data,
      channel_id: channel.id,
      channel: channel.toApi(),
      ...(guild
        ? {
            guild_id: guild.id,
            guild: guild.toPartialApi(),
            guild_locale: guild.locale,
            member: { ...guild.memberToApi(user), permissions: guild.permissionsOf(user).toString() },
          }
        : { user: user.toApi() }),
      app_permissions: channel.effectiveBotPermissions.toString(),
      locale: user.locale,
      entitlements: [],
      authorizing_integration_owners: owners,
      context: contextOf(channel),
      attachment_size_limit: interaction.origin.attachmentSizeLimit,
      ...(request.source && { message: request.source.toApi() }),
    };
    if (!this.#gateway.dispatch('INTERACTION_CREATE', payload)) {
      interaction.fail('no bot is connected');
      return interaction;
    }
    const { acknowledgeWithinMs } = this.#rules;
    const stop = afterOwnTime(this.botPid, acknowledgeWithinMs, () =>
      interaction.fail(`no acknowledgement within ${acknowledgeWithinMs} ms`),
    );
    interaction.acknowledged.then(stop, stop);
    return interaction;
  }

  #create(request: InteractionRequest): Interaction {
    const { channel, user, type, triggeredBy, target } = request;
    const id = this.#world.snowflakes.next();
    const owners = installationOwners(request);
    const base = { id, user: user.toApi(), authorizing_integration_owners: owners };
    const metadata = {
      ...base,
      type,
      ...(request.source && { interacted_message_id: request.source.id }),
      ...(triggeredBy && { triggering_interaction_metadata: triggeredBy.origin.metadata }),
      ...(target?.user && { target_user: target.user.toApi() }),
      ...(target?.message && { target_message_id: target.message.id }),
    } as APIMessageInteractionMetadata;
    const origin = {
      id,
      token: `interaction-${randomBytes(48).toString('base64url')}`,
      type,
      user,
      channel,
      name: request.name,
      subcommand: request.subcommand ?? [],
      owners,
      metadata,
      source: request.source,
      attachmentSizeLimit: channel.guild?.attachmentSizeLimit ?? defaultAttachmentSizeLimit,
      createdAt: this.#world.clock.now(),
    };
    return new Interaction(this.#world, origin, this.#rules.tokenLifetimeMs);
  }

  #failLate(): void {
    const { acknowledgeWithinMs } = this.#rules;
    const earliest = this.#world.clock.now() - acknowledgeWithinMs;
    for (const interaction of this.#byToken.values()) {
      if (interaction.origin.createdAt <= earliest) {
        interaction.fail(`no acknowledgement within ${acknowledgeWithinMs} ms`);
      }
    }
  }
}

/** Returns who has installed the bot that is used in this channel: the server, the person, or both. */
function installationOwners({ channel, user, isUserInstalled }: Place): APIAuthorizingIntegrationOwnersMap {
  return {
    ...(channel.hasBot && { [ApplicationIntegrationType.GuildInstall]: channel.guild?.id ?? '0' }),
    ...(isUserInstalled && { [ApplicationIntegrationType.UserInstall]: user.id }),
  };
}

export function contextOf(channel: Channel): InteractionContextType {
  if (channel.guild) return InteractionContextType.Guild;
  return channel.type === ChannelType.DM && channel.hasBot
    ? InteractionContextType.BotDM
    : InteractionContextType.PrivateChannel;
}
