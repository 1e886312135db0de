import { setTimeout as wait } from 'node:timers/promises';
import { MessageGoneError, type OutgoingMessage, UnreachableError } from './messenger.js';

/** How a message is to look. */
export interface View {
  /** Views with the same key look the same but for trifles; a message is not edited for them. */
  readonly key: string;
  /** How long after the edit before it may follow. */
  readonly gapMs: number;
  readonly message: OutgoingMessage;
}

/**
 * Edits a message.
 * @param finished - aborted once the edit is wanted no more; one that has begun is to be waited for all the same.
 */
export type Edit = (message: OutgoingMessage, finished: AbortSignal) => Promise<void>;

/**
 * Edits one message to the latest of the views that it is given: one edit at a time, with gaps between them, and none where
 * nothing is new. So however often something changes, and however slow Discord is, nothing piles up.
 */
export class ReplyEditor {
  readonly #edit: Edit;
  readonly #onError: (error: unknown) => void;
  readonly #finished = new AbortController();
  #wanted: View | undefined;
  #shownKey: string | undefined;
  #lastEditAt = Number.NEGATIVE_INFINITY;
  #work: Promise<void> | undefined;
  /** Ends the pause that is being made. */
  #nap = new AbortController();

  /** @param onError - told of an edit that failed; the next one is tried all the same, unless the message is out of reach. */
  constructor(edit: Edit, onError: (error: unknown) => void) {
    this.#edit = edit;
    this.#onError = onError;
  }

  /** Makes the message look like this before long, unless something newer comes. */
  show(view: View): void {
    if (this.#finished.signal.aborted) return;
    const unsent = this.#wanted;
    // What was not sent yet goes with this: a picture, and its hurry.
    const files = view.message.files ?? unsent?.message.files;
    const gapMs = Math.min(view.gapMs, unsent?.gapMs ?? view.gapMs);
    this.#wanted = { ...view, gapMs, message: { ...view.message, files } };
    this.#nap.abort();
    this.#work ??= this.#catchUp();
  }

  /** Shows nothing more; settles once nothing is on its way. */
  async finish(): Promise<void> {
    this.#finished.abort();
    this.#nap.abort();
    await this.#work;
  }

  async #catchUp(): Promise<void> {
    const { signal } = this.#finished;
    // Lets whoever shows several views in a row come to the last.
    await Promise.resolve();
    while (this.#wanted !== undefined && !signal.aborted) {
      const pauseMs = this.#lastEditAt + this.#wanted.gapMs - performance.now();
      if (pauseMs > 0) {
        this.#nap = new AbortController();
        await wait(pauseMs, undefined, { signal: this.#nap.signal }).catch(() => {});
        continue;
      }
      const { key, message } = this.#wanted;
      this.#wanted = undefined;
      if (key === this.#shownKey && message.files === undefined) continue;
      this.#lastEditAt = performance.now();
      try {
        await this.#edit(message, signal);
        this.#shownKey = key;
      } catch (error) {
        if (error instanceof UnreachableError || error instanceof MessageGoneError) this.#finished.abort();
        this.#onError(error);
      }
    }
    this.#work = undefined;
  }
}
