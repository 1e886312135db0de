import { PauseSwitch } from '../../../compute/pause-switch.js';
import type { TakenJob } from './served-queues.js';

/** A job in a worker's hands. */
export interface Turn {
  readonly controller: AbortController;
  readonly pauses: PauseSwitch;
  /** Settles when this worker has left the job: it is over, or handed back. */
  readonly left: Promise<void>;
  /** Whether the job is computed, or paused on the way; later its outcome is only told. */
  isComputing: boolean;
  /** Whether the job stands still, and occupies no slot. */
  isPaused: boolean;
  /** The queue that a job is to be taken from in this one's place, until that is done. */
  roomFor: string | undefined;
}

/** The jobs in a worker's hands, and the slots that they occupy. */
export class Turns {
  readonly #slots: number;
  readonly #turns = new Map<TakenJob, Turn>();

  /** @param slots - how many jobs are computed at once. */
  constructor(slots: number) {
    this.#slots = slots;
  }

  get all(): readonly Turn[] {
    return [...this.#turns.values()];
  }

  get size(): number {
    return this.#turns.size;
  }

  /** The jobs that are computed, or paused on the way. */
  get computing(): readonly (readonly [TakenJob, Turn])[] {
    return [...this.#turns].filter(([, { isComputing }]) => isComputing);
  }

  get hasFreeSlot(): boolean {
    return this.computing.filter(([, { isPaused }]) => !isPaused).length < this.#slots;
  }

  /** A paused job in whose place one is to be taken; undefined where there is none. */
  get makingRoom(): Turn | undefined {
    return this.all.find(({ isPaused, roomFor }) => isPaused && roomFor !== undefined);
  }

  /** Begins a job's turn. @param perform - settles, without rejecting, when this worker has left the job. */
  begin(taken: TakenJob, perform: (signal: AbortSignal, pauses: PauseSwitch) => Promise<void>): void {
    const [controller, pauses] = [new AbortController(), new PauseSwitch()];
    const left = Promise.resolve().then(() => perform(controller.signal, pauses));
    this.#turns.set(taken, { controller, pauses, left, isComputing: true, isPaused: false, roomFor: undefined });
  }

  /** Notes that a job is computed no more, and occupies no slot. */
  freeSlot(taken: TakenJob): void {
    const turn = this.#turns.get(taken);
    if (turn !== undefined) turn.isComputing = false;
  }

  remove(taken: TakenJob): void {
    this.#turns.delete(taken);
  }

  /** Has a job pause, and one of that queue taken meanwhile, if all slots are occupied and none of them twice. */
  makeRoom(run: string, queue: string): void {
    const [, turn] = this.computing.find(([taken]) => taken.run === run) ?? [];
    const paused = this.computing.filter(([, { isPaused }]) => isPaused).length;
    if (turn === undefined || this.hasFreeSlot || turn.pauses.isOff || paused >= this.#slots) return;
    turn.roomFor = queue;
    turn.pauses.pause();
  }

  /** Notes that a job stands still. @returns false where that was known. */
  hasPaused(taken: TakenJob): boolean {
    const turn = this.#turns.get(taken);
    if (turn === undefined || turn.isPaused) return false;
    turn.isPaused = true;
    return true;
  }

  /** Has paused jobs go on while slots are free. @param canTake - whether one is to be taken in their place first. */
  goOn(canTake: boolean): void {
    for (const turn of this.all) {
      if (!turn.isPaused || !this.hasFreeSlot || (canTake && turn.roomFor !== undefined)) continue;
      turn.roomFor = undefined;
      turn.isPaused = false;
      turn.pauses.goOn();
    }
  }
}
