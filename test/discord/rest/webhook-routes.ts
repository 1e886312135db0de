import { ApplicationIntegrationType, MessageFlags, MessageReferenceType, MessageType } from 'discord.js';
import { invalidWebhookToken, tooManyFollowUps, unknownMessage, unknownWebhook } from '../api-error.js';
import type { Interaction } from '../interaction.js';
import { Message } from '../message.js';
import { type MessageBody, writeMessage } from '../message-writing.js';
import type { ApiRequest } from '../request.js';
import { type Answer, type Api, found, nameOfRequest, noContent, parameter, type Route, writingRules } from './api.js';

/** How often a bot may try with a token that has run out before that is held against it. */
const toleratedRefusals = 3;
/** An app that only a person has installed may not say more. */
const mostFollowUpsOfUserApps = 5;

const shared = { isPublic: true, rateLimit: 'webhook' } as const;

export const webhookRoutes: readonly Route[] = [
  { ...shared, method: 'POST', pattern: '/webhooks/:webhook/:token', handle: followUp },
  { ...shared, method: 'GET', pattern: '/webhooks/:webhook/:token/messages/:message', handle: getMessage },
  { ...shared, method: 'PATCH', pattern: '/webhooks/:webhook/:token/messages/:message', handle: editMessage },
  { ...shared, method: 'DELETE', pattern: '/webhooks/:webhook/:token/messages/:message', handle: deleteMessage },
];

/** @throws ApiError where the token does not, not yet or no longer hold. */
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
  // What follows a deferral takes its place.
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
