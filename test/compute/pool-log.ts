import type { PoolEvent } from '../../src/compute/pool-event.js';

type EventOf<Kind extends PoolEvent['kind']> = Extract<PoolEvent, { readonly kind: Kind }>;

/** Keeps what a pool tells of its processes. */
export class PoolLog {
  readonly #events: PoolEvent[] = [];
  #wake = () => {};

  readonly onEvent = (event: PoolEvent) => {
    this.#events.push(event);
    this.#wake();
  };

  all<Kind extends PoolEvent['kind']>(kind: Kind): readonly EventOf<Kind>[] {
    return this.#events.filter((event): event is EventOf<Kind> => event.kind === kind);
  }

  /** Settles once there have been so many events of a kind. */
  async until(kind: PoolEvent['kind'], count: number): Promise<void> {
    while (this.all(kind).length < count) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** The process that was started last. */
  get pid(): number {
    const pid = this.all('started').at(-1)?.pid;
    if (pid === undefined) throw new Error('Expected a process to have been started, none was');
    return pid;
  }
}
