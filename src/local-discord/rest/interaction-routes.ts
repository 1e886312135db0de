import {
  type APIInteractionResponse,
  type APIInteractionResponseCallbackData,
  InteractionResponseType,
  InteractionType,
  MessageFlags,
  MessageReferenceType,
  MessageType,
} from 'discord.js';
import { alreadyAcknowledged, unknownInteraction } from '../api-error.js';
import type { Interaction } from '../interaction.js';
import { Message } from '../message.js';
import { type MessageBody, writeMessage } from '../message-writing.js';
import type { ApiRequest } from '../request.js';
import { modalProblems, suggestionProblems } from '../rules/modal-rules.js';
import {
  type Answer,
  type Api,
  found,
  nameOfRequest,
  noContent,
  parameter,
  type Route,
  refuse,
  writingRules,
} from './api.js';

const { ChannelMessageWithSource, DeferredChannelMessageWithSource, DeferredMessageUpdate, UpdateMessage } =
  InteractionResponseType;
const { ApplicationCommandAutocompleteResult: Autocompletion, Modal } = InteractionResponseType;

/** The types of responses that each type of interaction may be answered with. */
const allowedResponses: Readonly<Record<number, readonly InteractionResponseType[]>> = {
  [InteractionType.ApplicationCommand]: [ChannelMessageWithSource, DeferredChannelMessageWithSource, Modal],
  [InteractionType.MessageComponent]: [
    ChannelMessageWithSource,
    DeferredChannelMessageWithSource,
    DeferredMessageUpdate,
    UpdateMessage,
    Modal,
  ],
  [InteractionType.ApplicationCommandAutocomplete]: [Autocompletion],
  [InteractionType.ModalSubmit]: [
    ChannelMessageWithSource,
    DeferredChannelMessageWithSource,
    DeferredMessageUpdate,
    UpdateMessage,
  ],
};

export const interactionRoutes: readonly Route[] = [
  {
    method: 'POST',
    pattern: '/interactions/:interaction/:token/callback',
    isPublic: true,
    rateLimit: 'interactionCallback',
    handle: callback,
  },
];

async function callback(request: ApiRequest, api: Api): Promise<Answer> {
  const interaction = api.interactions.byToken(parameter(request, 'token'));
  if (!interaction || interaction.id !== parameter(request, 'interaction')) throw unknownInteraction();
  const complain = (what: string) => api.violations.report(nameOfRequest(request), what);
  if (interaction.isAcknowledged || interaction.isBeingAnswered) {
    complain(`"${interaction.origin.name}" was already acknowledged`);
    throw alreadyAcknowledged();
  }
  if (interaction.hasFailed || interaction.isExpired) {
    complain(`"${interaction.origin.name}" was acknowledged too late, after ${interaction.ageMs.toFixed(0)} ms`);
    throw unknownInteraction();
  }
  const response = request.body as APIInteractionResponse;
  checkType(request, api, interaction, response);
  interaction.isBeingAnswered = true;
  try {
    await respond(request, api, interaction, response);
  } catch (error) {
    interaction.abandonAnswer();
    throw error;
  }
  interaction.acknowledge(response.type);
  return request.query.get('with_response') === 'true' ? found(callbackResource(interaction)) : noContent;
}

function checkType(request: ApiRequest, api: Api, interaction: Interaction, response: APIInteractionResponse): void {
  const { type, source } = interaction.origin;
  const isUpdate = response.type === UpdateMessage || response.type === DeferredMessageUpdate;
  if (allowedResponses[type]?.includes(response.type) && !(isUpdate && !source)) return;
  const message = `an interaction of type ${type} cannot be answered with type ${response.type}`;
  refuse(request, api, [{ path: 'type', message }]);
}

async function respond(
  request: ApiRequest,
  api: Api,
  interaction: Interaction,
  response: APIInteractionResponse,
): Promise<void> {
  const { source, attachmentSizeLimit } = interaction.origin;
  const rules = writingRules(request, api, attachmentSizeLimit);
  switch (response.type) {
    case ChannelMessageWithSource: {
      const message = replyTo(interaction, api);
      await writeMessage(api.world, message, bodyOf(response.data), request.uploads, rules);
      return showReply(interaction, message, api);
    }
    case DeferredChannelMessageWithSource: {
      const { flags = 0, ...rest } = response.data ?? {};
      if ((flags & ~MessageFlags.Ephemeral) !== 0 || Object.keys(rest).length > 0) {
        refuse(request, api, [{ path: 'data', message: 'a deferred response may carry the EPHEMERAL flag only' }]);
      }
      const message = replyTo(interaction, api);
      message.flags = flags | MessageFlags.Loading;
      return showReply(interaction, message, api);
    }
    case DeferredMessageUpdate:
      interaction.message = source;
      return;
    case UpdateMessage:
      if (!source) return;
      await writeMessage(api.world, source, bodyOf(response.data), request.uploads, rules);
      interaction.message = source;
      return api.world.announce('MESSAGE_UPDATE', source);
    case Autocompletion:
      refuse(request, api, suggestionProblems(response.data.choices ?? []));
      interaction.choices = response.data.choices ?? [];
      return;
    case Modal:
      refuse(request, api, modalProblems(response.data));
      interaction.modal = response.data;
  }
}

function bodyOf(data: APIInteractionResponseCallbackData | undefined): MessageBody {
  return (data ?? {}) as MessageBody;
}

function replyTo(interaction: Interaction, { world }: Api): Message {
  const { channel, type, metadata, source, name, subcommand } = interaction.origin;
  const isCommand = type === InteractionType.ApplicationCommand;
  const isMenu = 'target_user' in metadata || 'target_message_id' in metadata;
  return new Message({
    id: world.snowflakes.next(),
    channel,
    author: world.bot,
    createdAt: world.clock.now(),
    type: isCommand ? (isMenu ? MessageType.ContextMenuCommand : MessageType.ChatInputCommand) : replyType(source),
    interaction: metadata,
    applicationId: world.applicationId,
    command: isCommand ? [name, ...subcommand].join(' ') : undefined,
    ...(source &&
      !isCommand && {
        reference: { type: MessageReferenceType.Default, message_id: source.id, channel_id: channel.id },
      }),
  } as Message['origin']);
}

function replyType(source: Message | undefined): MessageType {
  return source ? MessageType.Reply : MessageType.Default;
}

function showReply(interaction: Interaction, message: Message, { world }: Api): void {
  interaction.message = message;
  world.addMessage(message);
}

/** Returns what a bot gets with `with_response`: a message only if it is complete, not one that is deferred. */
function callbackResource(interaction: Interaction): object {
  const { id, type } = interaction.origin;
  const { message, responseType } = interaction;
  const hasMessage = responseType !== Modal && responseType !== Autocompletion && message;
  const isWhole = responseType === ChannelMessageWithSource || responseType === UpdateMessage;
  return {
    interaction: {
      id,
      type,
      ...(hasMessage && {
        response_message_id: hasMessage.id,
        response_message_loading: hasMessage.isLoading,
        response_message_ephemeral: hasMessage.isEphemeral,
      }),
    },
    ...(isWhole && { resource: { type: responseType, message: message?.toApi() } }),
  };
}
