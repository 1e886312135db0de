import type { Place, QueuedJob } from './workshop.js';

/** Slots that are alike: those of a machine, or of several that can do the same. */
export interface SlotGroup {
  /** Jobs that are computed there at once. */
  readonly slots: number;
  /** Whether jobs with that need are computed there. */
  readonly takes: (need: string) => boolean;
}

/** What {@link forecast} goes by. Times are in milliseconds since 1970. Needs are whatever {@link SlotGroup.takes} knows. */
export interface Situation {
  /** Where jobs are computed; none where nothing can compute just now: then nothing begins before it can. */
  readonly groups: readonly SlotGroup[];
  readonly now: number;
  /** In the order in which they began; when each is expected to end by what is known of it, be it in the past. */
  readonly running: readonly {
    readonly job: QueuedJob;
    readonly need: string;
    readonly startedAt: number;
    readonly endsAt: number;
  }[];
  /** In the order of beginning. */
  readonly waiting: readonly { readonly job: QueuedJob; readonly need: string; readonly durationMs: number }[];
}

/** When jobs will begin and end. */
export interface Forecast {
  /** Of running jobs, then of waiting ones, in the order that they were given in. */
  readonly places: readonly Place[];
  /**
   * When a job with that need would begin in the place of the waiting job with an index, from 0; with the length of the queue, behind
   * them all. Infinite where nothing can compute it.
   */
  startOf(index: number, need: string): number;
  /** Until when it stays true if nothing else changes. */
  readonly validUntil: number;
}

/** A job that should have ended by now is expected to within this. */
const overdueMs = 1000;

/** A slot that a job was found in which should not be there: of a machine that has just gone, say. */
const leftover: SlotGroup = { slots: 1, takes: () => true };

/** Plays through what waits: each job begins where a slot is free first that takes it. */
export function forecast({ groups, now, running, waiting }: Situation): Forecast {
  const places: Place[] = [];
  const slots = groups.flatMap((group) => Array.from({ length: group.slots }, () => ({ group, freeAt: now })));
  const unoccupied = new Set(slots);
  for (const { job, need, startedAt, endsAt } of running) {
    const expected = endsAt >= now ? endsAt : now + overdueMs;
    places.push({ job, state: 'running', position: 0, startsAt: startedAt, endsAt: expected });
    // In which one it runs is not known here.
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
    // A loop, for ten thousand may wait.
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
