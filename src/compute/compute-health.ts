import type { PoolEvent } from './pool-event.js';

/** Whether the compute processes are of use, and which there are, by what is told of them. */
export class ComputeHealth {
  /** Why the last process that was started could not compute; undefined where one could, or none has got so far yet. */
  #problem: string | undefined = 'No compute process has opened its engine yet.';
  /** Processes that have not opened their engine yet. */
  readonly #opening = new Set<number>();
  readonly #pids = new Set<number>();

  /** Takes note of an event. */
  hear(event: PoolEvent): void {
    const { pid } = event;
    if (pid === undefined) return;
    switch (event.kind) {
      case 'started':
        this.#pids.add(pid);
        this.#opening.add(pid);
        break;
      case 'ready':
        this.#opening.delete(pid);
        this.#problem = undefined;
        break;
      case 'not-ready':
        this.#opening.delete(pid);
        this.#problem = event.message;
        break;
      case 'killed':
        if (event.reason === 'hung') this.#failedToOpen(pid, 'A compute process hung while it opened its engine.');
        break;
      case 'ended':
        this.#pids.delete(pid);
        if (!event.expected) this.#failedToOpen(pid, 'A compute process died while it opened its engine.');
        this.#opening.delete(pid);
        break;
    }
  }

  /** The processes that there are. */
  get pids(): ReadonlySet<number> {
    return this.#pids;
  }

  /** @throws Error where nothing could be computed now, as far as is known: with what is wrong. */
  require(): void {
    if (this.#problem !== undefined) throw new Error(this.#problem);
  }

  #failedToOpen(pid: number, problem: string): void {
    if (this.#opening.delete(pid)) this.#problem = problem;
  }
}
