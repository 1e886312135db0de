/** BullMQ's bounds: 0 is no priority at all. */
const lowest = 1;
const highest = 2_097_151;

/** Costs are seconds of work; jobs that differ by less begin in the order in which they came. */
const stepsPerSecond = 8;

/** A cost that start tags stay whole steps with, so that priorities order jobs exactly as the tags do. */
export function wholeSteps(costSeconds: number): number {
  return Math.max(1, Math.round(costSeconds * stepsPerSecond)) / stepsPerSecond;
}

/**
 * Start tags of fair queueing as BullMQ's priorities. Tags grow for ever and priorities don't: they count from a base, which
 * is moved where the range runs out.
 */
export class Priorities {
  readonly first = lowest;
  readonly last = highest;
  #base = 0;
  #stepsPerSecond = stepsPerSecond;

  /** Undefined where the tag doesn't fit: then the base is to be moved, and all priorities change. */
  of(start: number): number | undefined {
    const priority = lowest + Math.floor((start - this.#base) * this.#stepsPerSecond);
    return priority >= lowest && priority <= highest ? priority : undefined;
  }

  /** Moves the base, so that all tags from the one to the other fit: exactly if they can, else in larger steps. */
  rebase(first: number, last: number): void {
    this.#base = first;
    // Twice the room, for those that come.
    const room = 2 * Math.max(last - first, 1);
    this.#stepsPerSecond = Math.min(stepsPerSecond, (highest - lowest) / room);
  }
}
