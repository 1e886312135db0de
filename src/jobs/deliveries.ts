import { setTimeout as wait } from 'node:timers/promises';
import PQueue from 'p-queue';
import type { Logger } from 'pino';
import { withinOwnTime } from '../own-time.js';
import type { Courier } from './courier.js';
import { isOfDisk, longestDiskPauseMs } from './disk-trouble.js';
import type { Job, Outcome } from './job.js';
import type { JobListener } from './job-event.js';
import type { JobFiles } from './job-files.js';
import type { Journal } from './journal.js';
import { frameNames } from './kept-frames.js';
import { resultFileNames } from './kept-result.js';

export interface DeliveriesParts {
  readonly journal: Journal;
  readonly files: JobFiles;
  readonly courier: Courier;
  readonly log: Logger;
  readonly onEvent: JobListener;
  /** Called when a job is closed: its person knows the outcome. */
  readonly onClosed: (jobId: string) => Promise<void>;
}

/** How many outcomes are sent at the same time. */
const atOnce = 4;

/** Longest pause between two attempts to deliver, where Discord is in the way. */
const longestPauseMs = 60_000;

/** Delivers outcomes: each is tried again until its person has been told, however often that takes. */
export class Deliveries {
  readonly #parts: DeliveriesParts;
  readonly #queue = new PQueue({ concurrency: atOnce });
  readonly #underWay = new Map<string, Promise<void>>();
  /** The outcomes that people know, though the journal doesn't say so yet; by the jobs' ids. */
  readonly #told = new Set<string>();
  /** Aborted at the end: from then on, no delivery is tried again. */
  readonly #ending = new AbortController();

  constructor(parts: DeliveriesParts) {
    this.#parts = parts;
  }

  /**
   * Tells a job's outcome from the journal. Settles once it was told, or at the {@link end}. Never throws.
   * @param outcome - what the job came to. The journal is given it again where it doesn't have it, because the disk was
   *   full when it was written; undefined where it has it for certain.
   */
  async deliver(id: string, outcome?: Outcome): Promise<void> {
    const underWay = this.#underWay.get(id);
    if (underWay !== undefined) return underWay;
    const delivery = this.#persistently(id, outcome);
    this.#underWay.set(id, delivery);
    await delivery;
    this.#underWay.delete(id);
  }

  /** Closes a job whose outcome a worker has told. @throws `database/…` */
  async close(id: string): Promise<void> {
    const { journal } = this.#parts;
    await journal.durable();
    const job = journal.job(id);
    if (job?.state === 'delivering') await this.#closed(job);
  }

  /** Settles when the delivery of a job has ended; at once where none is under way. */
  async told(id: string): Promise<void> {
    await this.#underWay.get(id);
  }

  async #persistently(id: string, outcome: Outcome | undefined): Promise<void> {
    const { signal } = this.#ending;
    const begin = performance.now();
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        await this.#queue.add(() => this.#deliverOnce(id, outcome, begin));
        return;
      } catch (error) {
        this.#parts.log.warn({ job: id, attempt, err: error }, 'delivery failed, to be tried again');
        // This waits outside of the queue, so that a delivery that fails doesn't hold up others.
        const pauseMs = Math.min(1000 * 2 ** attempt, isOfDisk(error) ? longestDiskPauseMs : longestPauseMs);
        await wait(pauseMs, undefined, { signal, ref: false }).catch(() => {});
      }
    }
  }

  /**
   * Waits until nothing is being sent, and ends. What fails then, or after `withinMs` of this process's own time, is left
   * to the next process.
   */
  async end(withinMs: number): Promise<void> {
    await withinOwnTime(withinMs, this.#queue.onIdle());
    this.#ending.abort();
    await this.#queue.onIdle();
  }

  /** @param begin - when the first attempt to deliver began, on the clock of performance.now(). */
  async #deliverOnce(id: string, outcome: Outcome | undefined, begin: number): Promise<void> {
    const { journal, courier, onEvent } = this.#parts;
    if (outcome !== undefined) journal.settle(id, outcome);
    // An outcome is told only once it can't be lost: computed again, it could be another one.
    await journal.durable();
    const job = journal.job(id);
    if (job?.state !== 'delivering') return;
    if (!this.#told.has(id)) await courier.deliver(job, await this.#resultFiles(job));
    this.#told.add(id);
    await this.#closed(job, () => {
      onEvent({ kind: 'stage', job, stage: 'delivery', seconds: (performance.now() - begin) / 1000 });
    });
  }

  async #closed(job: Job, onDurable: () => void = () => {}): Promise<void> {
    const { journal, files, log, onEvent, onClosed } = this.#parts;
    const { id, outcome } = job;
    journal.close(id, Date.now());
    await journal.durable();
    // The result is in Discord now, so its files aren't needed here any more, nor are frames that it was made of.
    const names = [...resultFileNames(job.outcome), ...frameNames(job.task)];
    await Promise.all(names.map((name) => files.discard(id, name)));
    this.#told.delete(id);
    const waitMs = Date.now() - job.acceptedAt;
    log.info({ job: id, outcome: outcome?.kind, waitMs }, 'job closed');
    onDurable();
    if (outcome !== undefined) onEvent({ kind: 'closed', job, outcome, seconds: waitMs / 1000 });
    await onClosed(id);
  }

  async #resultFiles(job: Job): Promise<ReadonlyMap<string, Uint8Array>> {
    const { files } = this.#parts;
    const entries = resultFileNames(job.outcome).map(async (name) => [name, await files.get(job.id, name)] as const);
    return new Map(await Promise.all(entries));
  }
}
