import {
  type APIMessage,
  type APIMessageTopLevelComponent,
  DiscordAPIError,
  InteractionResponseType,
  MessageFlags,
  type REST,
  RESTJSONErrorCodes,
  type RESTPostAPIInteractionCallbackWithResponseResult,
  Routes,
} from 'discord.js';
import type { ReplyAddress } from '../../jobs/job.js';
import { tokenLives } from './reply-address.js';

/** A file that is sent with a message. */
export interface OutgoingFile {
  /** Name of the file: the bot's own, never a user's. Discord hides pictures whose names begin with SPOILER_. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Alt text, up to 1024 characters. */
  readonly description: string;
}

/**
 * What a message consists of when it is sent, or once it has been edited: components alone (Discord's Components V2),
 * texts and pictures among them. Discord never lets such a message become one of the older kind again.
 */
export interface OutgoingMessage {
  readonly components: readonly APIMessageTopLevelComponent[];
  /** All files that the message has then; undefined keeps the files of a message that is edited. */
  readonly files?: readonly OutgoingFile[] | undefined;
}

/** A message that is a text and nothing else. Unlike text in components, it is what a notification shows. */
export interface TextMessage {
  readonly content: string;
}

/** How a new message comes to a channel. */
export interface Posting {
  /** Mark of up to 25 characters; Discord makes no second message with the same nonce within minutes. */
  readonly nonce: string;
  /** Id of the message that this one answers, if that is still there. */
  readonly replyTo?: string | undefined;
  /** Ids of the people who are notified. Nobody else is, whatever the content says. */
  readonly mentions?: readonly string[] | undefined;
}

/** A message that Discord has. */
export interface SentMessage {
  readonly id: string;
  readonly channelId: string;
}

/** Error where the message that was to be edited, or its channel, is gone. */
export class MessageGoneError extends Error {
  override readonly name = 'MessageGoneError';
}

/** Error where the bot can't speak: the interaction's token has run out, or it may not. Trying again won't help. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/** Error where Discord refuses a message as it is, say for a file that is too large. Another one may do. */
export class RefusedMessageError extends Error {
  override readonly name = 'RefusedMessageError';
}

const goneCodes: readonly unknown[] = [RESTJSONErrorCodes.UnknownMessage, RESTJSONErrorCodes.UnknownChannel];
const tokenCodes: readonly unknown[] = [
  RESTJSONErrorCodes.InvalidWebhookToken,
  RESTJSONErrorCodes.UnknownWebhook,
  RESTJSONErrorCodes.UnknownInteraction,
];

/**
 * Number of messages among which an answer is looked for: as many as Discord gives at once. They are enough, since an
 * answer comes within 3 seconds of its interaction.
 */
const messagesAPage = 100;

/** Number of interactions to remember whose tokens were refused; few jobs run for longer than their tokens live. */
const refusedToRemember = 1000;

/**
 * Sends and edits messages about jobs, whose interactions may be long gone: by the interaction's token while it lives,
 * then with the bot's own token in the channel. All methods throw MessageGoneError, UnreachableError or
 * RefusedMessageError where trying again won't help, and discord.js's errors where it may.
 */
export class Messenger {
  readonly #rest: REST;
  readonly #now: () => number;
  /** Ids of interactions whose tokens Discord has refused; the oldest first. */
  readonly #refused = new Set<string>();

  constructor(rest: REST, now: () => number = Date.now) {
    this.#rest = rest;
    this.#now = now;
  }

