import type { JobProgress } from '../../works/progress.js';

/** What the bot hears of a job that is handed to workers. */
export interface TurnListener {
  /** A worker begins with it, be it again. */
  readonly begun: () => void;
  readonly progress: (progress: JobProgress) => void;
  /** There is an outcome. */
  readonly ended: () => void;
  /** It can't be handed to workers. */
  readonly failed: (error: unknown) => void;
}

/** Passes what comes of a job on to whoever waits for it. */
export class TurnEvents {
  readonly #listeners = new Map<string, TurnListener>();
  /** Of jobs that nobody listened for yet. */
  readonly #failures = new Map<string, unknown>();
  /** Jobs whose message has been left to their worker. */
  readonly #quiet = new Set<string>();

  /** One listener a job. @returns what ends it. */
  listen(jobId: string, listener: TurnListener): () => void {
    this.#listeners.set(jobId, listener);
    if (this.#failures.has(jobId)) {
      listener.failed(this.#failures.get(jobId));
      this.#failures.delete(jobId);
    }
    return () => {
      if (this.#listeners.get(jobId) === listener) this.#listeners.delete(jobId);
    };
  }

  /** A worker has asked for a job's message before it told the outcome, and had it left to itself. */
  quiet(jobId: string): void {
    this.#quiet.add(jobId);
  }

  isQuiet(jobId: string): boolean {
    return this.#quiet.has(jobId);
  }

  /** Nothing more comes of a job. */
  forget(jobId: string): void {
    this.#quiet.delete(jobId);
  }

  of(jobId: string): Omit<TurnListener, 'failed'> | undefined {
    return this.#listeners.get(jobId);
  }

  fail(jobId: string, error: unknown): void {
    const listener = this.#listeners.get(jobId);
    if (listener) listener.failed(error);
    else this.#failures.set(jobId, error);
  }
}
