import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { Deferred } from '../../../deferred.js';
import type { FairOrder } from '../../fair-order.js';
import type { JobStore } from '../../store/job-store.js';
import type { JobWithInputs, QueuedJob } from '../../workshop.js';
import { allQueueNames, queueNameFor } from '../needs.js';
import type { RedisLink } from '../redis-link.js';
import { type Run, RunLedger } from '../run-ledger.js';
import { BullQueues } from './bull-queues.js';
import { Priorities } from './priorities.js';

export interface DispatchOptions {
  /** A connection that fails fast: whoever takes a job waits for one attempt only. */
  readonly link: RedisLink;
  readonly store: JobStore;
  /** Reads a job and its pictures for workers; what this throws becomes the job's failure. */
  readonly read: (jobId: string) => Promise<JobWithInputs>;
  /** Settles once the outcomes in the journal can't be lost any more: until then Redis keeps them. */
  readonly durable: () => Promise<void>;
  readonly order: FairOrder<DispatchedJob>;
  /** Hears that a job was added to Redis, or was found there in a worker's hands or with an outcome. Must not throw. */
  readonly onNews: (dispatched: DispatchedJob, news: 'added' | Run) => void;
  readonly log: Logger;
}

/** How often a job may be put into Redis: a store that loses everything must not keep bot and workers busy for ever. */
const publicationsAllowed = 10;

/** Pause before the next attempt to take a job back, where Redis couldn't be reached. */
const againMs = 500;

/** The error of a job that can't be handed to workers, whatever Redis does; its cause says why. */
class UnpublishableError extends Error {
  override readonly name = 'UnpublishableError';
}

/** A job of the workshop that workers compute for, from the time that it is taken until it has an outcome. */
export class DispatchedJob {
  readonly job: QueuedJob;
  /** Whether an earlier process of the bot took the job before. */
  readonly isResumed: boolean;
  /** The name of the BullMQ queue that the job belongs into. */
  readonly queueName: string;
  /** Id of the job's run that Redis has, or is to have. */
  run: string = randomUUID();
  /** The job's latest priority in BullMQ; undefined where the job doesn't wait there, as far as is known. */
  priority: number | undefined;
  /** How often the job was put into Redis. */
  publications = 0;
  /** Whether Redis may have the job: putting it there was tried, or it was found there. */
  mayBeInRedis = false;
  /** Whether Redis had the job when the bot looked last. */
  isInRedis = false;
  /** Whether a worker computes the job. */
  isRunning = false;
  /** Id of the worker that computes the job. */
  worker: string | undefined;
  /** Whether nobody wants the job any more: then Redis is to forget it. */
  isDropped = false;
  /** Whether the job has left the workshop, or is about to, since its outcome is being stored. */
  isOver = false;
  /** Whether a worker has asked that nobody else edit the job's message, before it told the outcome. */
  isQuiet = false;
  /** When the bot first saw the job's outcome in Redis, by `performance.now`. */
  outcomeSeenAt: number | undefined;
  /** Settles once it is known from Redis where the job stands, or once the job is over. */
  readonly known = new Deferred<void>();
  /** Settles once the job has left the workshop. */
  readonly left = new Deferred<void>();

  constructor(job: QueuedJob, isResumed: boolean) {
    this.job = job;
    this.isResumed = isResumed;
    this.queueName = queueNameFor(job.task);
  }
}

/**
 * Sees to it that Redis has all jobs that are to be done, in the right order, and nothing of those that are over. Redis
 * may be away, or have lost everything: {@link check} makes that good.
 */
export class Dispatch {
  readonly #options: DispatchOptions;
  readonly #bull: BullQueues;
  readonly #ledger: RunLedger;
  readonly #priorities = new Priorities();
  /** The work that is under way for each job, by the job's id: one thing at a time. */
  readonly #work = new Map<string, Promise<void>>();
  /** Jobs that are over and that Redis still has to forget. */
  readonly #leftovers = new Set<DispatchedJob>();
  #isClosed = false;

  constructor(options: DispatchOptions) {
    this.#options = options;
    this.#bull = new BullQueues(options.link, options.log);
    this.#ledger = new RunLedger(options.link);
  }