  /** Edits the message that shows a job; one that an older version of the bot has sent as a text, too. */
  async editReply(reply: ReplyAddress, message: OutgoingMessage): Promise<void> {
    // Discord lets a message with a text have components only once the text is taken away.
    const body = { ...messageBody(message), content: null, embeds: null, allowed_mentions: { parse: [] } };
    const files = uploads(message);
    if (this.#hasToken(reply)) {
      const route = Routes.webhookMessage(reply.applicationId, reply.token, reply.messageId ?? '@original');
      try {
        await this.#rest.patch(route, { body, files, auth: false });
        return;
      } catch (error) {
        if (!isTokenTrouble(error)) throw interpreted(error);
        this.#refuse(reply.interactionId);
      }
    }
    if (!reply.botMaySpeak || reply.channelId === undefined || reply.messageId === undefined) {
      throw new UnreachableError('The interaction has run out, and the bot may not speak here itself.');
    }
    await this.#ask(() =>
      this.#rest.patch(Routes.channelMessage(reply.channelId ?? '', reply.messageId ?? ''), { body, files }),
    );
  }

  /**
   * Answers an interaction, if it has no answer yet and it is not too late.
   * @returns the answer, whether it was given now or before; undefined where there is none and never will be, or where
   *   the bot can't reach it.
   */
  async announce(reply: ReplyAddress, message: OutgoingMessage): Promise<SentMessage | undefined> {
    const { flags, ...body } = messageBody(message);
    const ephemeral = reply.ephemeral ? MessageFlags.Ephemeral : 0;
    const data = { ...body, flags: flags | ephemeral, allowed_mentions: { parse: [] } };
    try {
      const response = (await this.#rest.post(Routes.interactionCallback(reply.interactionId, reply.token), {
        body: { type: InteractionResponseType.ChannelMessageWithSource, data },
        query: new URLSearchParams({ with_response: 'true' }),
        auth: false,
      })) as RESTPostAPIInteractionCallbackWithResponseResult;
      const sent = response.resource?.message;
      return sent && { id: sent.id, channelId: sent.channel_id };
    } catch (error) {
      if (isTokenTrouble(error)) return this.#findInChannel(reply);
      if (!isAnsweredAlready(error)) throw interpreted(error);
      return this.#findReply(reply);
    }
  }

  /** Returns the answer to an interaction, as Discord has it; undefined where there is none. */
  async #findReply(reply: ReplyAddress): Promise<SentMessage | undefined> {
    try {
      const route = Routes.webhookMessage(reply.applicationId, reply.token, '@original');
      const message = (await this.#rest.get(route, { auth: false })) as APIMessage;
      return { id: message.id, channelId: message.channel_id };
    } catch (error) {
      if (isTokenTrouble(error)) return this.#findInChannel(reply);
      if (interpreted(error) instanceof MessageGoneError) return undefined;
      throw error;
    }
  }

  /**
   * Returns the answer to an interaction whose token has run out, from the messages that came after it; undefined where
   * there is none or the bot may not read them.
   */
  async #findInChannel({ interactionId, channelId, botMaySpeak }: ReplyAddress): Promise<SentMessage | undefined> {
    // Where the bot may not speak, there is nothing that it could do with the message.
    if (!botMaySpeak || channelId === undefined) return undefined;
    const query = new URLSearchParams({ after: interactionId, limit: String(messagesAPage) });
    try {
      const messages = (await this.#rest.get(Routes.channelMessages(channelId), { query })) as APIMessage[];
      const message = messages.find(({ interaction_metadata }) => interaction_metadata?.id === interactionId);
      return message && { id: message.id, channelId };
    } catch (error) {
      const trouble = interpreted(error);
      if (trouble instanceof MessageGoneError || trouble instanceof UnreachableError) return undefined;
      throw trouble;
    }
  }

  /** Sends a new message to a channel, with the bot's own token. */
  async post(
    channelId: string,
    message: OutgoingMessage | TextMessage,
    { nonce, replyTo, mentions = [] }: Posting,
  ): Promise<void> {
    const body = {
      ...('content' in message ? message : messageBody(message)),
      nonce,
      enforce_nonce: true,
      allowed_mentions: { parse: [], users: mentions },
      ...(replyTo !== undefined && { message_reference: { message_id: replyTo, fail_if_not_exists: false } }),
    };
    const files = 'content' in message ? [] : uploads(message);
    await this.#ask(() => this.#rest.post(Routes.channelMessages(channelId), { body, files }));
  }

  /** Sends a new text by a job's interaction, while its token lives. */
  async followUp(reply: ReplyAddress, { content }: TextMessage, mentions: readonly string[]): Promise<void> {
    const body = { content, allowed_mentions: { parse: [], users: mentions } };
    const route = Routes.webhook(reply.applicationId, reply.token);
    await this.#ask(() => this.#rest.post(route, { body, auth: false }));
  }

  #hasToken(reply: ReplyAddress): boolean {
    return tokenLives(reply, this.#now()) && !this.#refused.has(reply.interactionId);
  }

  #refuse(interactionId: string): void {
    this.#refused.add(interactionId);
    const [oldest] = this.#refused;
    if (this.#refused.size > refusedToRemember && oldest !== undefined) this.#refused.delete(oldest);
  }

  async #ask(request: () => Promise<unknown>): Promise<void> {
    try {
      await request();
    } catch (error) {
      throw interpreted(error);
    }
  }
}

/** Returns a message as Discord's JSON, with its files described; {@link uploads} returns the bytes that go with it. */
export function messageBody({ components, files }: OutgoingMessage) {
  return {
    components,
    flags: MessageFlags.IsComponentsV2,
    ...(files && {
      attachments: files.map(({ name, description }, id) => ({ id: String(id), filename: name, description })),
    }),
  };
}

/** Returns the bytes of a message's files, as discord.js's REST client takes them. */
export function uploads({ files = [] }: Pick<OutgoingMessage, 'files'>) {
  return files.map(({ name, bytes }) => ({
    name,
    data: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  }));
}

function isAnsweredAlready(error: unknown): boolean {
  return error instanceof DiscordAPIError && error.code === RESTJSONErrorCodes.InteractionHasAlreadyBeenAcknowledged;
}

function isTokenTrouble(error: unknown): boolean {
  return error instanceof DiscordAPIError && tokenCodes.includes(error.code);
}

function interpreted(error: unknown): unknown {
  if (!(error instanceof DiscordAPIError)) return error;
  const { code, status, message } = error;
  if (goneCodes.includes(code)) return new MessageGoneError(message);
  if (isTokenTrouble(error)) return new UnreachableError(message);
  // Without its token the bot is refused everything, and what stands before Discord answers without a code: neither is
  // about this message, which is sent once that is over.
  if (status === 401 || (status === 403 && typeof code !== 'number')) return error;
  if (status === 403) return new UnreachableError(message);
  if (status >= 400 && status < 500 && status !== 408 && status !== 429) return new RefusedMessageError(message);
  return error;
}
