/** Measures how long something is worked at, from now on, without the pauses. */
export class WorkingTime {
  #begin = performance.now();

  /** Seconds of work so far. */
  get seconds(): number {
    return (performance.now() - this.#begin) / 1000;
  }

  /** Waits for a pause to end, which doesn't count. @throws what `pause` throws. */
  async without(pause: () => Promise<void>): Promise<void> {
    const paused = performance.now();
    try {
      await pause();
    } finally {
      this.#begin += performance.now() - paused;
    }
  }
}
