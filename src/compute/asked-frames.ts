import { Deferred } from '../deferred.js';
import type { FrameKeeper } from '../works/work.js';
import type { FrameAnswer, FrameRequest } from './messages.js';

/** The frames of the task that a compute process is at: they are kept by the process that forked it, which is asked. */
export class AskedFrames implements FrameKeeper {
  readonly #ask: (request: FrameRequest) => void;
  readonly #signal: AbortSignal;
  readonly #answers = new Map<number, Deferred<FrameAnswer>>();

  /** @param signal - ends all waiting: the task is stopped. */
  constructor(ask: (request: FrameRequest) => void, signal: AbortSignal) {
    this.#ask = ask;
    this.#signal = signal;
    signal.addEventListener('abort', () => {
      for (const answer of this.#answers.values()) answer.reject(signal.reason);
    });
  }

  async get(index: number): Promise<Uint8Array | undefined> {
    return (await this.#answerTo(index, undefined)).file;
  }

  async put(index: number, file: Uint8Array): Promise<void> {
    await this.#answerTo(index, file);
  }

  /** Takes an answer; one that nobody waits for is for an earlier task. */
  hear(answer: FrameAnswer): void {
    this.#answers.get(answer.id)?.resolve(answer);
  }

  async #answerTo(index: number, file: Uint8Array | undefined): Promise<FrameAnswer> {
    this.#signal.throwIfAborted();
    const id = nextId++;
    const answer = new Deferred<FrameAnswer>();
    this.#answers.set(id, answer);
    this.#ask({ kind: 'frame', id, index, file });
    try {
      const found = await answer.promise;
      if (found.isRefused) throw new Error(`Frame ${index} could not be ${file === undefined ? 'read' : 'kept'}`);
      return found;
    } finally {
      this.#answers.delete(id);
    }
  }
}

/** Ids are never used again, so that an answer for an earlier task is not taken for another one's. */
let nextId = 0;
