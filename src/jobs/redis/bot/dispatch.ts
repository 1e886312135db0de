import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { FairOrder } from '../../fair-order.js';
import type { JobStore } from '../../store/job-store.js';
import type { JobWithInputs } from '../../workshop.js';
import { backoffMs } from '../backoff.js';
import { allQueueNames } from '../needs.js';
import { isReply } from '../redis-errors.js';
import type { RedisLink } from '../redis-link.js';
import { type Run, RunLedger } from '../run-ledger.js';
import { BullQueues } from './bull-queues.js';
import type { DispatchedJob } from './dispatched-job.js';
import { QueueOrder } from './queue-order.js';

export interface DispatchOptions {
  /** A connection that fails fast: whoever takes a job waits for one attempt only. */
  readonly link: RedisLink;
  readonly store: JobStore;
  /** Reads a job and its pictures for workers; what this throws becomes the job's failure. */
  readonly read: (jobId: string) => Promise<JobWithInputs>;
  /** Settles once the outcomes in the journal can't be lost any more: until then Redis keeps them. */
  readonly durable: () => Promise<void>;
  readonly order: FairOrder<DispatchedJob>;
  /** How long a worker may compute a job, in seconds, pauses not counted; default: as long as it takes. */
  readonly maxSeconds?: number | undefined;
  /** Hears that a job was added to Redis, or was found there in a worker's hands or with an outcome. Must not throw. */
  readonly onNews: (dispatched: DispatchedJob, news: 'added' | Run) => void;
  readonly log: Logger;
}

/** How often a job may be put into Redis: a store that loses everything must not keep bot and workers busy for ever. */
const publicationsAllowed = 10;

/** How often Redis may refuse a job although it takes other writes. */
const refusalsAllowed = 10;

/** Pauses before a job is handed to Redis again that couldn't be although Redis takes other writes. */
const firstPauseMs = 1000;
const longestPauseMs = 60_000;

/** The error of a job that can't be handed to workers, whatever Redis does; its cause says why. */
class UnpublishableError extends Error {
  override readonly name = 'UnpublishableError';
}

/**
 * Sees to it that Redis has all jobs that are to be done, in the right order, and nothing of those that are over. Redis
 * may be away, or have lost everything: {@link check} makes that good.
 */
export class Dispatch {
  readonly #options: DispatchOptions;
  readonly #bull: BullQueues;
  readonly #ledger: RunLedger;
  /** Brings the fair order into BullMQ's queues. */
  readonly inBull: QueueOrder;
  /** The work that is under way for each job, by the job's id: one thing at a time. */
  readonly #work = new Map<string, Promise<void>>();
  /** Jobs that are over and that Redis still has to forget. */
  readonly #leftovers = new Set<DispatchedJob>();
  readonly #closing = new AbortController();

  constructor(options: DispatchOptions) {
    this.#options = options;
    this.#bull = new BullQueues(options.link, options.log);
    this.inBull = new QueueOrder({ ...options, bull: this.#bull });
    this.#ledger = new RunLedger(options.link);
  }

  /**
   * Looks at what Redis has of a job, and adds what is missing. Where Redis can't be reached, it does nothing; where it
   * refuses writes, it adds nothing.
   * @throws what `read` throws, or what Redis says of this job alone again and again: then the job can't be done.
   */
  check(dispatched: DispatchedJob): Promise<void> {
    return this.#oneByOne(dispatched.job.id, async () => {
      if (dispatched.isDropped || !this.#options.link.isConnected || performance.now() < dispatched.dueAt) return;
      try {
        const run = await this.#ledger.look(dispatched.job.id);
        await (run === undefined ? this.#publish(dispatched) : this.#adopt(dispatched, run));
        dispatched.refusals = 0;
      } catch (error) {
        if (error instanceof UnpublishableError) throw error.cause;
        await this.#postpone(dispatched, error);
      }
    });
  }

  /**
   * Takes a job back from workers, so that it can't come to an outcome. Where Redis is away, this settles only when
   * Redis is back: until then, a worker may have told an outcome, or be about to.
   * @returns false where the job has an outcome already, or where the bot ends before Redis is back.
   */
  recall(dispatched: DispatchedJob): Promise<boolean> {
    dispatched.isDropped = true;
    return this.#oneByOne(dispatched.job.id, async () => {
      if (dispatched.mayBeInRedis) dispatched.isDropped = await this.#withdraw(dispatched);
      return dispatched.isDropped;
    });
  }

