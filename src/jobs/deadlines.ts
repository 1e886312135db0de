import type { Job } from './job.js';

/** Watches the deadlines of jobs whose people can be reached for a limited time only: the jobs must be over by then. */
export class Deadlines {
  readonly #onMissed: (jobId: string) => void;
  readonly #timers = new Map<string, NodeJS.Timeout>();

  /** @param onMissed - is called when a job's deadline has come. Must not throw. */
  constructor(onMissed: (jobId: string) => void) {
    this.#onMissed = onMissed;
  }

  /** Watches a job's deadline, if it has one. */
  watch({ id, reply: { deadlineAt } }: Job): void {
    if (deadlineAt === undefined) return;
    const timer = setTimeout(() => this.#onMissed(id), Math.max(0, deadlineAt - Date.now()));
    this.#timers.set(id, timer.unref());
  }

  /** Stops watching a job, since it is over. */
  forget(jobId: string): void {
    clearTimeout(this.#timers.get(jobId));
    this.#timers.delete(jobId);
  }

  forgetAll(): void {
    for (const jobId of this.#timers.keys()) this.forget(jobId);
  }
}
