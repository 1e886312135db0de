import type { Logger } from 'pino';
import type { Job } from '../../jobs/job.js';
import {
  messageLink,
  outcomeMessage,
  readyMessage,
  withoutAnimation,
  withoutFiles,
} from '../messages/outcome-message.js';
import { type Texts, textsFor } from '../texts/texts.js';
import {
  MessageGoneError,
  type Messenger,
  type OutgoingMessage,
  RefusedMessageError,
  UnreachableError,
} from './messenger.js';
import { tokenLives } from './reply-address.js';

/** A wait after which people have looked away and are called. */
const longWaitMs = 2 * 60_000;

/** Tells what became of jobs, in the message that answered the order. */
export class OutcomeTeller {
  readonly #messenger: Messenger;
  readonly #log: Logger;

  constructor(messenger: Messenger, log: Logger) {
    this.#messenger = messenger;
    this.#log = log;
  }

  /**
   * Tells an outcome; settles once that is done, or can't be done any more. May be called again for the same job: it is the
   * same edit of the same message.
   * @param files - the result's, by their names.
   * @param claimMention - true once only for each job: then its person may be mentioned.
   * @throws where it makes sense to try again later.
   */
  async tell(job: Job, files: ReadonlyMap<string, Uint8Array>, claimMention: () => Promise<boolean>): Promise<void> {
    const texts = textsFor(job.reply.locale);
    const message = outcomeMessage(texts, job, files);
    try {
      await this.#tellSomehow(job, [message, withoutAnimation(texts, message), withoutFiles(texts, message)]);
      await this.#callBack(job, texts, claimMention);
    } catch (error) {
      if (error instanceof UnreachableError || error instanceof MessageGoneError) {
        this.#log.warn({ job: job.id, err: error }, 'outcome could not be told: nobody can be reached there');
      } else if (error instanceof RefusedMessageError) {
        this.#log.error({ job: job.id, err: error }, 'outcome could not be told: Discord refuses every form of it');
      } else throw error;
    }
  }

  /** Tells the first of the messages that Discord takes. */
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

  /** Edits the job's message; where somebody has deleted it meanwhile, makes a new one for a result. */
  async #tell(job: Job, message: OutgoingMessage): Promise<void> {
    const { reply, outcome } = job;
    try {
      await this.#messenger.editReply(reply, message);
    } catch (error) {
      const isWanted = outcome?.kind === 'result' && reply.botMaySpeak && reply.channelId !== undefined;
      if (!(error instanceof MessageGoneError && isWanted && reply.channelId !== undefined)) throw error;
      await this.#messenger.post(reply.channelId, { ...message, nonce: job.id });
    }
  }

  /** Calls a person who has waited long: edits notify nobody. At most once, and never at the cost of the outcome. */
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
        await this.#messenger.post(channelId, { ...message, nonce, replyTo: messageId, mentions: [ownerId] });
      } else if (tokenLives(reply, Date.now())) await this.#messenger.followUp(reply, message, [ownerId]);
    } catch (error) {
      this.#log.warn({ job: job.id, err: error }, 'person could not be called back');
    }
  }
}
