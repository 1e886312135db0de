import type { ComputeProcess } from './compute-process.js';
import { threadShares } from './thread-shares.js';

/**
 * How long threads are left unused before a task gets more of them. To open an engine's sessions anew costs some tenths of a
 * second, and where jobs wait, the next one begins before that.
 */
const calmMs = 1000;

/**
 * Shares threads out among the processes that are at a task: a lone one has them all. Whoever has too many gives the rest
 * away at once, at the end of its evaluation; whoever could have more gets them once no new task has come for a while.
 */
export class SharedThreads {
  readonly all: number;
  readonly #calmMs: number;
  /** The processes that are at a task, in the order in which they came. */
  readonly #working = new Set<ComputeProcess>();
  #growth: NodeJS.Timeout | undefined;

  constructor(all: number, calm = calmMs) {
    this.all = all;
    this.#calmMs = calm;
  }

  /** Gives a process that begins or goes on with a task its share, and all others theirs. */
  enter(process: ComputeProcess): void {
    clearTimeout(this.#growth);
    this.#working.add(process);
    this.#shareOut();
  }

  /** Notes that a process is at no task any more, or stands still. */
  leave(process: ComputeProcess): void {
    if (!this.#working.delete(process)) return;
    clearTimeout(this.#growth);
    this.#growth = setTimeout(() => this.#shareOut(), this.#calmMs).unref();
  }

  end(): void {
    clearTimeout(this.#growth);
  }

  #shareOut(): void {
    const shares = threadShares(this.all, this.#working.size);
    for (const [index, process] of [...this.#working].entries()) process.computeWith(shares[index] ?? 1);
  }
}
