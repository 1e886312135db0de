import { ApplicationIntegrationType, MessageFlags, MessageReferenceType, MessageType } from 'discord.js';
import { invalidWebhookToken, tooManyFollowUps, unknownMessage, unknownWebhook } from '../api-error.js';
import type { Interaction } from '../interaction.js';
import { Message } from '../message.js';
import { type MessageBody, writeMessage } from '../message-writing.js';
import type { ApiRequest } from '../request.js';
import { type Answer, type Api, found, nameOfRequest, noContent, parameter, type Route, writingRules } from './api.js';

/** Number of times that a bot may use a token that has run out before it counts as a violation. */
const toleratedRefusals = 3;
/** Most follow-ups to one interaction of an app that only the person has installed. */
const mostFollowUpsOfUserApps = 5;

const shared = { isPublic: true, rateLimit: 'webhook' } as const;

export const webhookRoutes: readonly Route[] = [
  { ...shared, method: 'POST', pattern: '/webhooks/:webhook/:token', handle: followUp },
  { ...shared, method: 'GET', pattern: '/webhooks/:webhook/:token/messages/:message', handle: getMessage },
  { ...shared, method: 'PATCH', pattern: '/webhooks/:webhook/:token/messages/:message', handle: editMessage },
  { ...shared, method: 'DELETE', pattern: '/webhooks/:webhook/:token/messages/:message', handle: deleteMessage },
];

/**
 * Returns the interaction of a request's token.
 * @throws ApiError where the token is unknown, not acknowledged yet, or has run out.
 */
function interactionOf(request: ApiRequest, api: Api): Interaction {
  const interaction = api.interactions.byToken(parameter(request, 'token'));
  if (!interaction || parameter(request, 'webhook') !== api.world.applicationId) throw unknownWebhook();
  const complain = (what: string) => api.violations.report(nameOfRequest(request), what);
  if (interaction.isExpired) {
    interaction.refusals++;
    if (interaction.refusals > toleratedRefusals) {
      complain(`tried again after it was told ${toleratedRefusals} times that the token has run out`);
    }
    throw invalidWebhookToken();
  }
  if (!interaction.isAcknowledged) {
    complain(`"${interaction.origin.name}" is not acknowledged yet`);
    throw unknownWebhook();
  }
  return interaction;
}

function messageOf(request: ApiRequest, interaction: Interaction): Message {
  const id = parameter(request, 'message');
  const message =
    id === '@original' ? interaction.message : interaction.messages.find((candidate) => candidate.id === id);
  if (!message || message.isDeleted) throw unknownMessage();
  return message;
}

async function followUp(request: ApiRequest, api: Api): Promise<Answer> {
  const interaction = interactionOf(request, api);
  const { world } = api;
  const { channel, metadata, owners, attachmentSizeLimit } = interaction.origin;
  const rules = writingRules(request, api, attachmentSizeLimit);
  const { message: original } = interaction;
  // The first follow-up after a deferral replaces the deferred message.
  if (original?.isLoading && !original.isDeleted) {
    await writeMessage(world, original, request.body as MessageBody, request.uploads, rules);
    world.announce('MESSAGE_UPDATE', original);
    return found(original.toApi());
  }
  const isUserAppOnly = owners[ApplicationIntegrationType.GuildInstall] === undefined;
  if (isUserAppOnly && interaction.followUps.length >= mostFollowUpsOfUserApps) throw tooManyFollowUps();
  const message = new Message({
    id: world.snowflakes.next(),
    channel,
    author: world.bot,
    createdAt: world.clock.now(),
    type: original ? MessageType.Reply : MessageType.Default,
    reference: original && { type: MessageReferenceType.Default, message_id: original.id, channel_id: channel.id },
    interaction: original ? { ...metadata, original_response_message_id: original.id } : metadata,
    applicationId: world.applicationId,
  } as Message['origin']);
  await writeMessage(world, message, request.body as MessageBody, request.uploads, rules);
  interaction.followUps.push(message);
  world.addMessage(message);
  return found(message.toApi());
}

function getMessage(request: ApiRequest, api: Api): Answer {
  return found(messageOf(request, interactionOf(request, api)).toApi());
}

async function editMessage(request: ApiRequest, api: Api): Promise<Answer> {
  const interaction = interactionOf(request, api);
  const message = messageOf(request, interaction);
  const rules = writingRules(request, api, interaction.origin.attachmentSizeLimit);
  await writeMessage(api.world, message, request.body as MessageBody, request.uploads, rules);
  api.world.announce('MESSAGE_UPDATE', message);
  return found(message.toApi());
}

function deleteMessage(request: ApiRequest, api: Api): Answer {
  const message = messageOf(request, interactionOf(request, api));
  message.flags &= ~MessageFlags.Loading;
  api.world.deleteMessage(message);
  return noContent;
}
