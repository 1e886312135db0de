import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { Deferred } from '../../deferred.js';
import type { Courier } from '../courier.js';
import { typicalSecondsOf } from '../duration-estimate.js';
import type { QueueOptions } from '../embedded-queue.js';
import { FairOrder } from '../fair-order.js';
import { JobBoard } from '../job-board.js';
import type { JobQueue, Place, QueuedJob } from '../job-queue.js';
import type { JobStore } from '../store/job-store.js';
import { type BotNews, Channel, type WorkerNews } from './channel.js';
import { Dispatch, DispatchedJob, type JobWithInputs } from './dispatch.js';
import { KnownWorkers } from './known-workers.js';
import { needsOf, queueNameFor } from './needs.js';
import { wholeSteps } from './priorities.js';
import type { RedisLink } from './redis-link.js';
import type { TurnEvents } from './turn-events.js';
import { renewalMs, type WorkerInfo } from './worker-registry.js';

export interface RedisQueueOptions extends QueueOptions {
  /** One that fails fast: whoever adds a job waits for an attempt only. Stays open when this is closed. */
  readonly link: RedisLink;
  readonly store: JobStore;
  readonly events: TurnEvents;
  /** What workers need of a job; what it throws, `events` tell. */
  readonly read: (jobId: string) => Promise<JobWithInputs>;
  /** See {@link Courier.hush}. */
  readonly hush: (jobId: string) => Promise<boolean>;
  /** Settles once what came of jobs can't be lost any more: until then, Redis keeps it. */
  readonly durable: () => Promise<void>;
  /** Of whitewalker. */
  readonly version: string;
  readonly log: Logger;
  /** How often jobs in workers' hands are looked at, in case that news were missed. */
  readonly watchMs?: number | undefined;
}

/** A job's turn, from where a worker takes it. */
interface Turn {
  readonly controller: AbortController;
  /** Settles when its performance has ended; never rejects. */
  readonly left: Promise<void>;
}

interface Entry extends DispatchedJob {
  turn?: Turn;
}

/** How long a worker is waited for that is to drop a job. */
const leavingMs = 2000;

const defaultWatchMs = 2000;

/** Jobs that Redis is asked about at once. */
const batch = 100;

/**
 * The queue for workers on other machines. BullMQ decides which job a worker gets, by this one's order; what waits and runs is
 * mirrored here, so that places are known at once.
 */
export class RedisQueue implements JobQueue {
  readonly #options: RedisQueueOptions;
  readonly #order = new FairOrder<Entry>();
  readonly #board: JobBoard;
  readonly #entries = new Map<string, Entry>();
  /** Runs that workers are to leave. */
  readonly #leaving = new Map<string, Deferred<void>>();
  readonly #dispatch: Dispatch;
  readonly #workers: KnownWorkers;
  readonly #channel: Channel<WorkerNews, BotNews>;
  readonly #timers: readonly NodeJS.Timeout[];
  #isWatching = false;
  #isToBeSwept = false;
  #isClosing = false;
  #closed: Promise<void> | undefined;

