import PQueue from 'p-queue';
import type { Logger } from 'pino';
import type { Courier } from '../../jobs/courier.js';
import type { Job } from '../../jobs/job.js';
import type { JobProgress, Place } from '../../jobs/job-queue.js';
import type { Journal } from '../../jobs/journal.js';
import {
  messageLink,
  outcomeMessage,
  readyMessage,
  withoutAnimation,
  withoutFiles,
} from '../messages/outcome-message.js';
import {
  acceptedMessage,
  runningView,
  startingView,
  suspendedMessage,
  waitingView,
} from '../messages/progress-message.js';
import { type Texts, textsFor } from '../texts/texts.js';
import {
  MessageGoneError,
  type Messenger,
  type OutgoingMessage,
  RefusedMessageError,
  UnreachableError,
} from './messenger.js';
import { tokenLives } from './reply-address.js';
import { type Edit, ReplyEditor } from './reply-editor.js';

export interface DiscordCourierParts {
  readonly messenger: Messenger;
  readonly journal: Journal;
  readonly placeOf: (jobId: string) => Place | undefined;
  readonly log: Logger;
}

/** A wait after which people have looked away and are called. */
const longWaitMs = 2 * 60_000;

/** Progress that is on its way to Discord at once; results don't wait behind it. */
const editsAtOnce = 8;

/** What a job's message shows, and how it is edited. */
interface Shown {
  readonly job: Job;
  readonly editor: ReplyEditor;
  /** What it was last given to show. */
  phase: 'new' | 'waiting' | 'starting' | 'running';
  /** When its computation began, in milliseconds since 1970. */
  begunAt: number;
}

/** Tells people about their jobs in the message that answered their order, from acceptance to result. */
export class DiscordCourier implements Courier {
  readonly #parts: DiscordCourierParts;
  readonly #shown = new Map<string, Shown>();
  readonly #edits = new PQueue({ concurrency: editsAtOnce });
  #placesAreStale = false;

  constructor(parts: DiscordCourierParts) {
    this.#parts = parts;
  }

  moved(job: Job, progress?: JobProgress): void {
    const shown = this.#shownOf(job);
    const texts = textsFor(job.reply.locale);
    const place = this.#parts.placeOf(job.id);
    if (progress !== undefined) {
      const endsAt = place?.endsAt ?? Date.now() + progress.secondsLeft * 1000;
      const isFirst = shown.phase !== 'running';
      shown.editor.show(runningView(texts, job, progress, { begunAt: shown.begunAt, endsAt, isFirst }));
      shown.phase = 'running';
    } else if (place?.state === 'waiting') {
      shown.editor.show(waitingView(texts, job, place));
      shown.phase = 'waiting';
    } else {
      shown.editor.show(startingView(texts, job));
      shown.phase = 'starting';
      shown.begunAt = Date.now();
    }
  }

  placesChanged(): void {
    if (this.#placesAreStale) return;
    this.#placesAreStale = true;
    setImmediate(() => {
      this.#placesAreStale = false;
      for (const { job, editor, phase } of this.#shown.values()) {
        const place = phase === 'waiting' ? this.#parts.placeOf(job.id) : undefined;
        if (place?.state === 'waiting') editor.show(waitingView(textsFor(job.reply.locale), job, place));
      }
    });
  }

  async suspended(job: Job): Promise<void> {
    await this.#finish(job.id);
    try {
      await this.#parts.messenger.editReply(job.reply, suspendedMessage(textsFor(job.reply.locale)));
    } catch (error) {
      this.#parts.log.debug({ job: job.id, err: error }, 'a suspended job could not be told of');
    }
  }

  async announce(job: Job): Promise<boolean> {
    const message = acceptedMessage(textsFor(job.reply.locale), job);
    const sent = await this.#parts.messenger.announce(job.reply, message);
    if (sent !== undefined) this.#parts.journal.answered(job.id, sent.id, sent.channelId);
    return sent !== undefined;
  }

  async deliver(job: Job, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
    // What is still on its way to the message must not come after the outcome.
    await this.#finish(job.id);
    const texts = textsFor(job.reply.locale);
    const message = outcomeMessage(texts, job, files);
    try {
      await this.#tellSomehow(job, [message, withoutAnimation(texts, message), withoutFiles(texts, message)]);
      await this.#callBack(job, texts);
    } catch (error) {
      if (error instanceof UnreachableError || error instanceof MessageGoneError) {
        this.#parts.log.warn({ job: job.id, err: error }, 'outcome could not be told: nobody can be reached there');
      } else if (error instanceof RefusedMessageError) {
        this.#parts.log.error(
          { job: job.id, err: error },
          'outcome could not be told: Discord refuses every form of it',
        );
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
        this.#parts.log.warn({ job: job.id, err: error }, 'Discord refused the outcome, trying a smaller one');
      }
    }
  }

  /** Edits the job's message; where somebody has deleted it meanwhile, makes a new one for a result. */
  async #tell(job: Job, message: OutgoingMessage): Promise<void> {
    const { reply, outcome } = job;
    try {
      await this.#parts.messenger.editReply(reply, message);
    } catch (error) {
      const isWanted = outcome?.kind === 'result' && reply.botMaySpeak && reply.channelId !== undefined;
      if (!(error instanceof MessageGoneError && isWanted && reply.channelId !== undefined)) throw error;
      await this.#parts.messenger.post(reply.channelId, { ...message, nonce: job.id });
    }
  }

  /** Calls a person who has waited long: edits notify nobody. At most once, and never at the cost of the outcome. */
  async #callBack(job: Job, texts: Texts): Promise<void> {
    const { reply, outcome, ownerId } = job;
    const { messenger, journal, log } = this.#parts;
    if (outcome?.kind === 'cancelled' || reply.ephemeral || Date.now() - job.acceptedAt < longWaitMs) return;
    if (reply.channelId === undefined || reply.messageId === undefined || !journal.claimMention(job.id)) return;
    const message = readyMessage(texts, job, messageLink(job));
    try {
      await journal.durable();
      if (reply.botMaySpeak) {
        const { channelId, messageId } = reply;
        const nonce = `${job.id}-done`;
        await messenger.post(channelId, { ...message, nonce, replyTo: messageId, mentions: [ownerId] });
      } else if (tokenLives(reply, Date.now())) await messenger.followUp(reply, message, [ownerId]);
    } catch (error) {
      log.warn({ job: job.id, err: error }, 'person could not be called back');
    }
  }

  #shownOf(job: Job): Shown {
    const known = this.#shown.get(job.id);
    if (known) return known;
    const { messenger, log } = this.#parts;
    const edit = (message: OutgoingMessage) => messenger.editReply(job.reply, message);
    const inTurn: Edit = (message, finished) => this.#inTurn(() => edit(message), finished);
    const editor = new ReplyEditor(inTurn, (error) => log.debug({ job: job.id, err: error }, 'progress not shown'));
    const shown: Shown = { job, editor, phase: 'new', begunAt: Date.now() };
    this.#shown.set(job.id, shown);
    return shown;
  }

  /** Makes an edit when it is its turn. Where it is wanted no more before that, it is left out, and not waited for. */
  #inTurn(edit: () => Promise<void>, finished: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const giveUp = () => resolve();
      finished.addEventListener('abort', giveUp, { once: true });
      const turn = async () => {
        finished.removeEventListener('abort', giveUp);
        if (!finished.aborted) await edit();
      };
      this.#edits.add(turn).then(resolve, reject);
    });
  }

  async #finish(jobId: string): Promise<void> {
    const shown = this.#shown.get(jobId);
    this.#shown.delete(jobId);
    await shown?.editor.finish();
  }
}
