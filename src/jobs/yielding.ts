import type { Task } from '../works/works.js';
import { typicalSecondsOf } from './duration-estimate.js';

/** Bounds that say which jobs pause for which. All are in milliseconds, but `timesLonger`. */
export interface YieldingBounds {
  /** A job that takes no longer than this is short: by its estimate here, or on a typical machine. */
  readonly shortMs: number;
  /** A job with less than this left is not worth pausing. */
  readonly leastLeftMs: number;
  /** How many times as long as a short job a long one must have left: else it is to be finished first. */
  readonly timesLonger: number;
  /** How long a long job works at least between two pauses; after a long pause, half as long as that was. */
  readonly leastTurnMs: number;
  /** Nobody pauses for a job that begins within this time anyway. */
  readonly patienceMs: number;
}

/** From how many seconds on, by what is left of it, a job is long where operators don't say. */
const usualLongSeconds = 60;

function boundsFor(longSeconds: number): YieldingBounds {
  const leastLeftMs = 1000 * longSeconds;
  return {
    shortMs: 2 * leastLeftMs,
    leastLeftMs,
    timesLonger: 4,
    leastTurnMs: leastLeftMs / 6,
    patienceMs: leastLeftMs / 3,
  };
}

/** A waiting job as {@link Yielding} sees it. */
export interface WaitingJob {
  readonly ownerId: string;
  readonly task: Task;
  /** How long the job takes here, by its estimate. */
  readonly durationMs: number;
}

/**
 * Says when a long job pauses, at the end of an epoch, so that a short one of somebody else need not wait for its end.
 *
 * A long job and the short ones take turns in its slot: after each short one it goes on, for a while that grows with its
 * pause. So it gets a third of its slot's time at least, however many short ones come. Each slot has one paused job at
 * most, because that keeps its process with all its memory; and what is computed meanwhile is short, so that nobody waits
 * long for its end either.
 */
export class Yielding {
  readonly #bounds: YieldingBounds;

  /** @param longSeconds - from how many seconds left on a job is long: the other bounds are in proportion to it. */
  constructor(longSeconds: number = usualLongSeconds, bounds: Partial<YieldingBounds> = {}) {
    this.#bounds = { ...boundsFor(longSeconds), ...bounds };
  }

  get patienceMs(): number {
    return this.#bounds.patienceMs;
  }

  /** Whether a running job with so much left would pause for any other. */
  isLong(leftMs: number): boolean {
    return leftMs >= this.#bounds.leastLeftMs;
  }

  /** Whether a running job, with so much left, would pause for a waiting one. */
  wouldPause(
    running: { readonly ownerId: string; readonly leftMs: number },
    { ownerId, task, durationMs }: WaitingJob,
  ): boolean {
    const { shortMs, timesLonger } = this.#bounds;
    // A slow machine's people wait for each other, too: there, what is little work counts as short however long it takes.
    const isShort = Math.min(durationMs, 1000 * typicalSecondsOf(task)) <= shortMs;
    if (running.ownerId === ownerId || !isShort) return false;
    return this.isLong(running.leftMs) && running.leftMs >= timesLonger * durationMs;
  }

  /** Returns how long a job works before it pauses again. @param pauseMs - how long its last pause was; 0: none yet. */
  turnMs(pauseMs: number): number {
    return Math.max(this.#bounds.leastTurnMs, pauseMs / 2);
  }
}
