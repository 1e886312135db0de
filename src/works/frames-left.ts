/** Estimates how long the frames that are left take, from those that were painted since this process began with them. */
export class FramesLeft {
  readonly #frames: number;
  readonly #firstToNext: number;
  #painted = 0;
  #seconds = 0;
  #secondsOfFrame = 0;

  /**
   * @param frames - how many frames there are.
   * @param firstToNext - how many times as long as any other frame the first one takes, as long as none was measured.
   */
  constructor(frames: number, firstToNext: number) {
    this.#frames = frames;
    this.#firstToNext = firstToNext;
  }

  /** Takes into account that a frame was worked at for so long. */
  worked(seconds: number): void {
    this.#secondsOfFrame += seconds;
  }

  /** Takes into account that a frame is done. @param isUsual - whether others will take as long: not the first, or a kept one. */
  done(isUsual: boolean): void {
    if (isUsual) {
      this.#painted++;
      this.#seconds += this.#secondsOfFrame;
    }
    this.#secondsOfFrame = 0;
  }

  /**
   * Returns how long everything will take, in seconds.
   * @param index - of the frame that is being painted, from 0.
   * @param frameSeconds - how long this one will still take.
   */
  secondsLeft(index: number, frameSeconds: number): number {
    const left = this.#frames - index - 1;
    const thisOne = this.#secondsOfFrame + frameSeconds;
    const each = this.#painted > 0 ? this.#seconds / this.#painted : thisOne / (index === 0 ? this.#firstToNext : 1);
    return frameSeconds + left * each;
  }
}
