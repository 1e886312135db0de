import type { Job } from './job.js';

/** When jobs have to be over, of those whose people can't be reached for ever. */
export class Deadlines {
  readonly #onMissed: (jobId: string) => void;
  readonly #timers = new Map<string, NodeJS.Timeout>();

  /** @param onMissed - called once a job's time is up. Must not throw. */
  constructor(onMissed: (jobId: string) => void) {
    this.#onMissed = onMissed;
  }

  /** Watches over a job, if it has a deadline. */
  watch({ id, reply: { deadlineAt } }: Job): void {
    if (deadlineAt === undefined) return;
    const timer = setTimeout(() => this.#onMissed(id), Math.max(0, deadlineAt - Date.now()));
    this.#timers.set(id, timer.unref());
  }

  /** A job is over. */
  forget(jobId: string): void {
    clearTimeout(this.#timers.get(jobId));
    this.#timers.delete(jobId);
  }

  forgetAll(): void {
    for (const jobId of this.#timers.keys()) this.forget(jobId);
  }
}
