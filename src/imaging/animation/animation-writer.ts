import type { TimeUnit } from './frame-times.js';
import type { RgbaPixels } from './rgba-pixels.js';

/** What all writers of animations are told. */
export interface WriterOptions {
  readonly width: number;
  readonly height: number;
  /** How often the animation is played; 0: for ever. */
  readonly loops: number;
}

/** Writes a file of an animation, frame by frame. It holds the file, and what is shown by then. */
export interface AnimationWriter {
  /** Adds a frame that fills the canvas, and is shown for so many units of the format's time. */
  add(pixels: RgbaPixels, units: number): Promise<void>;
  /** How many bytes the file has by then, about. */
  readonly bytes: number;
  /** Returns the whole file. */
  finish(): Buffer;
}

/** How GIF counts time: in hundredths of a second. */
export const gifTime: TimeUnit = { ms: 10, least: 2, most: 0xffff };

/** How WebP counts time. */
export const webpTime: TimeUnit = { ms: 1, least: 11, most: 0xff_ffff };

/** How a PNG's time is counted here: it holds fractions of a second, and hundredths where thousandths are too many. */
export const pngTime: TimeUnit = { ms: 1, least: 11, most: 655_350 };
