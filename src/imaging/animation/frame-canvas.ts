import type { FrameSequence, SequenceFrame } from '../containers/frame-sequence.js';
import { cutOut, type Rectangle } from '../rectangle.js';
import type { RgbaPixels } from './rgba-pixels.js';

/** A rectangle of a canvas with what was there. */
interface Saved extends Rectangle {
  readonly pixels: RgbaPixels;
}

/**
 * The canvas of an animation, which shows one frame after the other as browsers do: nothing is below the first, each is
 * put over what the one before has left, and what lies outside of the canvas isn't seen.
 */
export class FrameCanvas {
  /** What is shown: four bytes a pixel, see {@link RgbaPixels}. */
  readonly pixels: RgbaPixels;
  readonly #sequence: FrameSequence;
  readonly #decode: (frame: SequenceFrame) => Promise<RgbaPixels | undefined>;
  /** The frame that is shown; -1: none is. */
  #shown = -1;
  /** What was there before the frame that is shown, if it is to be there again after it. */
  #saved: Saved | undefined;

  /** The frames of which there turned out to be nothing to be seen. */
  readonly #unseen = new Set<SequenceFrame>();

  /** @param decode - gives the pixels of a frame; undefined if there is nothing to be seen. */
  constructor(sequence: FrameSequence, decode: (frame: SequenceFrame) => Promise<RgbaPixels | undefined>) {
    this.#sequence = sequence;
    this.#decode = decode;
    this.pixels = new Uint8Array(4 * sequence.width * sequence.height);
  }

  /** Shows a frame, for which only the frames are decoded that it is made of and that aren't there yet. */
  async show(index: number): Promise<void> {
    const start = this.#startOf(index);
    if (index < this.#shown || start > this.#shown) {
      const frame = this.#frame(start);
      const pixels = await this.#decode(frame);
      if (pixels === undefined && !this.#unseen.has(frame)) {
        // It was taken to hide all that was before, which is to be seen now.
        this.#unseen.add(frame);
        return this.show(index);
      }
      this.pixels.fill(0);
      this.#put(frame, pixels);
      this.#shown = start;
    }
    while (this.#shown < index) {
      const frame = this.#frame(this.#shown + 1);
      const pixels = await this.#decode(frame);
      this.#dispose(this.#frame(this.#shown));
      this.#put(frame, pixels);
      this.#shown += 1;
    }
  }

  #frame(index: number): SequenceFrame {
    const frame = this.#sequence.frames[index];
    if (frame === undefined)
      throw new RangeError(`Expected a frame below ${this.#sequence.frames.length}, got ${index}`);
    return frame;
  }

  /** Returns the last frame up to this one that doesn't need those before it. */
  #startOf(index: number): number {
    for (let start = index; start > 0; start--) {
      if (this.#hidesAll(this.#frame(start)) || this.#clearsAll(this.#frame(start - 1))) return start;
    }
    return 0;
  }

  /** Tells whether nothing that was before a frame is seen with it or after it. */
  #hidesAll(frame: SequenceFrame): boolean {
    return this.#fills(frame) && frame.blend === 'source' && frame.disposal !== 'restore' && !this.#unseen.has(frame);
  }

  #clearsAll(frame: SequenceFrame): boolean {
    return this.#fills(frame) && frame.disposal === 'clear';
  }

  #fills({ left, top, width, height }: SequenceFrame): boolean {
    return left === 0 && top === 0 && width >= this.#sequence.width && height >= this.#sequence.height;
  }

  #visible({ left, top, width, height }: SequenceFrame): Rectangle {
    const canvas = this.#sequence;
    return {
      left,
      top,
      width: Math.max(0, Math.min(width, canvas.width - left)),
      height: Math.max(0, Math.min(height, canvas.height - top)),
    };
  }

  #dispose(frame: SequenceFrame): void {
    if (frame.disposal === 'clear') this.#rows(this.#visible(frame), (start, end) => this.pixels.fill(0, start, end));
    if (this.#saved === undefined) return;
    const { pixels, width } = this.#saved;
    this.#rows(this.#saved, (start, _end, row) => {
      this.pixels.set(pixels.subarray(4 * row * width, 4 * (row + 1) * width), start);
    });
  }

  /** Puts a frame on the canvas, which shows what the one before has left. */
  #put(frame: SequenceFrame, pixels: RgbaPixels | undefined): void {
    const rectangle = this.#visible(frame);
    const save = () => ({ ...rectangle, pixels: cutOut(this.pixels, this.#sequence.width, rectangle, 4) });
    this.#saved = frame.disposal === 'restore' ? save() : undefined;
    if (pixels) this.#draw(frame, pixels, rectangle);
  }

  #draw({ width, blend }: SequenceFrame, pixels: RgbaPixels, rectangle: Rectangle): void {
    this.#rows(rectangle, (start, end, row) => {
      const source = pixels.subarray(4 * row * width, 4 * row * width + end - start);
      if (blend === 'source') this.pixels.set(source, start);
      else layOver(source, this.pixels.subarray(start, end));
    });
  }

  /** Calls for each row of a rectangle, with the bytes from `start` to `end` of the canvas that it has. */
  #rows({ left, top, width, height }: Rectangle, row: (start: number, end: number, number: number) => void): void {
    if (width === 0) return;
    for (let y = 0; y < height; y++) {
      const start = 4 * ((top + y) * this.#sequence.width + left);
      row(start, start + 4 * width, y);
    }
  }
}

/** Lays pixels over others (Porter and Duff, "Compositing digital images", 1984: over). */
function layOver(source: RgbaPixels, target: RgbaPixels): void {
  for (let i = 0; i < source.length; i += 4) {
    const share = source[i + 3] as number;
    if (share === 0) continue;
    if (share === 255 || target[i + 3] === 0) {
      target[i] = source[i] as number;
      target[i + 1] = source[i + 1] as number;
      target[i + 2] = source[i + 2] as number;
      target[i + 3] = share;
      continue;
    }
    // Out of 255², so that nothing is rounded but the result.
    const below = (target[i + 3] as number) * (255 - share);
    const sum = 255 * share + below;
    for (let channel = i; channel < i + 3; channel++) {
      target[channel] = ((source[channel] as number) * 255 * share + (target[channel] as number) * below) / sum + 0.5;
    }
    target[i + 3] = sum / 255 + 0.5;
  }
}
