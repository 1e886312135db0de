import { setTimeout as wait } from 'node:timers/promises';
import { MessageGoneError, type OutgoingFile, type OutgoingMessage, UnreachableError } from './messenger.js';

/** What a message is to show, and how much time has to pass since the last edit of the message. */
export interface View {
  /** Views with the same key look the same but for trifles, so a message isn't edited from one to the other. */
  readonly key: string;
  /** Least time between the edit before and the edit to this view, in milliseconds. */
  readonly gapMs: number;
  /** The message with all files that it has; they are sent where the message doesn't have these very ones already. */
  readonly message: OutgoingMessage & { readonly files: readonly OutgoingFile[] };
}

/**
 * Edits a message.
 * @param finished - is aborted once the edit is not wanted any more; an edit that has begun is waited for all the same.
 */
export type Edit = (message: OutgoingMessage, finished: AbortSignal) => Promise<void>;

/**
 * Edits one message to the latest of the views that it is given: one edit at a time, with gaps between edits, and none
 * where nothing is new. So nothing piles up, however often something changes and however slow Discord is.
 */
export class ReplyEditor {
  readonly #edit: Edit;
  readonly #onError: (error: unknown) => void;
  readonly #finished = new AbortController();
  #wanted: View | undefined;
  #shownKey: string | undefined;
  /** The files that the message has; undefined where that isn't known. */
  #shownFiles: readonly OutgoingFile[] | undefined;
  #lastEditAt = Number.NEGATIVE_INFINITY;
  #work: Promise<void> | undefined;
  /** Ends the current pause between two edits. */
  #nap = new AbortController();

  /** @param onError - is called for a failed edit; the next is tried as well, unless the message is out of reach. */
  constructor(edit: Edit, onError: (error: unknown) => void) {
    this.#edit = edit;
    this.#onError = onError;
  }

  /** Has the message show a view before long, unless a newer view comes first. */
  show(view: View): void {
    if (this.#finished.signal.aborted) return;
    // A view that was not sent yet passes its shorter gap on to this one.
    const gapMs = Math.min(view.gapMs, this.#wanted?.gapMs ?? view.gapMs);
    this.#wanted = { ...view, gapMs };
    this.#nap.abort();
    this.#work ??= this.#catchUp();
  }

  /** Ends the edits of the message; settles once no edit is on its way. */
  async finish(): Promise<void> {
    this.#finished.abort();
    this.#nap.abort();
    await this.#work;
  }

  async #catchUp(): Promise<void> {
    const { signal } = this.#finished;
    // A caller that shows several views in a row gets to its last one before the first edit.
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
      const { files } = message;
      const hasFiles = isSameList(files, this.#shownFiles);
      if (key === this.#shownKey && hasFiles) continue;
      this.#lastEditAt = performance.now();
      try {
        await this.#edit(hasFiles ? { ...message, files: undefined } : message, signal);
        this.#shownKey = key;
        this.#shownFiles = files;
      } catch (error) {
        if (!hasFiles) this.#shownFiles = undefined;
        if (error instanceof UnreachableError || error instanceof MessageGoneError) this.#finished.abort();
        this.#onError(error);
      }
    }
    this.#work = undefined;
  }
}

function isSameList<Item>(list: readonly Item[], other: readonly Item[] | undefined): boolean {
  return list.length === other?.length && list.every((item, index) => item === other[index]);
}
