import type { JobBoard, RoomToMake } from './job-board.js';

/** Has long jobs pause for short ones, once each has worked long enough; see `Yielding`. */
export class RoomMaker {
  readonly #board: JobBoard;
  readonly #ask: (room: RoomToMake) => boolean;
  /** Looks again when a long job has worked long enough to pause. */
  #timer: NodeJS.Timeout | undefined;
  #isEnded = false;

  /** @param ask - has a long job pause. @returns false where that can't be asked yet: then `look` is called again. */
  constructor(board: JobBoard, ask: (room: RoomToMake) => boolean) {
    this.#board = board;
    this.#ask = ask;
  }

  /** Has a job pause if one is to; to be called whenever that may have changed. */
  look(): void {
    clearTimeout(this.#timer);
    const room = this.#isEnded ? undefined : this.#board.roomToMake();
    if (room === undefined) return;
    if (room.dueInMs > 0) this.#timer = setTimeout(() => this.look(), room.dueInMs).unref();
    else if (this.#ask(room)) this.#board.askToPause(room.running.id);
  }

  /** Has no job pause any more. */
  end(): void {
    this.#isEnded = true;
    clearTimeout(this.#timer);
  }
}
