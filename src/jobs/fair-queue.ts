import type { Queue, QueueAddOptions } from 'p-queue';
import type { FairOrder } from './fair-order.js';

/** What p-queue queues: begins the work. */
export type Run = () => Promise<unknown>;

/** What a job's `add` to p-queue says of it; `id` is needed too. */
export interface FairQueueOptions extends QueueAddOptions {
  readonly ownerId: string;
  /** See {@link FairOrder}. */
  readonly cost: number;
}

/** p-queue's queue, with a {@link FairOrder} for its order. */
export class FairQueue implements Queue<Run, FairQueueOptions> {
  readonly #order: FairOrder<Run>;

  constructor(order: FairOrder<Run>) {
    this.#order = order;
  }

  get size(): number {
    return this.#order.size;
  }

  /** @throws TypeError where the options say too little to be fair. */
  enqueue(run: Run, { id, ownerId, cost }: Partial<FairQueueOptions> = {}): void {
    if (id === undefined || ownerId === undefined || cost === undefined) {
      throw new TypeError(`Expected \`id\`, \`ownerId\` and \`cost\`, got ${id}, ${ownerId} and ${cost}`);
    }
    this.#order.add({ id, ownerId, cost }, run);
  }

  dequeue(): Run | undefined {
    return this.#order.next();
  }

  /** Those of one owner. */
  filter({ ownerId }: Readonly<Partial<FairQueueOptions>>): Run[] {
    return this.#order.waiting.filter((share) => share.ownerId === ownerId).map(({ item }) => item);
  }

  setPriority(id: string): never {
    throw new TypeError(`Job ${id} can't be given a priority: a fair queue knows none`);
  }
}

/** A class as p-queue's `queueClass` wants it, without arguments, whose queue has this order. */
export function fairQueueClass(order: FairOrder<Run>): new () => FairQueue {
  return class extends FairQueue {
    constructor() {
      super(order);
    }
  };
}
