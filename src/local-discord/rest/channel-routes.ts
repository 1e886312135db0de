import { MessageReferenceType, MessageType, PermissionFlagsBits } from 'discord.js';
import {
  missingAccess,
  missingPermissions,
  notTheAuthor,
  unknownChannel,
  unknownGuild,
  unknownMessage,
} from '../api-error.js';
import type { Channel } from '../channel.js';
import { defaultAttachmentSizeLimit } from '../guild.js';
import { Message } from '../message.js';
import { type MessageBody, writeMessage } from '../message-writing.js';
import { includesPermissions } from '../permissions.js';
import type { ApiRequest } from '../request.js';
import { type Answer, type Api, found, noContent, parameter, type Route, refuse, writingRules } from './api.js';

const { ViewChannel, SendMessages, AttachFiles, ReadMessageHistory, ManageMessages } = PermissionFlagsBits;

/** Messages with an enforced nonce, by channel and nonce: two requests get the same message, also at the same time. */
const messagesByNonce = new WeakMap<Channel, Map<string | number, Promise<Message>>>();

const one = '/channels/:channel/messages/:message';

export const channelRoutes: readonly Route[] = [
  { method: 'GET', pattern: '/channels/:channel', rateLimit: 'other', handle: getChannel },
  { method: 'POST', pattern: '/channels/:channel/typing', rateLimit: 'other', handle: type },
  { method: 'GET', pattern: '/channels/:channel/messages', rateLimit: 'other', handle: listMessages },
  { method: 'POST', pattern: '/channels/:channel/messages', rateLimit: 'postMessage', handle: postMessage },
  { method: 'GET', pattern: one, rateLimit: 'other', handle: getMessage },
  { method: 'PATCH', pattern: one, rateLimit: 'editMessage', handle: editMessage },
  { method: 'DELETE', pattern: one, rateLimit: 'deleteMessage', handle: deleteMessage },
  { method: 'GET', pattern: '/guilds/:guild', rateLimit: 'other', handle: getGuild },
  { method: 'GET', pattern: '/guilds/:guild/channels', rateLimit: 'other', handle: getGuildChannels },
];

/**
 * Returns the channel of a request.
 * @throws ApiError where the bot is not in the channel, or lacks the permissions `needed`.
 */
function channelOf(request: ApiRequest, { world }: Api, needed: bigint): Channel {
  const channel = world.channels.get(parameter(request, 'channel'));
  if (!channel) throw unknownChannel();
  const permissions = channel.effectiveBotPermissions;
  if (!channel.hasBot || !includesPermissions(permissions, ViewChannel)) throw missingAccess();
  if (channel.guild && !includesPermissions(permissions, needed)) throw missingPermissions();
  return channel;
}

/**
 * Returns the message of a request. These routes do not find ephemeral messages.
 * @throws ApiError where there is no such message.
 */
function messageOf(request: ApiRequest, channel: Channel): Message {
  const message = channel.messages.find(({ id }) => id === parameter(request, 'message'));
  if (!message) throw unknownMessage();
  return message;
}

function getChannel(request: ApiRequest, api: Api): Answer {
  return found(channelOf(request, api, 0n).toApi());
}

function type(request: ApiRequest, api: Api): Answer {
  channelOf(request, api, SendMessages);
  return noContent;
}

function listMessages(request: ApiRequest, api: Api): Answer {
  const limit = Number(request.query.get('limit') ?? 50);
  const { guild, messages, effectiveBotPermissions } = channelOf(request, api, 0n);
  // Discord does not refuse a bot that may not read the history: it shows no messages.
  if (guild && !includesPermissions(effectiveBotPermissions, ReadMessageHistory)) return found([]);
  const after = request.query.get('after');
  const chosen =
    after === null ? messages.slice(-limit) : messages.filter(({ id }) => BigInt(id) > BigInt(after)).slice(0, limit);
  return found([...chosen].reverse().map((message) => message.toApi()));
}

function getMessage(request: ApiRequest, api: Api): Answer {
  return found(messageOf(request, channelOf(request, api, ReadMessageHistory)).toApi());
}

async function postMessage(request: ApiRequest, api: Api): Promise<Answer> {
  const channel = channelOf(request, api, SendMessages | (request.uploads.size > 0 ? AttachFiles : 0n));
  const { nonce, enforce_nonce } = request.body as MessageBody;
  const isOnce = enforce_nonce && nonce !== undefined && nonce !== null;
  const once = messagesByNonce.get(channel) ?? new Map<string | number, Promise<Message>>();
  messagesByNonce.set(channel, once);
  const message = (isOnce ? once.get(nonce) : undefined) ?? createMessage(request, api, channel);
  if (isOnce) {
    once.set(nonce, message);
    message.catch(() => once.delete(nonce));
  }
  return found((await message).toApi());
}

async function createMessage(request: ApiRequest, api: Api, channel: Channel): Promise<Message> {
  const { world } = api;
  const body = request.body as MessageBody;
  const reference = body.message_reference ?? undefined;
  const target = channel.messages.find(({ id }) => id === reference?.message_id);
  if (reference && !target && reference.fail_if_not_exists !== false) {
    refuse(request, api, [{ path: 'message_reference', message: 'Unknown message' }]);
  }
  const message = new Message({
    id: world.snowflakes.next(),
    channel,
    author: world.bot,
    createdAt: world.clock.now(),
    type: target ? MessageType.Reply : MessageType.Default,
    reference: target && { type: MessageReferenceType.Default, message_id: target.id, channel_id: channel.id },
    nonce: body.nonce ?? undefined,
  });
  await writeMessage(world, message, body, request.uploads, writingRules(request, api, sizeLimitOf(channel)));
  world.addMessage(message);
  return message;
}

async function editMessage(request: ApiRequest, api: Api): Promise<Answer> {
  const channel = channelOf(request, api, request.uploads.size > 0 ? AttachFiles : 0n);
  const message = messageOf(request, channel);
  if (message.author !== api.world.bot) throw notTheAuthor();
  const rules = writingRules(request, api, sizeLimitOf(channel));
  await writeMessage(api.world, message, request.body as MessageBody, request.uploads, rules);
  api.world.announce('MESSAGE_UPDATE', message);
  return found(message.toApi());
}

function deleteMessage(request: ApiRequest, api: Api): Answer {
  const channel = channelOf(request, api, 0n);
  const message = messageOf(request, channel);
  const mayDelete =
    message.author === api.world.bot || includesPermissions(channel.effectiveBotPermissions, ManageMessages);
  if (!mayDelete) throw missingPermissions();
  api.world.deleteMessage(message);
  return noContent;
}

function getGuild(request: ApiRequest, api: Api): Answer {
  return found(guildOf(request, api).toApi());
}

function getGuildChannels(request: ApiRequest, api: Api): Answer {
  return found([...guildOf(request, api).channels.values()].map((channel) => channel.toApi()));
}

function guildOf(request: ApiRequest, { world }: Api) {
  const guild = world.guilds.get(parameter(request, 'guild'));
  if (!guild) throw unknownGuild();
  if (!guild.hasBot) throw missingAccess();
  return guild;
}

function sizeLimitOf(channel: Channel): number {
  return channel.guild?.attachmentSizeLimit ?? defaultAttachmentSizeLimit;
}