  async #withdraw({ job: { id }, run }: DispatchedJob): Promise<boolean> {
    const { link, log } = this.#options;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        return await link.untilTaken(() => this.#ledger.withdraw(id, run), signal);
      } catch (error) {
        log.warn({ job: id, err: error }, 'a job could not be taken back from workers yet');
        await wait(firstPauseMs, undefined, { ref: false, signal }).catch(() => {});
      }
    }
    return false;
  }

  /** Makes Redis forget a job that is over, now or when Redis is back. Never rejects. */
  async forget(dispatched: DispatchedJob): Promise<void> {
    const { id } = dispatched.job;
    dispatched.isDropped = true;
    this.#leftovers.add(dispatched);
    await this.#oneByOne(id, async () => {
      if (dispatched.mayBeInRedis) {
        const { link, store, durable } = this.#options;
        // A full Redis refuses all writes but those that make room.
        if (!link.isConnected) return;
        await durable();
        await this.#ledger.close(id, dispatched.run);
        // A job that a worker has in hand stays here, until the worker finds out that nobody wants it.
        await this.#bull.remove(dispatched.queueName, id);
        await store.remove(id);
      }
      this.#leftovers.delete(dispatched);
    }).catch((error: unknown) => this.#options.log.debug({ job: id, err: error }, 'a job is to be forgotten later'));
  }

  /** Removes a run whose result is lost, so that its job is added anew. @throws where Redis can't be reached. */
  async discard(dispatched: DispatchedJob, run: string): Promise<void> {
    await this.#ledger.close(dispatched.job.id, run);
    dispatched.isInRedis = false;
  }

  /** Tries again to make Redis forget jobs, where that failed before. Never rejects. */
  async forgetLeftovers(): Promise<void> {
    await Promise.all([...this.#leftovers].map((dispatched) => this.forget(dispatched)));
  }

  /** Removes unwanted jobs from Redis: an earlier bot ended between telling their outcome and removing them. */
  async sweep(isWanted: (jobId: string) => boolean): Promise<void> {
    for (const queueName of allQueueNames) {
      for (const id of await this.#bull.ids(queueName, ['wait', 'active', 'prioritized'])) {
        await this.#oneByOne(id, async () => {
          if (isWanted(id)) return;
          const left = await this.#ledger.look(id);
          if (left !== undefined) await this.#ledger.close(id, left.run);
          await this.#bull.remove(queueName, id);
          await this.#options.store.remove(id);
        });
      }
    }
  }

  /** Returns the ids of jobs in these queues that workers have in hand. */
  async active(queueNames: ReadonlySet<string>): Promise<readonly string[]> {
    return (await Promise.all([...queueNames].map((name) => this.#bull.ids(name, ['active'])))).flat();
  }

  /** Puts a waiting job in front of all others in its queue. @returns whether it is there. Never rejects. */
  hasten(dispatched: DispatchedJob): Promise<boolean> {
    return this.#oneByOne(dispatched.job.id, async () => {
      if (dispatched.isDropped || dispatched.priority === undefined) return false;
      await this.inBull.hasten(dispatched);
      return true;
    }).catch((error: unknown) => {
      this.#options.log.debug({ job: dispatched.job.id, err: error }, 'a job could not be hastened');
      return false;
    });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#work.values());
    await this.#bull.close();
  }

  /** Runs an action for a job once the actions for this job before it have ended. @returns what the action returns. */
  #oneByOne<Result>(jobId: string, action: () => Promise<Result>): Promise<Result> {
    const done = (this.#work.get(jobId) ?? Promise.resolve()).then(action);
    const forget = () => {
      if (this.#work.get(jobId) === settled) this.#work.delete(jobId);
    };
    const settled: Promise<void> = done.then(forget, forget);
    this.#work.set(jobId, settled);
    return done;
  }

  /** Notes that a job could not be handed to Redis. @throws the error where it is only this job that Redis refuses. */
  async #postpone(dispatched: DispatchedJob, error: unknown): Promise<void> {
    const { link, log } = this.#options;
    dispatched.isInRedis = false;
    const about = { job: dispatched.job.id, err: error };
    const what = 'a job could not be handed to Redis yet';
    // Where Redis refuses all writes, that is logged once, and all jobs are looked at when it takes them again.
    if (!(await link.look())) return log.debug(about, what);
    const refusals = ++dispatched.refusals;
    if (isReply(error) && refusals >= refusalsAllowed) throw error;
    dispatched.dueAt = performance.now() + backoffMs(refusals, firstPauseMs, longestPauseMs);
    log[refusals === 1 ? 'warn' : 'debug'](about, what);
  }

  async #publish(dispatched: DispatchedJob): Promise<void> {
    const { link, read, store, maxSeconds } = this.#options;
    const { id } = dispatched.job;
    dispatched.isInRedis = false;
    if (!link.isUp) return;
    if (dispatched.publications >= publicationsAllowed) {
      const cause = new Error(
        `Job ${id} was put into Redis ${publicationsAllowed} times, and was lost there each time`,
      );
      throw new UnpublishableError(cause.message, { cause });
    }
    const { job, inputs } = await read(id).catch((cause: unknown) => {
      throw new UnpublishableError(`Job ${id} can't be handed to workers`, { cause });
    });
    for (const [name, bytes] of inputs) await store.put(id, name, bytes);
    if (dispatched.isDropped) return;
    const { run, queueName: queue } = dispatched;
    dispatched.mayBeInRedis = true;
    if (!(await this.#ledger.open(job, { run, queue, maxSeconds }))) return;
    await this.#enqueue(dispatched);
    dispatched.publications++;
    this.#settleIn(dispatched);
  }

  /** Notes that Redis has a job as it is to have it. */
  #settleIn(dispatched: DispatchedJob): void {
    dispatched.isInRedis = true;
    dispatched.known.resolve();
  }

  /** Goes on with a job where it stands in Redis. */
  async #adopt(dispatched: DispatchedJob, found: Run): Promise<void> {
    const { link, onNews } = this.#options;
    const { run, queue, outcome } = found;
    const { id } = dispatched.job;
    const isMine = run === dispatched.run;
    dispatched.run = run;
    dispatched.mayBeInRedis = true;
    const state = outcome === undefined ? await this.#bull.stateOf(queue, id) : 'over';
    if (state === 'over' || state === 'active') {
      this.#settleIn(dispatched);
      return onNews(dispatched, found);
    }
    const isInPlace = state === 'waiting' && queue === dispatched.queueName;
    // An earlier bot has put the job in, whose order was another one; or its priority could not be written.
    const isInOrder = isInPlace && isMine && dispatched.priority !== undefined;
    dispatched.isInRedis = isInOrder;
    if (!isInOrder && !link.isUp) return;
    if (isInPlace && !isInOrder) await this.inBull.prioritise(dispatched, this.inBull.priorityOf(dispatched));
    if (!isInPlace) {
      if (state === 'waiting') await this.#bull.remove(queue, id);
      await this.#ledger.moved(id, run, dispatched.queueName);
      await this.#enqueue(dispatched);
    }
    this.#settleIn(dispatched);
  }

  async #enqueue(dispatched: DispatchedJob): Promise<void> {
    const { run, queueName, job } = dispatched;
    const priority = this.inBull.priorityOf(dispatched);
    await this.#bull.add(queueName, { jobId: job.id, run }, priority);
    dispatched.priority = priority;
    this.#options.onNews(dispatched, 'added');
    // While the job was being added, the order may have changed.
    const now = this.inBull.priorityOf(dispatched);
    if (now !== priority && this.#options.order.startOf(job.id) !== undefined)
      await this.inBull.prioritise(dispatched, now);
  }
}
