import { Queue } from 'bullmq';
import type { Logger } from 'pino';
import type { RedisLink } from './redis-link.js';

/** All that BullMQ is told of a job: nothing of its person, and no pictures. */
export interface BullJob {
  readonly jobId: string;
  readonly run: string;
}

/** Where BullMQ has a job. */
export type BullState = 'waiting' | 'active' | 'none';

/** Of BullMQ's own stream of events, which nobody reads here. */
const eventsKept = 100;

/** BullMQ's queues as the bot sees them. All methods throw where Redis can't be reached. */
export class BullQueues {
  readonly #link: RedisLink;
  readonly #log: Logger;
  readonly #queues = new Map<string, Queue<BullJob>>();

  constructor(link: RedisLink, log: Logger) {
    this.#link = link;
    this.#log = log;
  }

  /** Puts a job in, if BullMQ doesn't have it there. Lower priorities come first, and of equal ones what came first. */
  async add(queueName: string, job: BullJob, priority: number): Promise<void> {
    const queue = await this.#queue(queueName);
    const options = { jobId: bullId(job.jobId), priority, removeOnComplete: true, removeOnFail: true };
    await queue.add('job', { jobId: job.jobId, run: job.run }, options);
  }

  async stateOf(queueName: string, jobId: string): Promise<BullState> {
    const state = await (await this.#queue(queueName)).getJobState(bullId(jobId));
    if (state === 'active') return 'active';
    return state === 'unknown' || state === 'completed' || state === 'failed' ? 'none' : 'waiting';
  }

  /** @returns whether a waiting job is there no more; false where a worker has it. */
  async remove(queueName: string, jobId: string): Promise<boolean> {
    return (await (await this.#queue(queueName)).remove(bullId(jobId))) === 1;
  }

  /** Moves a waiting job, behind those that have this priority already. */
  async changePriority(queueName: string, jobId: string, priority: number): Promise<void> {
    const queue = await this.#queue(queueName);
    await queue.getBackend().changePriority(bullId(jobId), priority);
  }

  /** The jobs that workers have in hand. */
  async active(queueName: string): Promise<readonly string[]> {
    const { redis } = this.#link;
    return (await redis.lrange(this.#link.key(queueName, 'active'), 0, -1)).map(jobIdOf);
  }

  /** All jobs of a queue, waiting ones and active ones. */
  async all(queueName: string): Promise<readonly string[]> {
    const { redis } = this.#link;
    const [waiting, active, prioritized] = await Promise.all([
      redis.lrange(this.#link.key(queueName, 'wait'), 0, -1),
      redis.lrange(this.#link.key(queueName, 'active'), 0, -1),
      redis.zrange(this.#link.key(queueName, 'prioritized'), '0', '-1'),
    ]);
    return [...waiting, ...active, ...prioritized].map(jobIdOf);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#queues.values()].map((queue) => queue.close().catch(() => {})));
  }

  async #queue(name: string): Promise<Queue<BullJob>> {
    const known = this.#queues.get(name);
    if (known) return known;
    const queue = new Queue<BullJob>(name, {
      connection: this.#link.redis,
      prefix: this.#link.prefix,
      streams: { events: { maxLen: eventsKept } },
    });
    queue.on('error', (error) => this.#log.debug({ queue: name, err: error }, 'BullMQ'));
    this.#queues.set(name, queue);
    try {
      await queue.waitUntilReady();
    } catch (error) {
      // One that could not look at Redis when it was made never will.
      this.#queues.delete(name);
      throw error;
    }
    return queue;
  }
}

/** BullMQ refuses ids that are whole numbers, which one in ten thousand of ours is. */
export function bullId(jobId: string): string {
  return `job-${jobId}`;
}

export function jobIdOf(id: string): string {
  return id.replace(/^job-/, '');
}
