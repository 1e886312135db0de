import { vi } from 'vitest';
import type { EmbeddedQueueOptions } from '../../src/jobs/embedded-queue.js';
import type { JobProgress } from '../../src/works/progress.js';

interface HeldJob {
  readonly signal: AbortSignal;
  readonly report: (progress: JobProgress) => void;
  readonly finish: () => void;
  readonly fail: (error: unknown) => void;
}

/** Performs jobs that take until the test ends them, whatever their signal says. */
export class HeldJobs {
  /** Ids of those that began, in that order. */
  readonly begun: string[] = [];
  readonly #running = new Map<string, HeldJob>();

  readonly perform: EmbeddedQueueOptions['perform'] = ({ id }, { signal, report }) =>
    new Promise<void>((resolve, reject) => {
      this.begun.push(id);
      this.#running.set(id, { signal, report, finish: resolve, fail: reject });
    });

  /** A job that has begun, once it has. */
  async running(id: string): Promise<HeldJob> {
    return vi.waitFor(
      () => {
        const job = this.#running.get(id);
        if (job === undefined) throw new Error(`${id} has not begun; these have: ${this.begun.join(', ')}`);
        return job;
      },
      { interval: 1, timeout: 10_000 },
    );
  }

  async finish(...ids: readonly string[]): Promise<void> {
    for (const id of ids) (await this.running(id)).finish();
  }

  /** Ends each job as soon as it has begun, until so many have begun in all. */
  async finishAll(count: number): Promise<void> {
    for (let ended = 0; ended < count; ended++) {
      await vi.waitFor(() => this.begun[ended] ?? Promise.reject(new Error(`Only ${ended} began`)), {
        interval: 1,
        timeout: 10_000,
      });
      await this.finish(this.begun[ended] ?? '');
    }
  }
}
