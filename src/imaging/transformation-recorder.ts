import type { Frames } from './gif/writer.js';
import { liftedOff, type Opacity, paper, resampleOpacity } from './opacity.js';
import { resample } from './resample.js';
import { toBytes } from './rgb-bytes.js';
import type { RgbImage } from './rgb-image.js';

export interface TransformationRecorderOptions {
  /** The first frame. Its proportions, and its size up to `maxSide`, are those of all frames. */
  readonly content: RgbImage;
  /** The opacity of all pictures, which were laid over {@link paper}, in any size. Default: they are opaque. */
  readonly opacity?: Opacity | undefined;
  /** Largest number of frames that are held, the first and the last among them; from 3 up. Default 32. */
  readonly maxFrames?: number;
  /** The longest side of the frames in pixels. Default {@link largestFrameSide}. */
  readonly maxSide?: number;
}

/** The longest side of frames by default, in pixels. */
export const largestFrameSide = 400;

/** A recorded frame, and how much had changed by then since the beginning. */
interface Recording {
  readonly change: number;
  readonly picture: Uint8Array;
}

/** Smallest change from one frame to the next, in the beginning: the loss differs by 5 %. */
const firstStep = 0.05;

/** Factor by which the step grows whenever there are too many frames, so that any transfer ends with most of them. */
const stepGrowth = 1.3;

/**
 * Records how a picture is transformed, as frames for an animation. It keeps a frame whenever the picture has changed
 * enough, so that what happens fast in the beginning and slowly in the end is seen at an even pace. Change is told by
 * the loss: the sum of |Δ log loss| from epoch to epoch. The losses of different scales cannot be compared, so the
 * first epoch of a scale adds nothing; the picture is only enlarged there, and that is no change either.
 *
 * Frames are held as bytes of their final size, by default at most 32 of up to 400 pixels a side: 15 MB.
 */
export class TransformationRecorder {
  readonly #width: number;
  readonly #height: number;
  readonly #maxRecorded: number;
  readonly #first: Uint8Array;
  readonly #opacity: Opacity | undefined;
  #recorded: readonly Recording[] = [];
  #step = firstStep;
  #change = 0;
  #last: { readonly scale: number; readonly logLoss: number } | undefined;

  /** @throws RangeError if maxFrames or maxSide is too small for an animation. */
  constructor({ content, opacity, maxFrames = 32, maxSide = largestFrameSide }: TransformationRecorderOptions) {
    if (!Number.isInteger(maxFrames) || maxFrames < 3) {
      throw new RangeError(`Expected maxFrames to be a whole number from 3 up, got ${maxFrames}`);
    }
    if (!Number.isInteger(maxSide) || maxSide < 1) {
      throw new RangeError(`Expected maxSide to be a whole number of pixels from 1 up, got ${maxSide}`);
    }
    const shrink = Math.min(1, maxSide / Math.max(content.width, content.height));
    this.#width = Math.max(1, Math.round(content.width * shrink));
    this.#height = Math.max(1, Math.round(content.height * shrink));
    this.#maxRecorded = maxFrames - 2;
    this.#opacity = opacity && resampleOpacity(opacity, this.#width, this.#height);
    this.#first = this.#frameOf(content);
  }

  /**
   * Offers the picture after an epoch.
   * @param loss - the loss of the picture; an offer with a loss that is not a positive number is passed over.
   * @param picture - gives the picture; called only if the picture is kept.
   * @param scale - tells which of the scales of the transfer the picture is at.
   * @returns whether the picture was kept.
   * @throws `image/not-finite` if a kept picture has values that are not finite numbers.
   */
  offer(loss: number, picture: () => RgbImage, scale: number): boolean {
    if (!(loss > 0 && Number.isFinite(loss))) return false;
    const logLoss = Math.log(loss);
    if (this.#last?.scale === scale) this.#change += Math.abs(logLoss - this.#last.logLoss);
    this.#last = { scale, logLoss };
    if (this.#change - (this.#recorded.at(-1)?.change ?? 0) < this.#step) return false;
    this.#recorded = [...this.#recorded, { change: this.#change, picture: this.#frameOf(picture()) }];
    while (this.#recorded.length > this.#maxRecorded) this.#thin();
    return true;
  }

  /** Returns all frames, from the content to the result; more can be offered afterwards. @throws `image/not-finite` */
  frames(result: RgbImage): Frames {
    const last = this.#frameOf(result);
    const recorded = this.#recorded.map(({ picture }) => picture);
    const latest = recorded.at(-1);
    // The last epoch may have been kept, and the same picture twice would only make the animation stutter.
    if (latest !== undefined && Buffer.compare(latest, last) === 0) recorded.pop();
    const pictures = [this.#first, ...recorded, last];
    return { width: this.#width, height: this.#height, pictures, opacity: this.#opacity };
  }

  /** Makes the step larger and drops the frames that are now closer than a step to the frame before. */
  #thin(): void {
    this.#step *= stepGrowth;
    let last = 0;
    this.#recorded = this.#recorded.filter(({ change }) => {
      if (change - last < this.#step) return false;
      last = change;
      return true;
    });
  }

  #frameOf(picture: RgbImage): Uint8Array {
    const frame = resample(picture, this.#width, this.#height);
    return toBytes(this.#opacity ? liftedOff(frame, this.#opacity, paper) : frame);
  }
}
