import type { Logger } from 'pino';
import type { RedisLink } from '../redis-link.js';
import type { Dispatch } from './dispatch.js';
import type { DispatchedJob } from './dispatched-job.js';
import type { KnownWorkers } from './known-workers.js';

export interface UpkeepParts {
  readonly link: Pick<RedisLink, 'isUp' | 'isConnected'>;
  readonly dispatch: Dispatch;
  readonly workers: KnownWorkers;
  /** The jobs of the workshop, by their ids. */
  readonly entries: ReadonlyMap<string, DispatchedJob>;
  /** Looks at what Redis has of a job, and adds what is missing. Never rejects. */
  readonly check: (entry: DispatchedJob) => Promise<void>;
  readonly log: Logger;
}

/** How many jobs Redis is asked about at once. */
const batch = 100;

/** Keeps Redis in step with the workshop, whatever news were missed and whatever Redis has lost. */
export class Upkeep {
  readonly #parts: UpkeepParts;
  #isWatching = false;
  #comingBack: Promise<void> | undefined;
  #isToComeBack = false;
  #isToBeSwept = false;
  #isEnded = false;

  constructor(parts: UpkeepParts) {
    this.#parts = parts;
  }

  /** Brings Redis up to date after it was away or refused writes, or has lost what it had: now, and once more if asked. */
  comeBack(): Promise<void> {
    this.#isToComeBack = true;
    this.#comingBack ??= this.#bringUpToDate().finally(() => {
      this.#comingBack = undefined;
    });
    return this.#comingBack;
  }

  /** Removes from Redis the jobs that are not in the workshop: now, or when Redis is back. Never rejects. */
  async sweep(): Promise<void> {
    this.#isToBeSwept = true;
    await this.#sweepIfDue();
  }

  /** Looks at jobs that workers have in hand, and at those that Redis still has to get or to forget. Never rejects. */
  async watch(): Promise<void> {
    const { link, dispatch, entries, check, log } = this.#parts;
    if (this.#isWatching || this.#isEnded || !link.isConnected) return;
    this.#isWatching = true;
    try {
      const all = [...entries.values()];
      const waiting = all.filter(({ isRunning }) => !isRunning);
      const active = new Set(await dispatch.active(new Set(waiting.map(({ queueName }) => queueName))));
      const doubtful = all.filter(({ isRunning, isInRedis, job }) => isRunning || !isInRedis || active.has(job.id));
      // While Redis refuses writes, there is nothing to do for jobs that it can't have.
      const { isUp } = link;
      const due = doubtful.filter(({ mayBeInRedis, isResumed }) => isUp || mayBeInRedis || isResumed);
      await Promise.all(due.map(check));
      await dispatch.forgetLeftovers();
    } catch (error) {
      log.debug({ err: error }, 'jobs could not be looked at');
    } finally {
      this.#isWatching = false;
    }
  }

  /** Begins nothing any more. */
  end(): void {
    this.#isEnded = true;
  }

  async #bringUpToDate(): Promise<void> {
    while (this.#isToComeBack && !this.#isEnded) {
      this.#isToComeBack = false;
      await this.#update();
    }
  }

  async #update(): Promise<void> {
    const { workers, entries, check, dispatch } = this.#parts;
    await workers.renew();
    const all = [...entries.values()];
    for (let index = 0; index < all.length; index += batch) {
      await Promise.all(all.slice(index, index + batch).map(check));
    }
    await dispatch.forgetLeftovers();
    await this.#sweepIfDue();
  }

  async #sweepIfDue(): Promise<void> {
    const { link, dispatch, entries, log } = this.#parts;
    if (!this.#isToBeSwept || !link.isUp) return;
    this.#isToBeSwept = false;
    try {
      await dispatch.sweep((jobId) => entries.has(jobId));
    } catch (error) {
      this.#isToBeSwept = true;
      log.warn({ err: error }, 'Redis could not be tidied yet');
    }
  }
}
