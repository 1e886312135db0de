import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type CodedError, isCoded } from '../coded-error.js';
import { isDiskTrouble } from '../database/database-error.js';

/** Pauses between two attempts double from the first to the longest. */
const firstPauseMs = 1000;

/** The longest pause between two attempts to write: one costs little, and people wait for an operator to make room. */
export const longestDiskPauseMs = 5000;

/**
 * Whether an error says that the disk keeps nothing just now: it is full, broken, or may not be written. It is not about
 * the job that met it, which can go on once an operator has mended that.
 */
export function isOfDisk(error: unknown): error is CodedError {
  return isDiskTrouble(error) || (isCoded(error, 'job-files') && error.code !== 'missing');
}

/** Does the steps of jobs that need the disk: again and again while that keeps nothing. */
export class DiskPatience {
  readonly #log: Logger;
  readonly #ending = new AbortController();

  constructor(log: Logger) {
    this.#log = log;
  }

  /**
   * Does a step, which may be done several times.
   * @param stopping - ends the waiting for this step, as {@link end} does for all.
   * @throws what the step throws, but trouble with the disk only after the end.
   */
  async through<Result>(jobId: string, step: () => Promise<Result>, stopping?: AbortSignal): Promise<Result> {
    const signal = stopping ? AbortSignal.any([this.#ending.signal, stopping]) : this.#ending.signal;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestDiskPauseMs)) {
      try {
        return await step();
      } catch (error) {
        if (!isOfDisk(error) || signal.aborted) throw error;
        this.#log.error({ job: jobId, err: error, pauseMs }, 'a job waits for the disk');
        await wait(pauseMs, undefined, { signal, ref: false }).catch(() => {});
      }
    }
  }

  /** Has every step be tried once more at most. */
  end(): void {
    this.#ending.abort();
  }
}
