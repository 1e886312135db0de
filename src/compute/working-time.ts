/** Measures how long something is worked at, from now on, without the pauses. */
export class WorkingTime {
  /** When what is measured now began, by `performance.now`. */
  #begin = performance.now();
  #seconds = 0;
  #aloneSeconds = 0;
  #slowdown: number;

  /** @param slowdown - how many times as long the work takes now as it would with the machine to itself. */
  constructor(slowdown = 1) {
    this.#slowdown = slowdown;
  }

  /** Seconds of work so far. */
  get seconds(): number {
    return this.#seconds + this.#latest;
  }

  /** About how many seconds the work so far would have taken with the machine to itself. */
  get aloneSeconds(): number {
    return this.#aloneSeconds + this.#latest / this.#slowdown;
  }

  /** Returns how many more seconds it takes, as things are now, until the work would have taken so many alone. */
  secondsUntil(aloneSeconds: number): number {
    return Math.max(0, aloneSeconds - this.aloneSeconds) * this.#slowdown;
  }

  /** Notes that from now on the work takes so many times as long as with the machine to itself. */
  slowTo(slowdown: number): void {
    this.#keep();
    this.#slowdown = slowdown;
  }

  /** Waits for a pause to end, which doesn't count. @throws what `pause` throws. */
  async without(pause: () => Promise<void>): Promise<void> {
    this.#keep();
    try {
      await pause();
    } finally {
      this.#begin = performance.now();
    }
  }

  get #latest(): number {
    return (performance.now() - this.#begin) / 1000;
  }

  #keep(): void {
    const { seconds, aloneSeconds } = this;
    this.#seconds = seconds;
    this.#aloneSeconds = aloneSeconds;
    this.#begin = performance.now();
  }
}
