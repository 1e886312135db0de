import { setTimeout as wait } from 'node:timers/promises';
import type { QueueView } from './wire.js';

/** How long after something has happened the bot is asked, and how long it may take to answer, in milliseconds. */
const calmMs = 250;
const patienceMs = 2_000;

const jobsLine = /^whitewalker_jobs\{state="(\w+)"\} (\d+)$/gm;

/** Asks the bot for its numbers of jobs, as operators do, after something has happened that may have changed them. */
export class QueueWatch {
  latest: QueueView;
  readonly #origin: () => string | undefined;
  readonly #onChange: (queue: QueueView) => void;
  #isLooking = false;
  #isOutdated = false;

  /** @param origin - returns where the bot answers operators; undefined while it does not. */
  constructor(origin: () => string | undefined, onChange: (queue: QueueView) => void) {
    this.#origin = origin;
    this.#onChange = onChange;
  }

  /** Notes that the numbers may have changed. However often it is called, the bot is asked once at a time. */
  outdate(): void {
    this.#isOutdated = true;
    if (!this.#isLooking) void this.#look();
  }

  async #look(): Promise<void> {
    this.#isLooking = true;
    while (this.#isOutdated) {
      this.#isOutdated = false;
      await wait(calmMs, undefined, { ref: false });
      const queue = await this.#ask();
      if (JSON.stringify(queue) === JSON.stringify(this.latest)) continue;
      this.latest = queue;
      this.#onChange(queue);
    }
    this.#isLooking = false;
  }

  async #ask(): Promise<QueueView> {
    const origin = this.#origin();
    if (origin === undefined) return undefined;
    try {
      const response = await fetch(`${origin}/metrics`, { signal: AbortSignal.timeout(patienceMs) });
      const lines = (await response.text()).matchAll(jobsLine);
      return Object.fromEntries([...lines].map(([, state, jobs]) => [state, Number(jobs)]));
    } catch {
      // The bot has just ended, and what watches over it tells so.
      return undefined;
    }
  }
}
