import type { Logger } from 'pino';
import type { Job } from '../../jobs/job.js';
import { messageLink, outcomeMessages, readyMessage } from '../messages/outcome-message.js';
import { type Texts, textsFor } from '../texts/texts.js';
import {
  MessageGoneError,
  type Messenger,
  type OutgoingMessage,
  RefusedMessageError,
  UnreachableError,
} from './messenger.js';
import { tokenLives } from './reply-address.js';

/** Wait after which people have looked away and are called back, in milliseconds. */
const longWaitMs = 2 * 60_000;

/** Tells people what became of their jobs, in the messages that answered their orders. */
export class OutcomeTeller {
  readonly #messenger: Messenger;
  readonly #log: Logger;

  constructor(messenger: Messenger, log: Logger) {
    this.#messenger = messenger;
    this.#log = log;
  }

  /**
   * Tells an outcome; settles once it is told, or can't be told any more. May be called again for the same job: it
   * makes the same edit of the same message.
   * @param files - the result's files, by their names.
   * @param claimMention - settles with true only once for each job, whose person may then be mentioned.
   * @throws the error where it makes sense to try again later.
   */
  async tell(job: Job, files: ReadonlyMap<string, Uint8Array>, claimMention: () => Promise<boolean>): Promise<void> {
    const texts = textsFor(job.reply.locale);
    try {
      await this.#tellSomehow(job, outcomeMessages(texts, job, files));
      await this.#callBack(job, texts, claimMention);
    } catch (error) {
      if (error instanceof UnreachableError || error instanceof MessageGoneError) {
        this.#log.warn({ job: job.id, err: error }, 'outcome could not be told: nobody can be reached there');
      } else if (error instanceof RefusedMessageError) {
        this.#log.error({ job: job.id, err: error }, 'outcome could not be told: Discord refuses every form of it');
      } else throw error;
    }
  }

  /** Tells an outcome by the first of several messages that Discord takes. */
  async #tellSomehow(job: Job, messages: readonly OutgoingMessage[]): Promise<void> {
    for (const [index, message] of messages.entries()) {
      try {
        return await this.#tell(job, message);
      } catch (error) {
        if (!(error instanceof RefusedMessageError) || index === messages.length - 1) throw error;
        this.#log.warn({ job: job.id, err: error }, 'Discord refused the outcome, trying a smaller one');
      }
    }
  }

  /**
   * Edits the job's message. Where somebody has deleted it, nothing is said there any more. Only where it was never known
   * whether there is such a message, and there is none, a new one is made for a result.
   */
  async #tell(job: Job, message: OutgoingMessage): Promise<void> {
    const { reply, outcome } = job;
    try {
      await this.#messenger.editReply(reply, message);
    } catch (error) {
      const isUntold = outcome?.kind === 'result' && reply.messageId === undefined && reply.botMaySpeak;
      if (!(error instanceof MessageGoneError && isUntold && reply.channelId !== undefined)) throw error;
      await this.#messenger.post(reply.channelId, message, { nonce: job.id });
    }
  }

  /**
   * Notifies a person who has waited long, by a message of its own, since edits notify nobody. Does so at most once for
   * a job, and never at the cost of the outcome.
   */
  async #callBack(job: Job, texts: Texts, claimMention: () => Promise<boolean>): Promise<void> {
    const { reply, outcome, ownerId } = job;
    if (outcome?.kind === 'cancelled' || reply.ephemeral || Date.now() - job.acceptedAt < longWaitMs) return;
    if (reply.channelId === undefined || reply.messageId === undefined) return;
    const message = readyMessage(texts, job, messageLink(job));
    try {
      if (!(await claimMention())) return;
      if (reply.botMaySpeak) {
        const { channelId, messageId } = reply;
        const nonce = `${job.id}-done`;
        await this.#messenger.post(channelId, message, { nonce, replyTo: messageId, mentions: [ownerId] });
      } else if (tokenLives(reply, Date.now())) await this.#messenger.followUp(reply, message, [ownerId]);
    } catch (error) {
      this.#log.warn({ job: job.id, err: error }, 'person could not be called back');
    }
  }
}
