import type { Place, QueuedJob } from './workshop.js';
import type { WaitingJob, Yielding } from './yielding.js';

/** Slots that take the same jobs: those of one machine, or of several that can do the same. */
export interface SlotGroup {
  /** How many jobs are computed in these slots at once. */
  readonly slots: number;
  /** How many times as long as alone a job takes while so many are computed in these slots, itself included; default: 1. */
  readonly slowdown?: ((jobs: number) => number) | undefined;
  /** Whether these slots take jobs with that need. */
  readonly takes: (need: string) => boolean;
}

/** A job that runs, or is paused. Times are in milliseconds since 1970. */
export interface RunningSituation {
  readonly job: QueuedJob;
  readonly need: string;
  readonly startedAt: number;
  /** When the job is expected to end, which may have passed; for a paused one, if it went on now. */
  readonly endsAt: number;
  /** Whether the job is paused, and occupies no slot. */
  readonly isPaused: boolean;
  /** From when on the job may pause; for a paused one, how that would be if it went on now. */
  readonly yieldsAt: number;
}

/**
 * The situation that a forecast is made from. Times are in milliseconds since 1970; needs are as in {@link SlotGroup}.
 */
export interface Situation {
  /** The slots that compute. The list is empty where nothing can compute just now: then no job begins. */
  readonly groups: readonly SlotGroup[];
  readonly now: number;
  /** Which jobs pause for which. */
  readonly yielding: Yielding;
  /** The running jobs in the order in which they began. */
  readonly running: readonly RunningSituation[];
  /** The waiting jobs in the order in which they begin where none pauses for another. */
  readonly waiting: readonly { readonly job: QueuedJob; readonly need: string; readonly durationMs: number }[];
}

/** Tells when jobs will begin and end. */
export interface Forecast {
  /** Places of the running jobs, then of the waiting ones, each in the order of the {@link Situation}. */
  readonly places: readonly Place[];
  /**
   * Returns when a job would end that begins in the place of the waiting job with this index, from 0, or behind them all
   * where the index is the queue's length. It is infinite where nothing can compute the job.
   */
  endOf(index: number, newcomer: Newcomer): number;
  /** Until when the forecast stays true if nothing else changes. */
  readonly validUntil: number;
}

/** A job that doesn't wait yet. */
export interface Newcomer extends WaitingJob {
  readonly need: string;
}

type MutablePlace = { -readonly [Field in keyof Place]: Place[Field] };

interface Slot {
  readonly group: SlotGroup;
  freeAt: number;
  /** The job that runs here, or goes on here next, and from when on it may pause. */
  holder?: { readonly place: MutablePlace; yieldsAt: number };
  /** Places of the jobs that begin here after the holder has ended. */
  readonly later: MutablePlace[];
}

/** A job that should have ended by now is expected to end within this time. */
const overdueMs = 1000;

/** Stands for the slot of a running job for which no slot is known: its machine has just gone, say. */
const leftover: SlotGroup = { slots: 1, takes: () => true };

/**
 * Forecasts all jobs by playing the queue through: each job begins in the slot that takes it and is free first, or where
 * a long job pauses for it.
 */
export function forecast({ groups, now, yielding, running, waiting }: Situation): Forecast {
  const slots: Slot[] = groups.flatMap((group) =>
    Array.from({ length: group.slots }, () => ({ group, freeAt: now, later: [] })),
  );
  const runningPlaces = occupy(slots, running, now);
  const validUntil = Math.min(...slots.map(({ freeAt }) => freeAt));

  const taking = new Map<string, readonly Slot[]>();
  const ableFor = (need: string) => {
    const able = taking.get(need) ?? slots.filter(({ group }) => group.takes(need));
    taking.set(need, able);
    return able;
  };
  let isReordered = false;
  const waitingPlaces = waiting.map(({ job, need, durationMs }, index) => {
    const able = ableFor(need);
    const place: MutablePlace = { job, state: 'waiting', position: index + 1, startsAt: 0, endsAt: 0 };
    const slot = firstFree(able);
    const pausing = firstToPause(able, { ...job, durationMs }, yielding);
    place.startsAt = pausing?.holder?.yieldsAt ?? slot?.freeAt ?? Number.POSITIVE_INFINITY;
    const hereMs = slowed(durationMs, slots, pausing ?? slot, place.startsAt, waiting.length - index - 1);
    place.endsAt = place.startsAt + hereMs;
    if (pausing !== undefined) {
      isReordered = true;
      pause(pausing, hereMs, yielding);
    } else if (slot !== undefined) {
      slot.freeAt = place.endsAt;
      slot.later.push(place);
    }
    return place;
  });
  if (isReordered) {
    const byStart = waitingPlaces.toSorted((a, b) => a.startsAt - b.startsAt);
    for (const [index, place] of byStart.entries()) place.position = index + 1;
  }

  const endOf = (index: number, newcomer: Newcomer) => {
    const able = ableFor(newcomer.need);
    const first = firstFree(able);
    if (first === undefined) return Number.POSITIVE_INFINITY;
    const yieldsAt = firstToPause(able, newcomer, yielding)?.holder?.yieldsAt ?? Number.POSITIVE_INFINITY;
    const startsAt = Math.min(waitingPlaces[index]?.startsAt ?? first.freeAt, first.freeAt, yieldsAt);
    const others = startsAt < first.freeAt ? first.group.slots : waiting.length - index;
    return startsAt + slowed(newcomer.durationMs, slots, first, startsAt, others);
  };
  return { places: [...runningPlaces, ...waitingPlaces], endOf, validUntil };
}

