import type { Queue, QueueAddOptions } from 'p-queue';
import type { FairOrder } from './fair-order.js';

/** A function that begins a job's work: p-queue's queue consists of these. */
export type Run = () => Promise<unknown>;

/** Options of p-queue's `add` for a job; besides these, `id` is needed. */
export interface FairQueueOptions extends QueueAddOptions {
  readonly ownerId: string;
  /** How much work the job is, as in {@link FairOrder}. */
  readonly cost: number;
}

/** A queue for p-queue whose order is a {@link FairOrder}. */
export class FairQueue implements Queue<Run, FairQueueOptions> {
  readonly #order: FairOrder<Run>;

  constructor(order: FairOrder<Run>) {
    this.#order = order;
  }

  get size(): number {
    return this.#order.size;
  }

  /** Adds a job. @throws TypeError where the options lack `id`, `ownerId` or `cost`. */
  enqueue(run: Run, { id, ownerId, cost }: Partial<FairQueueOptions> = {}): void {
    if (id === undefined || ownerId === undefined || cost === undefined) {
      throw new TypeError(`Expected \`id\`, \`ownerId\` and \`cost\`, got ${id}, ${ownerId} and ${cost}`);
    }
    this.#order.add({ id, ownerId, cost }, run);
  }

  dequeue(): Run | undefined {
    return this.#order.next();
  }

  /** Returns the jobs of one owner. */
  filter({ ownerId }: Readonly<Partial<FairQueueOptions>>): Run[] {
    return this.#order.waiting.filter((share) => share.ownerId === ownerId).map(({ item }) => item);
  }

  setPriority(id: string): never {
    throw new TypeError(`Job ${id} can't be given a priority: a fair queue knows none`);
  }
}

/** Returns a class for p-queue's `queueClass`: its constructor takes no arguments and makes a queue with this order. */
export function fairQueueClass(order: FairOrder<Run>): new () => FairQueue {
  return class extends FairQueue {
    constructor() {
      super(order);
    }
  };
}
