import { createRedisBackend, type Job, type Queue, Worker } from 'bullmq';
import type { Logger } from 'pino';
import { type BullJob, jobIdOf, openQueue } from '../bull.js';
import type { RedisLink } from '../redis-link.js';

export interface ServedQueuesOptions {
  /** A connection whose commands wait while Redis is away: results are not to be lost. */
  readonly link: RedisLink;
  readonly queueNames: readonly string[];
  /** A worker that gives no sign of life for so long loses its jobs to others. */
  readonly lockMs: number;
  /** How often jobs of such workers are looked for. */
  readonly stalledMs: number;
  /** A job was taken from a worker that has died. Must not throw. */
  readonly onStalled: (jobId: string) => void;
  readonly log: Logger;
}

/** A job in this worker's hands. */
export interface TakenJob extends BullJob {
  /** Workers have died with it more often than is thought to be chance. */
  readonly isDeadly: boolean;
}

/** A queue, and what takes jobs out of it. */
interface Served {
  readonly queue: Queue<BullJob>;
  readonly worker: Worker<BullJob>;
}

interface Held {
  readonly worker: Worker<BullJob>;
  readonly job: Job<BullJob>;
  readonly token: string;
}

/** Workers that may die with a job before it is given up. */
const deathsAllowed = 1;

/**
 * BullMQ's queues as a worker sees them: it serves several, and takes of all that waits there what has the lowest priority.
 * BullMQ's own loop takes jobs of one queue only.
 */
export class ServedQueues {
  readonly #options: ServedQueuesOptions;
  readonly #served: Served[] = [];
  readonly #held = new Map<TakenJob, Held>();
  #taken = 0;

  constructor(options: ServedQueuesOptions) {
    this.#options = options;
  }

  /** Begins to look for jobs of workers that have died. */
  async start(): Promise<void> {
    const { link, queueNames, lockMs, stalledMs, onStalled, log } = this.#options;
    for (const name of queueNames) {
      const settings = {
        connection: link.redis,
        prefix: link.prefix,
        autorun: false,
        lockDuration: lockMs,
        stalledInterval: stalledMs,
        maxStalledCount: deathsAllowed,
      };
      // Nothing blocks, so that all queues share one connection.
      const worker = new Worker<BullJob>(name, null, settings, (queue, options) => createRedisBackend(queue, options));
      worker.on('error', (error) => log.debug({ queue: name, err: error }, 'BullMQ'));
      worker.on('stalled', (id) => onStalled(jobIdOf(id)));
      this.#served.push({ queue: await openQueue(name, link, log), worker });
    }
    await Promise.all(this.#served.map(({ worker }) => worker.startStalledCheckTimer()));
  }

  /** The job that is to be begun next, which is then in this worker's hands; undefined where none waits. */
  async take(): Promise<TakenJob | undefined> {
    for (const worker of await this.#byHead()) {
      const token = `${worker.id}-${this.#taken++}`;
      const job: Job<BullJob> | undefined = await worker.getNextJob(token, { block: false });
      if (job === undefined) continue;
      const taken = { ...job.data, isDeadly: job.deferredFailure !== undefined };
      this.#held.set(taken, { worker, job, token });
      return taken;
    }
    return undefined;
  }

  /** Whether nothing waits in these queues. */
  async areEmpty(): Promise<boolean> {
    return (await this.#byHead()).length === 0;
  }

  /** Keeps what is held; what can't be kept is held no more, and may be in other hands. */
  async renew(): Promise<void> {
    const { lockMs } = this.#options;
    for (const { worker } of this.#served) {
      const held = [...this.#held.values()].filter((one) => one.worker === worker);
      const ids = held.map(({ job }) => job.id ?? '');
      const tokens = held.map(({ token }) => token);
      if (held.length > 0) await worker.extendJobLocks(ids, tokens, lockMs);
    }
  }

  /** A job is over: BullMQ may forget it. */
  async finish(taken: TakenJob): Promise<void> {
    await this.#letGo(taken, ({ job, token }) => job.moveToCompleted(null, token, false));
  }

  /** Puts a job back, in front of those of its priority. */
  async handBack(taken: TakenJob): Promise<void> {
    await this.#letGo(taken, ({ job, token }) => job.moveToWait(token));
  }

  async close(): Promise<void> {
    await Promise.all(this.#served.flatMap(({ queue, worker }) => [worker.close(true), queue.close()]));
  }

  async #letGo(taken: TakenJob, action: (held: Held) => Promise<unknown>): Promise<void> {
    const held = this.#held.get(taken);
    this.#held.delete(taken);
    if (held === undefined) return;
    try {
      await action(held);
    } catch (error) {
      // The lock is another worker's by now, or Redis has forgotten the job.
      this.#options.log.debug({ job: taken.jobId, err: error }, 'a job was not held any more');
    }
  }

  /** Who takes jobs out of queues that have some waiting; those come first whose first job has the lowest priority. */
  async #byHead(): Promise<readonly Worker<BullJob>[]> {
    const heads = await Promise.all(
      this.#served.map(async ({ queue, worker }) => ({ worker, rank: await rankOf(queue) })),
    );
    return heads
      .filter(({ rank }) => rank < Number.POSITIVE_INFINITY)
      .toSorted((a, b) => a.rank - b.rank)
      .map(({ worker }) => worker);
  }
}

/** The priority of a queue's first job; infinite where nothing waits. Jobs of workers that have died go first. */
async function rankOf(queue: Queue<BullJob>): Promise<number> {
  const [returned, [first]] = await Promise.all([queue.getRanges(['wait'], 0, 0, true), queue.getPrioritized(0, 0)]);
  return returned.length > 0 ? 0 : (first?.priority ?? Number.POSITIVE_INFINITY);
}
