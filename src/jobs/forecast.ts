import type { Place, QueuedJob } from './workshop.js';

/** Slots that take the same jobs: those of one machine, or of several that can do the same. */
export interface SlotGroup {
  /** How many jobs are computed in these slots at once. */
  readonly slots: number;
  /** Whether these slots take jobs with that need. */
  readonly takes: (need: string) => boolean;
}

/**
 * The situation that a forecast is made from. Times are in milliseconds since 1970; needs are as in {@link SlotGroup}.
 */
export interface Situation {
  /** The slots that compute. The list is empty where nothing can compute just now: then no job begins. */
  readonly groups: readonly SlotGroup[];
  readonly now: number;
  /** The running jobs in the order in which they began. `endsAt`, when one is expected to end, may have passed. */
  readonly running: readonly {
    readonly job: QueuedJob;
    readonly need: string;
    readonly startedAt: number;
    readonly endsAt: number;
  }[];
  /** The waiting jobs in the order in which they will begin. */
  readonly waiting: readonly { readonly job: QueuedJob; readonly need: string; readonly durationMs: number }[];
}

/** Tells when jobs will begin and end. */
export interface Forecast {
  /** Places of the running jobs, then of the waiting ones, each in the order of the {@link Situation}. */
  readonly places: readonly Place[];
  /**
   * Returns when a job with that need would begin in the place of the waiting job with this index, from 0, or behind
   * them all where the index is the queue's length. It is infinite where nothing can compute the job.
   */
  startOf(index: number, need: string): number;
  /** Until when the forecast stays true if nothing else changes. */
  readonly validUntil: number;
}

/** A job that should have ended by now is expected to end within this time. */
const overdueMs = 1000;

/** Stands for the slot of a running job for which no slot is known: its machine has just gone, say. */
const leftover: SlotGroup = { slots: 1, takes: () => true };

/** Forecasts all jobs by playing the queue through: each job begins in the slot that takes it and is free first. */
export function forecast({ groups, now, running, waiting }: Situation): Forecast {
  const places: Place[] = [];
  const slots = groups.flatMap((group) => Array.from({ length: group.slots }, () => ({ group, freeAt: now })));
  const unoccupied = new Set(slots);
  for (const { job, need, startedAt, endsAt } of running) {
    const expected = endsAt >= now ? endsAt : now + overdueMs;
    places.push({ job, state: 'running', position: 0, startsAt: startedAt, endsAt: expected });
    // Which slot the job runs in is not known here: any free one that takes it will do.
    const slot = [...unoccupied].find(({ group }) => group.takes(need));
    if (slot === undefined) slots.push({ group: leftover, freeAt: expected });
    else {
      slot.freeAt = expected;
      unoccupied.delete(slot);
    }
  }
  const validUntil = Math.min(...slots.map(({ freeAt }) => freeAt));

  const taking = new Map<string, typeof slots>();
  const firstFree = (need: string) => {
    const able = taking.get(need) ?? slots.filter(({ group }) => group.takes(need));
    taking.set(need, able);
    let first = able[0];
    // This is a plain loop, since it runs for each waiting job and ten thousand may wait.
    for (const slot of able) if (first === undefined || slot.freeAt < first.freeAt) first = slot;
    return first;
  };
  for (const [index, { job, need, durationMs }] of waiting.entries()) {
    const slot = firstFree(need);
    const startsAt = slot?.freeAt ?? Number.POSITIVE_INFINITY;
    const endsAt = startsAt + durationMs;
    places.push({ job, state: 'waiting', position: index + 1, startsAt, endsAt });
    if (slot !== undefined) slot.freeAt = endsAt;
  }
  const startOf = (index: number, need: string) => {
    const behindAll = firstFree(need)?.freeAt;
    if (behindAll === undefined) return Number.POSITIVE_INFINITY;
    return Math.min(places[running.length + index]?.startsAt ?? behindAll, behindAll);
  };
  return { places, startOf, validUntil };
}
