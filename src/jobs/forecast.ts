import type { Place, QueuedJob } from './job-queue.js';

/** What {@link forecast} goes by. Times are in milliseconds since 1970. */
export interface Situation {
  /** Jobs that are computed at once; 0 where nothing can compute just now: then nothing begins before it can. */
  readonly slots: number;
  readonly now: number;
  /** In the order in which they began; when each is expected to end by what is known of it, be it in the past. */
  readonly running: readonly { readonly job: QueuedJob; readonly startedAt: number; readonly endsAt: number }[];
  /** In the order of beginning. */
  readonly waiting: readonly { readonly job: QueuedJob; readonly durationMs: number }[];
}

/** When jobs will begin and end. */
export interface Forecast {
  /** Of running jobs, then of waiting ones, in the order that they were given in. */
  readonly places: readonly Place[];
  /** When the waiting job with an index, from 0, begins; with the length of the queue, when one behind them all would. */
  startOf(index: number): number;
  /** Until when it stays true if nothing else changes. */
  readonly validUntil: number;
}

/** A job that should have ended by now is expected to within this. */
const overdueMs = 1000;

/** Plays through what waits: each job begins where a slot is free first. */
export function forecast({ slots, now, running, waiting }: Situation): Forecast {
  const places: Place[] = [];
  const freeAt: number[] = [];
  for (const { job, startedAt, endsAt } of running) {
    const expected = endsAt >= now ? endsAt : now + overdueMs;
    places.push({ job, state: 'running', position: 0, startsAt: startedAt, endsAt: expected });
    freeAt.push(expected);
  }
  while (freeAt.length < slots) freeAt.push(now);
  if (freeAt.length === 0) freeAt.push(Number.POSITIVE_INFINITY);
  const validUntil = Math.min(...freeAt);

  for (const [index, { job, durationMs }] of waiting.entries()) {
    const startsAt = Math.min(...freeAt);
    const endsAt = startsAt + durationMs;
    places.push({ job, state: 'waiting', position: index + 1, startsAt, endsAt });
    freeAt[freeAt.indexOf(startsAt)] = endsAt;
  }
  const startBehindAll = Math.min(...freeAt);
  const startOf = (index: number) => places[running.length + index]?.startsAt ?? startBehindAll;
  return { places, startOf, validUntil };
}
