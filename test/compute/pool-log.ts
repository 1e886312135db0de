import type { PoolEvent } from '../../src/compute/pool-event.js';
import { until } from '../patience.js';

type EventOf<Kind extends PoolEvent['kind']> = Extract<PoolEvent, { readonly kind: Kind }>;

/** Records the events that a pool of compute processes tells of. */
export class PoolLog {
  #events: PoolEvent[] = [];
  #lastPid: number | undefined;

  readonly onEvent = (event: PoolEvent) => {
    this.#events.push(event);
    if (event.kind === 'started') this.#lastPid = event.pid;
  };

  /** Forgets all events so far, but not which process was started last. */
  forget(): void {
    this.#events = [];
  }

  all<Kind extends PoolEvent['kind']>(kind: Kind): readonly EventOf<Kind>[] {
    return this.#events.filter((event): event is EventOf<Kind> => event.kind === kind);
  }

  /** Settles once there have been so many events of this kind. */
  async until(kind: PoolEvent['kind'], count: number): Promise<void> {
    await until(
      () => this.all(kind).length >= count,
      () => `${count} times "${kind}" in ${JSON.stringify(this.#events)}`,
    );
  }

  /**
   * Id of the compute process that was started last.
   * @throws Error where none was started.
   */
  get pid(): number {
    const pid = this.#lastPid;
    if (pid === undefined) throw new Error('Expected a process to have been started, none was');
    return pid;
  }
}
