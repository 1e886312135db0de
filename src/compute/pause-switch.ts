/**
 * Has a task pause and go on: whoever runs a task turns the switch, and the task follows at the end of its epoch. A
 * switch is for one run of one task, attempts after crashes included.
 */
export class PauseSwitch {
  #isOff = false;
  readonly #listeners = new Set<(isOff: boolean) => void>();

  /** Whether the task is to stand still, or to do so at the end of its epoch. */
  get isOff(): boolean {
    return this.#isOff;
  }

  pause(): void {
    this.#turn(true);
  }

  goOn(): void {
    this.#turn(false);
  }

  /** Has a function called whenever the switch is turned. @returns a function that ends this. */
  onTurn(listener: (isOff: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Settles once the task may go on, which is at once where the switch is on. @throws the signal's reason. */
  async untilOn(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (!this.#isOff) return;
    await new Promise<void>((resolve, reject) => {
      const end = () => {
        stopListening();
        signal?.removeEventListener('abort', end);
        if (signal?.aborted) reject(signal.reason);
        else resolve();
      };
      const stopListening = this.onTurn((isOff) => {
        if (!isOff) end();
      });
      signal?.addEventListener('abort', end, { once: true });
    });
  }

  #turn(isOff: boolean): void {
    if (this.#isOff === isOff) return;
    this.#isOff = isOff;
    for (const listener of [...this.#listeners]) listener(isOff);
  }
}
