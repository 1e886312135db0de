import type { Job, Queue, Worker } from 'bullmq';
import type { Logger } from 'pino';
import { type BullJob, jobIdOf, openQueue, skipVersionCheck } from '../bull.js';
import { bullMq } from '../bull-mq.js';
import type { RedisLink } from '../redis-link.js';

export interface ServedQueuesOptions {
  /** A connection whose commands wait while Redis is away, so that no result is lost. */
  readonly link: RedisLink;
  readonly queueNames: readonly string[];
  /** A worker that gives no sign of life for so long loses its jobs to others. */
  readonly lockMs: number;
  /** How often jobs of workers that give no sign of life are looked for. */
  readonly stalledMs: number;
  /** Called when a job was taken from a worker that gives no sign of life. Must not throw. */
  readonly onStalled: (jobId: string) => void;
  readonly log: Logger;
}

/** A job that this worker has in hand. */
export type TakenJob = BullJob;

/** A queue, and the BullMQ worker that takes jobs out of it. */
interface Served {
  readonly queue: Queue<BullJob>;
  readonly worker: Worker<BullJob>;
}

/** A job in hand, with what BullMQ needs to keep it, to finish it or to put it back. */
interface Held {
  readonly worker: Worker<BullJob>;
  readonly job: Job<BullJob>;
  readonly token: string;
}

/** BullMQ is not to give jobs up: it takes a worker whose signs of life Redis has refused for dead. */
const maxStalledCount = 2 ** 31 - 1;

/**
 * A worker's access to BullMQ's queues. It serves several, and takes the job with the lowest priority of all that wait
 * there, whereas BullMQ's own loop takes jobs of one queue only.
 */
export class ServedQueues {
  readonly #options: ServedQueuesOptions;
  readonly #served: Served[] = [];
  readonly #held = new Map<TakenJob, Held>();
  #taken = 0;

  constructor(options: ServedQueuesOptions) {
    this.#options = options;
  }

  /** Opens the queues, and begins to look for jobs of workers that have died. */
  async start(): Promise<void> {
    const { link, queueNames, lockMs, stalledMs, onStalled, log } = this.#options;
    for (const name of queueNames) {
      const settings = {
        connection: link.redis,
        prefix: link.prefix,
        autorun: false,
        lockDuration: lockMs,
        stalledInterval: stalledMs,
        maxStalledCount,
        skipVersionCheck,
      };
      // No command blocks the connection, so all queues can share one.
      const worker = new bullMq.Worker<BullJob>(name, null, settings, (queue, options) =>
        bullMq.createRedisBackend(queue, options),
      );
      worker.on('error', (error) => log.debug({ queue: name, err: error }, 'BullMQ'));
      worker.on('stalled', (id) => onStalled(jobIdOf(id)));
      this.#served.push({ queue: await openQueue(name, link, log), worker });
    }
    await Promise.all(this.#served.map(({ worker }) => worker.startStalledCheckTimer()));
  }

  /**
   * Takes the job that is to begin next, which this worker has in hand then; undefined where none waits.
   * @param queueName - the only queue to take it from; undefined: any.
   */
  async take(queueName?: string): Promise<TakenJob | undefined> {
    for (const worker of await this.#byHead()) {
      if (queueName !== undefined && worker.name !== queueName) continue;
      const token = `${worker.id}-${this.#taken++}`;
      const job: Job<BullJob> | undefined = await worker.getNextJob(token, { block: false });
      if (job === undefined) continue;
      const taken = { ...job.data };
      this.#held.set(taken, { worker, job, token });
      return taken;
    }
    return undefined;
  }

  /** Whether no job waits in these queues. */
  async areEmpty(): Promise<boolean> {
    return (await this.#byHead()).length === 0;
  }

  /** Renews the locks of all jobs in hand. A job whose lock can't be renewed may be in another worker's hands. */
  async renew(): Promise<void> {
    const { lockMs } = this.#options;
    for (const { worker } of this.#served) {
      const held = [...this.#held.values()].filter((one) => one.worker === worker);
      const ids = held.map(({ job }) => job.id ?? '');
      const tokens = held.map(({ token }) => token);
      if (held.length > 0) await worker.extendJobLocks(ids, tokens, lockMs);
    }
  }

  /** Makes BullMQ forget a job in hand, since it is over. */
  async finish(taken: TakenJob): Promise<void> {
    await this.#letGo(taken, ({ job, token }) => job.moveToCompleted(null, token, false));
  }

  /** Puts a job in hand back into its queue, in front of those of its priority. */
  async handBack(taken: TakenJob): Promise<void> {
    await this.#letGo(taken, ({ job, token }) => job.moveToWait(token));
  }

  async close(): Promise<void> {
    await Promise.all(this.#served.flatMap(({ queue, worker }) => [worker.close(true), queue.close()]));
  }

  async #letGo(taken: TakenJob, action: (held: Held) => Promise<unknown>): Promise<void> {
    const held = this.#held.get(taken);
    if (held === undefined) return;
    const { link, log } = this.#options;
    try {
      await link.untilTaken(() => action(held));
    } catch (error) {
      // Another worker has the lock by now, or Redis has forgotten the job.
      log.debug({ job: taken.jobId, err: error }, 'a job was not held any more');
    } finally {
      this.#held.delete(taken);
    }
  }

  /** Returns BullMQ's workers of all queues with waiting jobs, ordered by the priority of the queue's first job. */
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

/** Returns the priority of a queue's first job; infinite where none waits. Jobs of dead workers come first. */
async function rankOf(queue: Queue<BullJob>): Promise<number> {
  const [returned, [first]] = await Promise.all([queue.getRanges(['wait'], 0, 0, true), queue.getPrioritized(0, 0)]);
  return returned.length > 0 ? 0 : (first?.priority ?? Number.POSITIVE_INFINITY);
}
