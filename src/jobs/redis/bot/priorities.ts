/** The lowest priority that BullMQ has; 0 is no priority at all. */
const lowest = 1;
/** The highest priority that BullMQ has. */
const highest = 2_097_151;

/** How many priorities a second of cost makes; jobs that differ by less begin in the order in which they came. */
const stepsPerSecond = 8;

/** Rounds a cost, in seconds, so that start tags stay whole steps and priorities order jobs exactly as the tags do. */
export function wholeSteps(costSeconds: number): number {
  return Math.max(1, Math.round(costSeconds * stepsPerSecond)) / stepsPerSecond;
}

/**
 * Turns start tags of fair queueing into BullMQ's priorities. Tags grow for ever and priorities can't: they count from
 * a base, which is moved where the range runs out.
 */
export class Priorities {
  readonly first = lowest;
  readonly last = highest;
  #base = 0;
  #stepsPerSecond = stepsPerSecond;

  /** Returns a start tag's priority; undefined where it is out of range: then the base must move, which changes all. */
  of(start: number): number | undefined {
    const priority = lowest + Math.floor((start - this.#base) * this.#stepsPerSecond);
    return priority >= lowest && priority <= highest ? priority : undefined;
  }

  /** Moves the base, so that all start tags from `first` to `last` fit: exactly if possible, else in larger steps. */
  rebase(first: number, last: number): void {
    this.#base = first;
    // Half of the room is left for jobs that are added later.
    const room = 2 * Math.max(last - first, 1);
    this.#stepsPerSecond = Math.min(stepsPerSecond, (highest - lowest) / room);
  }
}