/** Returns how long a job takes in a slot from then on, where it takes so long alone and so many jobs come behind it. */
function slowed(
  aloneMs: number,
  slots: readonly Slot[],
  slot: Slot | undefined,
  startsAt: number,
  behind: number,
): number {
  const { group } = slot ?? {};
  if (group?.slowdown === undefined) return aloneMs;
  let jobs = 1 + behind;
  // This is a plain loop, since it runs for each waiting job and ten thousand may wait.
  for (const one of slots) if (one !== slot && one.group === group && one.freeAt > startsAt) jobs++;
  return Math.round(aloneMs * group.slowdown(Math.min(group.slots, jobs)));
}

/** Gives each running job a slot, paused ones behind what is computed in their place. Returns the places of all. */
function occupy(slots: Slot[], running: readonly RunningSituation[], now: number): readonly MutablePlace[] {
  const unoccupied = new Set(slots);
  const places = running.map(({ job, startedAt, endsAt }): MutablePlace => {
    return {
      job,
      state: 'running',
      position: 0,
      startsAt: startedAt,
      endsAt: endsAt >= now ? endsAt : now + overdueMs,
    };
  });
  const each = [...running.entries()];
  for (const [index, { need, yieldsAt, isPaused }] of [
    ...each.filter(([, { isPaused }]) => !isPaused),
    ...each.filter(([, { isPaused }]) => isPaused),
  ]) {
    const place = places[index];
    if (place === undefined) continue;
    // Which slot the job runs in is not known here: any free one that takes it will do.
    const able = (isPaused ? slots : [...unoccupied]).filter(({ group }) => group.takes(need));
    let slot = isPaused ? firstFree(able) : able[0];
    if (slot === undefined) {
      slot = { group: leftover, freeAt: now, later: [] };
      slots.push(slot);
    }
    const waitsMs = slot.freeAt - now;
    place.endsAt += waitsMs;
    slot.freeAt = place.endsAt;
    slot.holder = { place, yieldsAt: Math.max(now, yieldsAt) + waitsMs };
    unoccupied.delete(slot);
  }
  return places;
}

function firstFree(able: readonly Slot[]): Slot | undefined {
  let first = able[0];
  // This is a plain loop, since it runs for each waiting job and ten thousand may wait.
  for (const slot of able) if (first === undefined || slot.freeAt < first.freeAt) first = slot;
  return first;
}

/** Returns the slot whose job pauses first for a waiting one; undefined where none does, or where that isn't needed. */
function firstToPause(able: readonly Slot[], waiting: WaitingJob, yielding: Yielding): Slot | undefined {
  let first: Slot | undefined;
  let yieldsAt = (firstFree(able)?.freeAt ?? 0) - yielding.patienceMs;
  for (const slot of able) {
    const { holder } = slot;
    if (holder === undefined || holder.yieldsAt >= yieldsAt) continue;
    const { job, endsAt } = holder.place;
    if (!yielding.wouldPause({ ownerId: job.ownerId, leftMs: endsAt - holder.yieldsAt }, waiting)) continue;
    first = slot;
    ({ yieldsAt } = holder);
  }
  return first;
}

/** Has the job of a slot pause once for so long, which everything after it waits for. */
function pause(slot: Slot, pauseMs: number, yielding: Yielding): void {
  const { holder, later } = slot;
  if (holder === undefined) return;
  holder.yieldsAt += pauseMs + yielding.turnMs(pauseMs);
  holder.place.endsAt += pauseMs;
  slot.freeAt += pauseMs;
  for (const place of later) {
    place.startsAt += pauseMs;
    place.endsAt += pauseMs;
  }
}
