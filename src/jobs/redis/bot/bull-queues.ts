import type { Queue } from 'bullmq';
import type { Logger } from 'pino';
import { type BullJob, bullId, jobIdOf, openQueue } from '../bull.js';
import type { RedisLink } from '../redis-link.js';

/** The bot's access to BullMQ's queues. All methods throw where Redis can't be reached. */
export class BullQueues {
  readonly #link: RedisLink;
  readonly #log: Logger;
  readonly #queues = new Map<string, Promise<Queue<BullJob>>>();

  constructor(link: RedisLink, log: Logger) {
    this.#link = link;
    this.#log = log;
  }

  /** Adds a job to a queue, if it isn't there. Lower priorities come first, and of equal ones what was added first. */
  async add(queueName: string, { jobId, run }: BullJob, priority: number): Promise<void> {
    const options = { jobId: bullId(jobId), priority, removeOnComplete: true, removeOnFail: true };
    await (await this.#queue(queueName)).add('job', { jobId, run }, options);
  }

  /** Returns where a job stands in a queue. */
  async stateOf(queueName: string, jobId: string): Promise<'waiting' | 'active' | 'none'> {
    const state = await (await this.#queue(queueName)).getJobState(bullId(jobId));
    if (state === 'active') return 'active';
    return state === 'unknown' || state === 'completed' || state === 'failed' ? 'none' : 'waiting';
  }

  /** Removes a job from a queue; one that a worker has in hand stays. */
  async remove(queueName: string, jobId: string): Promise<void> {
    await (await this.#queue(queueName)).remove(bullId(jobId));
  }

  /** Gives a waiting job another priority: it comes behind those that have this priority already. */
  async changePriority(queueName: string, jobId: string, priority: number): Promise<void> {
    await (await this.#queue(queueName)).getBackend().changePriority(bullId(jobId), priority);
  }

  /** Returns our ids of a queue's jobs that are in these states. */
  async ids(queueName: string, states: readonly ('wait' | 'active' | 'prioritized')[]): Promise<readonly string[]> {
    return (await (await this.#queue(queueName)).getRanges([...states], 0, -1)).map(jobIdOf);
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#queues.values()].map(async (queue) => (await queue).close()));
  }

  #queue(name: string): Promise<Queue<BullJob>> {
    const known = this.#queues.get(name);
    if (known) return known;
    const queue = openQueue(name, this.#link, this.#log);
    this.#queues.set(name, queue);
    // A queue that couldn't reach Redis when it was opened never will: the next call opens another one.
    queue.catch(() => this.#queues.delete(name));
    return queue;
  }
}