  constructor(options: RedisQueueOptions) {
    const { link, durations, now = Date.now, watchMs = defaultWatchMs } = options;
    this.#options = options;
    this.#workers = new KnownWorkers({
      ...options,
      onChange: () => this.#changed(),
      onForgotten: () => void this.#comeBack(),
    });
    this.#board = new JobBoard({
      order: this.#order,
      groups: () => this.#workers.groups,
      needOf: (task) => queueNameFor(needsOf(task)),
      durations,
      now,
    });
    this.#dispatch = new Dispatch({ ...options, order: this.#order, onNews: (job, news) => this.#learn(job, news) });
    this.#channel = new Channel({
      link,
      side: 'bot',
      onNews: (news) => this.#hear(news),
      onBack: () => void this.#comeBack(),
    });
    this.#timers = [
      setInterval(() => void this.#workers.renew(), renewalMs).unref(),
      setInterval(() => void this.#watch(), watchMs).unref(),
    ];
  }

  /** The workers that are there. */
  get workers(): readonly WorkerInfo[] {
    return this.#workers.list;
  }

  async add(job: QueuedJob): Promise<void> {
    this.#board.wait(job);
    const { id, ownerId, task } = job;
    const entry: Entry = new DispatchedJob(job);
    this.#order.anticipate(this.#workers.slots - this.#board.runningCount);
    if (this.#order.size === 0) this.#dispatch.rest();
    this.#order.add({ id, ownerId, cost: wholeSteps(typicalSecondsOf(task)) }, entry);
    this.#entries.set(id, entry);
    this.#changed();
    await this.#check(entry);
  }

  /** See {@link JobQueue.certain}. */
  async certain(jobId: string): Promise<void> {
    await this.#entries.get(jobId)?.known.promise;
  }

  /**
   * Takes a job back from the workers, for it is to get another outcome than theirs.
   * @returns false where one of them has come to an outcome already: that one stands, and is on its way.
   */
  async recall(jobId: string): Promise<boolean> {
    const entry = this.#entries.get(jobId);
    if (entry === undefined) return true;
    const isBack = await this.#dispatch.recall(entry);
    if (!isBack) void this.#check(entry);
    return isBack;
  }

  async cancel(jobId: string, reason: unknown): Promise<boolean> {
    const entry = this.#entries.get(jobId);
    if (entry === undefined) return false;
    const { turn } = entry;
    if (turn === undefined) {
      this.#order.remove(jobId);
      this.#remove(entry);
      this.#drop(entry);
      await this.#dispatch.forget(entry);
      await this.#dispatch.reorder();
      return true;
    }
    // Whoever closes this leaves the workers at work: what comes of it is for the next bot.
    if (this.#isClosing) {
      turn.controller.abort(reason);
      await turn.left;
      return true;
    }
    const ended = new Deferred<void>();
    this.#leaving.set(entry.run, ended);
    this.#drop(entry);
    turn.controller.abort(reason);
    await Promise.all([turn.left, Promise.race([ended.promise, wait(leavingMs, undefined, { ref: false })])]);
    this.#leaving.delete(entry.run);
    return true;
  }

  place(jobId: string): Place | undefined {
    return this.#board.place(jobId);
  }

  places(): readonly Place[] {
    return this.#board.places();
  }

  estimateEnd(job: Pick<QueuedJob, 'ownerId' | 'task'>): number {
    return this.#board.estimateEnd(job);
  }

  /** See {@link JobQueue.close}. A job that is cancelled from then on is let go here only, and goes on at its worker. */
  close(): Promise<void> {
    this.#isClosing = true;
    this.#closed ??= this.#end();
    return this.#closed;
  }

  /** Removes what Redis has of jobs that are not here: for when all that an earlier bot left have been added. Never rejects. */
  async sweep(): Promise<void> {
    this.#isToBeSwept = true;
    await this.#sweep();
  }

  /** Where Redis is away, that is done when it is back. */
  async #sweep(): Promise<void> {
    if (!this.#isToBeSwept || !this.#options.link.isUp) return;
    this.#isToBeSwept = false;
    try {
      await this.#dispatch.sweep((jobId) => this.#entries.has(jobId));
    } catch (error) {
      this.#isToBeSwept = true;
      this.#options.log.warn({ err: error }, 'Redis could not be tidied yet');
    }
  }

  async #end(): Promise<void> {
    await Promise.all([...this.#entries.values()].map(({ turn }) => turn?.left));
    for (const timer of this.#timers) clearInterval(timer);
    await this.#dispatch.close();
    this.#channel.close();
    await this.#workers.leave();
  }

  #hear(news: WorkerNews): void {
    if (news.kind === 'workers') {
      void this.#workers.look();
      return;
    }
    const { jobId, run } = news;
    const entry = this.#entries.get(jobId);
    const isWanted = entry?.run === run && !entry.isDropped;
    switch (news.kind) {
      case 'begun':
        if (isWanted) this.#begin(entry);
        break;
      case 'progress':
        if (isWanted) this.#options.events.of(jobId)?.progress(news.progress);
        break;
      case 'finishing':
        // What isn't here, nobody here edits: the next one to come will find its outcome.
        void this.#options.hush(jobId).then(() => {
          if (entry !== undefined) this.#options.events.quiet(jobId);
          return this.#channel.tell({ kind: 'quiet', jobId, run });
        });
        break;
      case 'ended':
        this.#leaving.get(run)?.resolve();
        if (isWanted) void this.#check(entry);
    }
    if (entry?.isDropped) void this.#channel.tell({ kind: 'dropped', jobId, run });
  }

  /** What Redis tells of a job when it is looked at. */
  #learn(entry: Entry, news: 'added' | 'active' | 'outcome'): void {
    const { events, hush } = this.#options;
    if (news === 'added') void this.#channel.tell({ kind: 'added' });
    else if (entry.isDropped || this.#isClosing) return;
    else if (news === 'active' && entry.turn === undefined) this.#begin(entry);
    else if (news === 'outcome') {
      // What a worker has told must not be overwritten by what was being told of the job's progress.
      void hush(entry.job.id).then(() => {
        if (entry.turn === undefined) this.#begin(entry);
        else events.of(entry.job.id)?.ended();
      });
    }
  }

  #begin(entry: Entry): void {
    if (entry.turn !== undefined) {
      this.#options.events.of(entry.job.id)?.begun();
      return;
    }
    if (this.#isClosing || !this.#entries.has(entry.job.id)) return;
    const controller = new AbortController();
    // Not before it counts as running: whoever performs it may look.
    const left = Promise.resolve().then(() => this.#perform(entry, controller.signal));
    entry.turn = { controller, left };
    entry.priority = undefined;
    this.#order.begin(entry.job.id);
    this.#board.begin(entry.job);
    this.#changed();
  }

  async #perform(entry: Entry, signal: AbortSignal): Promise<void> {
    const { perform, onFault } = this.#options;
    const { job } = entry;
    try {
      // It may have been cancelled in the moment in which it began.
      if (!signal.aborted) await perform(job, { signal, report: (progress) => this.#board.report(job.id, progress) });
    } catch (error) {
      onFault(error, job);
    } finally {
      this.#remove(entry);
      if (this.#board.runningCount === 0) this.#order.settle();
      if (!(this.#isClosing && signal.aborted)) void this.#dispatch.forget(entry);
    }
  }

  /** Looks what Redis has of a job; what it should have and hasn't it gets. Never rejects. */
  async #check(entry: Entry): Promise<void> {
    if (this.#isClosing) return;
    // A worker that took the bot for gone would not wait until the job's message is left to it.
    await this.#workers.renewInTime();
    try {
      await this.#dispatch.check(entry);
    } catch (error) {
      this.#options.events.fail(entry.job.id, error);
      this.#begin(entry);
    }
  }

  #drop(entry: Entry): void {
    entry.isDropped = true;
    void this.#channel.tell({ kind: 'dropped', jobId: entry.job.id, run: entry.run });
  }

  #remove({ job, known }: Entry): void {
    known.resolve();
    this.#options.events.forget(job.id);
    this.#entries.delete(job.id);
    this.#board.remove(job.id);
    this.#changed();
  }

  /** Redis is back, or has lost what it had. */
  async #comeBack(): Promise<void> {
    await this.#workers.renew();
    const entries = [...this.#entries.values()];
    for (let index = 0; index < entries.length; index += batch) {
      await Promise.all(entries.slice(index, index + batch).map((entry) => this.#check(entry)));
    }
    await this.#dispatch.forgetLeftovers();
    await this.#sweep();
  }

  /** Looks at what workers have in hand, and at what could not be published or forgotten. */
  async #watch(): Promise<void> {
    if (this.#isWatching || this.#isClosing || !this.#options.link.isUp) return;
    this.#isWatching = true;
    try {
      const entries = [...this.#entries.values()];
      const waiting = entries.filter(({ turn }) => turn === undefined);
      const active = new Set(await this.#dispatch.active(new Set(waiting.map(({ queueName }) => queueName))));
      const doubtful = entries.filter(
        (entry) => entry.turn !== undefined || entry.publications === 0 || active.has(entry.job.id),
      );
      await Promise.all(doubtful.map((entry) => this.#check(entry)));
      await this.#dispatch.forgetLeftovers();
    } catch (error) {
      this.#options.log.debug({ err: error }, 'jobs could not be looked at');
    } finally {
      this.#isWatching = false;
    }
  }

  #changed(): void {
    this.#board.changed();
    this.#options.onChange();
  }
}
