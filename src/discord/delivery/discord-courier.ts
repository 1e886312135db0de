import PQueue from 'p-queue';
import type { Logger } from 'pino';
import type { Courier } from '../../jobs/courier.js';
import type { Job } from '../../jobs/job.js';
import type { Journal } from '../../jobs/journal.js';
import type { Place } from '../../jobs/workshop.js';
import type { JobProgress } from '../../works/progress.js';
import {
  acceptedMessage,
  previewFile,
  runningView,
  startingView,
  suspendedMessage,
  waitingView,
} from '../messages/progress-message.js';
import { textsFor } from '../texts/texts.js';
import { MessageGoneError, type Messenger, type OutgoingFile, type OutgoingMessage } from './messenger.js';
import { OutcomeTeller } from './outcome-teller.js';
import { type Edit, ReplyEditor } from './reply-editor.js';

/** The parts of the bot that the courier works with. */
export interface DiscordCourierParts {
  readonly messenger: Messenger;
  readonly journal: Journal;
  /** Returns where a job stands in the queue; undefined where it is neither waiting nor running. */
  readonly placeOf: (jobId: string) => Place | undefined;
  /** Called when the message that shows a job turns out to be gone. */
  readonly onGone: (jobId: string) => void;
  readonly log: Logger;
}

/** Number of progress edits that are on their way to Discord at once; results don't wait behind them. */
const editsAtOnce = 8;

/** Number of jobs to remember whose outcomes others tell; such a job is over soon after that. */
const hushedToRemember = 1000;

/** What the message of a job shows, and how the message is edited. */
interface Shown {
  readonly job: Job;
  readonly editor: ReplyEditor;
  /** What the message was last made to show. */
  phase: 'new' | 'waiting' | 'starting' | 'running';
  /** When the job's computation began, in milliseconds since 1970. */
  begunAt: number;
  /** The largest share of its time that was shown: estimates change, but a bar that goes back looks like a fault. */
  share: number;
  /** The latest picture in the making; empty before the first. */
  previews: readonly OutgoingFile[];
}

/** Tells people about their jobs in the message that answered their order, from acceptance to result. */
export class DiscordCourier implements Courier {
  readonly #parts: DiscordCourierParts;
  readonly #shown = new Map<string, Shown>();
  /** Unfinished edits of jobs that show nothing more, by the ids of the jobs. */
  readonly #finishing = new Map<string, Promise<void>>();
  readonly #edits = new PQueue({ concurrency: editsAtOnce });
  readonly #teller: OutcomeTeller;
  /** Whether anything was shown of each job whose outcome others tell, by the jobs' ids; the oldest first. */
  readonly #hushed = new Map<string, boolean>();
  #placesAreStale = false;

  constructor(parts: DiscordCourierParts) {
    this.#parts = parts;
    this.#teller = new OutcomeTeller(parts.messenger, parts.log);
  }

  moved(job: Job, progress?: JobProgress): void {
    if (this.#hushed.has(job.id)) return;
    const shown = this.#shownOf(job);
    const texts = textsFor(job.reply.locale);
    const place = this.#parts.placeOf(job.id);
    if (progress !== undefined) {
      const endsAt = place?.endsAt ?? Date.now() + progress.secondsLeft * 1000;
      const isFirst = shown.phase !== 'running';
      const share = (Date.now() - shown.begunAt) / Math.max(1, endsAt - shown.begunAt);
      shown.share = Math.max(shown.share, share);
      if (progress.preview !== undefined) shown.previews = [previewFile(texts, job, progress.preview)];
      shown.editor.show(runningView(texts, job, progress, shown.previews, { share: shown.share, endsAt, isFirst }));
      shown.phase = 'running';
    } else if (place?.state === 'waiting') {
      shown.editor.show(waitingView(texts, job, place));
      shown.phase = 'waiting';
    } else {
      shown.editor.show(startingView(texts, job));
      shown.phase = 'starting';
      shown.begunAt = Date.now();
      shown.share = 0;
      shown.previews = [];
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

  async hush(jobId: string): Promise<boolean> {
    const wasShown = this.#hushed.get(jobId) ?? this.#shown.has(jobId);
    this.#hushed.set(jobId, wasShown);
    const [oldest] = this.#hushed.keys();
    if (this.#hushed.size > hushedToRemember && oldest !== undefined) this.#hushed.delete(oldest);
    await this.#finish(jobId);
    return wasShown;
  }

  async suspended(job: Job): Promise<void> {
    await this.#finish(job.id);
    try {
      await this.#parts.messenger.editReply(job.reply, suspendedMessage(textsFor(job.reply.locale), job));
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
    // Edits that are still on their way must not come after the outcome.
    await this.#finish(job.id);
    await this.#teller.tell(job, files, async () => {
      const isMine = this.#parts.journal.claimMention(job.id);
      await this.#parts.journal.durable();
      return isMine;
    });
  }

  #shownOf(job: Job): Shown {
    const known = this.#shown.get(job.id);
    if (known) return known;
    const { messenger, onGone, log } = this.#parts;
    const edit = (message: OutgoingMessage) => messenger.editReply(job.reply, message);
    const inTurn: Edit = (message, finished) => this.#inTurn(() => edit(message), finished);
    const editor = new ReplyEditor(inTurn, (error) => {
      log.debug({ job: job.id, err: error }, 'progress not shown');
      // Where it was never known whether there is a message, that there is none says nothing.
      if (error instanceof MessageGoneError && job.reply.messageId !== undefined) onGone(job.id);
    });
    const shown: Shown = { job, editor, phase: 'new', begunAt: Date.now(), share: 0, previews: [] };
    this.#shown.set(job.id, shown);
    return shown;
  }

  /** Makes an edit when its turn comes. If `finished` is aborted before that, it settles at once, without the edit. */
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

  /** Shows nothing more of a job. However often it is called, it settles once none of the job's edits is on its way. */
  async #finish(jobId: string): Promise<void> {
    const shown = this.#shown.get(jobId);
    if (shown !== undefined) {
      this.#shown.delete(jobId);
      const earlier = this.#finishing.get(jobId);
      const finishing = Promise.all([earlier, shown.editor.finish()]).then(() => {
        if (this.#finishing.get(jobId) === finishing) this.#finishing.delete(jobId);
      });
      this.#finishing.set(jobId, finishing);
    }
    await this.#finishing.get(jobId);
  }
}
