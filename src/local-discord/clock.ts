const discordEpochMs = 1_420_070_400_000;

/** The clock of the local Discord. It follows the machine's, and can be put forward so that tests need not wait. */
export class Clock {
  #offsetMs = 0;
  readonly #listeners = new Set<() => void>();

  /** Returns the time in milliseconds since 1970. */
  now(): number {
    return Date.now() + this.#offsetMs;
  }

  /** How far the clock was put forward, in milliseconds. */
  get aheadMs(): number {
    return this.#offsetMs;
  }

  /** Puts the clock forward; everything that runs out in that time runs out now. */
  advance(byMs: number): void {
    if (!(byMs >= 0)) throw new RangeError(`Expected the clock to be put forward by 0 ms or more, got ${byMs}`);
    this.#offsetMs += byMs;
    for (const listener of this.#listeners) listener();
  }

  onAdvance(listener: () => void): void {
    this.#listeners.add(listener);
  }
}

/** Makes Discord's ids: 64-bit numbers that carry the time of their making, each larger than the one before. */
export class Snowflakes {
  readonly #clock: Clock;
  #last = 0n;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  next(): string {
    const earliest = BigInt(this.#clock.now() - discordEpochMs) << 22n;
    this.#last = earliest > this.#last ? earliest : this.#last + 1n;
    return this.#last.toString();
  }
}
