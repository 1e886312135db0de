import type { Logger } from 'pino';
import type { FairOrder } from '../../fair-order.js';
import type { BullQueues } from './bull-queues.js';
import type { DispatchedJob } from './dispatched-job.js';
import { Priorities } from './priorities.js';

export interface QueueOrderParts {
  readonly order: FairOrder<DispatchedJob>;
  readonly bull: BullQueues;
  readonly log: Logger;
}

/** Brings the fair order into BullMQ's queues, as the priorities of the jobs that wait there. */
export class QueueOrder {
  readonly #parts: QueueOrderParts;
  readonly #priorities = new Priorities();

  constructor(parts: QueueOrderParts) {
    this.#parts = parts;
  }

  /** Has priorities count from the first job that waits; where none waits, from the one that is added next. */
  moveBase(): void {
    const { waiting, virtualTime } = this.#parts.order;
    this.#priorities.rebase(waiting[0]?.start ?? virtualTime, waiting.at(-1)?.start ?? virtualTime);
  }

  /** Gives jobs in BullMQ new priorities where the order has changed. Never rejects. */
  async reorder(): Promise<void> {
    const changed: (readonly [DispatchedJob, number])[] = [];
    const dirty = new Set<string>();
    const { waiting } = this.#parts.order;
    const ends = [waiting[0], waiting.at(-1)];
    if (ends.some((end) => end !== undefined && this.#priorities.of(end.start) === undefined)) this.moveBase();
    for (const { item, start } of waiting) {
      if (item.priority === undefined) continue;
      const inOrder = this.#priorities.of(start) ?? this.#priorities.last;
      const priority = item.isHastened ? this.#priorities.first : inOrder;
      const rank = `${item.queueName} ${priority}`;
      // BullMQ puts a job that it moves behind those of the same priority: so jobs that belong behind it move after it.
      if (item.priority !== priority || dirty.has(rank)) {
        dirty.add(rank);
        changed.push([item, priority]);
      }
    }
    for (const [item, priority] of changed) {
      // This fails for a job that a worker has taken meanwhile, which needs no priority any more.
      await this.prioritise(item, priority).catch((error: unknown) => {
        this.#parts.log.debug({ job: item.job.id, err: error }, 'a priority was not changed');
      });
    }
  }

  /** Puts a waiting job in front of all others in its queue. @throws where Redis doesn't do so. */
  async hasten(dispatched: DispatchedJob): Promise<void> {
    dispatched.isHastened = true;
    await this.prioritise(dispatched, this.#priorities.first);
  }

  /** Returns a job's priority: the first for a job that the order counts as begun, since a worker has had it before. */
  priorityOf({ job: { id }, isHastened }: DispatchedJob): number {
    const start = this.#parts.order.startOf(id);
    if (start === undefined || isHastened) return this.#priorities.first;
    const priority = this.#priorities.of(start);
    if (priority !== undefined) return priority;
    this.moveBase();
    void this.reorder();
    return this.#priorities.of(start) ?? this.#priorities.last;
  }

  /** Gives a job in BullMQ this priority. @throws where Redis doesn't do so; then the job is to be looked at again. */
  async prioritise(dispatched: DispatchedJob, priority: number): Promise<void> {
    dispatched.priority = priority;
    try {
      await this.#parts.bull.changePriority(dispatched.queueName, dispatched.job.id, priority);
    } catch (error) {
      dispatched.priority = undefined;
      dispatched.isInRedis = false;
      throw error;
    }
  }
}