  /**
   * Looks at what Redis has of a job, and adds what is missing. Where Redis can't be reached, it does nothing.
   * @throws what `read` throws: then the job can't be done.
   */
  check(dispatched: DispatchedJob): Promise<void> {
    return this.#oneByOne(dispatched.job.id, async () => {
      const { link, log } = this.#options;
      if (dispatched.isDropped || !link.isUp) return;
      try {
        const { id } = dispatched.job;
        const run = await this.#ledger.look(id);
        if (run === undefined) dispatched.isInRedis = false;
        await (run === undefined ? this.#publish(dispatched) : this.#adopt(dispatched, run));
        dispatched.isInRedis = true;
        dispatched.known.resolve();
      } catch (error) {
        if (error instanceof UnpublishableError) throw error.cause;
        log.warn({ job: dispatched.job.id, err: error }, 'a job could not be handed to Redis yet');
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
    while (!this.#isClosed) {
      try {
        return await this.#ledger.withdraw(id, run);
      } catch (error) {
        this.#options.log.warn({ job: id, err: error }, 'a job could not be taken back from workers yet');
        await wait(againMs, undefined, { ref: false });
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
        if (!link.isUp) return;
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

  /** Has priorities count from the first job that waits; where none waits, from the one that is added next. */
  moveBase(): void {
    const { waiting, virtualTime } = this.#options.order;
    this.#priorities.rebase(waiting[0]?.start ?? virtualTime, waiting.at(-1)?.start ?? virtualTime);
  }

  /** Gives jobs in BullMQ new priorities where the order has changed. Never rejects. */
  async reorder(): Promise<void> {
    const changed: (readonly [DispatchedJob, number])[] = [];
    const dirty = new Set<string>();
    const { waiting } = this.#options.order;
    const ends = [waiting[0], waiting.at(-1)];
    if (ends.some((end) => end !== undefined && this.#priorities.of(end.start) === undefined)) this.moveBase();
    for (const { item, start } of waiting) {
      if (item.priority === undefined) continue;
      const priority = this.#priorities.of(start) ?? this.#priorities.last;
      const rank = `${item.queueName} ${priority}`;
      // BullMQ puts a job that it moves behind those of the same priority: so jobs that belong behind it move after it.
      if (item.priority !== priority || dirty.has(rank)) {
        dirty.add(rank);
        changed.push([item, priority]);
      }
    }
    for (const [item, priority] of changed) {
      // This fails for a job that a worker has taken meanwhile, which needs no priority any more.
      await this.#prioritise(item, priority).catch((error: unknown) => {
        this.#options.log.debug({ job: item.job.id, err: error }, 'a priority was not changed');
      });
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
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

  async #publish(dispatched: DispatchedJob): Promise<void> {
    const { read, store } = this.#options;
    const { id } = dispatched.job;
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
    if (!(await this.#ledger.open(job, { run, queue }))) return;
    await this.#enqueue(dispatched);
    dispatched.publications++;
  }

  /** Goes on with a job where it stands in Redis. */
  async #adopt(dispatched: DispatchedJob, found: Run): Promise<void> {
    const { onNews } = this.#options;
    const { run, queue, outcome } = found;
    const { id } = dispatched.job;
    const isMine = run === dispatched.run;
    dispatched.run = run;
    dispatched.mayBeInRedis = true;
    if (outcome !== undefined) return onNews(dispatched, found);
    const state = await this.#bull.stateOf(queue, id);
    if (state === 'active') return onNews(dispatched, found);
    if (state === 'waiting' && queue === dispatched.queueName) {
      // An earlier bot has put the job in, whose order was another one.
      if (!isMine || dispatched.priority === undefined)
        await this.#prioritise(dispatched, this.#priorityOf(dispatched));
      return;
    }
    if (state === 'waiting') await this.#bull.remove(queue, id);
    await this.#ledger.moved(id, run, dispatched.queueName);
    await this.#enqueue(dispatched);
  }

  async #enqueue(dispatched: DispatchedJob): Promise<void> {
    const { run, queueName, job } = dispatched;
    const priority = this.#priorityOf(dispatched);
    await this.#bull.add(queueName, { jobId: job.id, run }, priority);
    dispatched.priority = priority;
    this.#options.onNews(dispatched, 'added');
    // While the job was being added, the order may have changed.
    const now = this.#priorityOf(dispatched);
    if (now !== priority && this.#options.order.startOf(job.id) !== undefined) await this.#prioritise(dispatched, now);
  }

  /** Returns a job's priority: the first for a job that the order counts as begun, since a worker has had it before. */
  #priorityOf({ job: { id } }: DispatchedJob): number {
    const start = this.#options.order.startOf(id);
    if (start === undefined) return this.#priorities.first;
    const priority = this.#priorities.of(start);
    if (priority !== undefined) return priority;
    this.moveBase();
    void this.reorder();
    return this.#priorities.of(start) ?? this.#priorities.last;
  }

  async #prioritise(dispatched: DispatchedJob, priority: number): Promise<void> {
    dispatched.priority = priority;
    await this.#bull.changePriority(dispatched.queueName, dispatched.job.id, priority);
  }
}
