import type { PoolEvent } from './pool-event.js';

/** Knows from events which compute processes there are, and whether anything can be computed. */
export class ComputeHealth {
  /** Why the last attempt to open an engine failed, or that there was none yet; undefined if it succeeded. */
  #problem: string | undefined = 'No compute process has opened its engine yet.';
  /** Ids of processes that have not opened their engine yet. */
  readonly #opening = new Set<number>();
  readonly #pids = new Set<number>();

  /** Takes note of an event of the pool. */
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

  /** Ids of the processes that there are. */
  get pids(): ReadonlySet<number> {
    return this.#pids;
  }

  /** Throws where nothing could be computed now, as far as is known. @throws Error whose message says what is wrong. */
  require(): void {
    if (this.#problem !== undefined) throw new Error(this.#problem);
  }

  #failedToOpen(pid: number, problem: string): void {
    if (this.#opening.delete(pid)) this.#problem = problem;
  }
}
