import type { FrameSequence } from '../containers/frame-sequence.js';
import { imageError } from '../image-error.js';

/** Limits on animations that are accepted, besides those on pictures; judged before a frame is decoded. */
export interface AnimationLimits {
  readonly maxFrames: number;
  /** Largest number of pixels of the canvas, and of any frame: a few pictures of this size are held at a time. */
  readonly maxFramePixels: number;
  /**
   * Largest number of pixels of all frames together: to reach a frame, those before it have to be decoded, too. Each
   * counts with the box of the canvas that it changes, which is all that is decoded of it.
   */
  readonly maxPixelsTogether: number;
}

/** 4K, for a minute of 50 frames a second, but not both: all frames of 1080p may be 289, which take 20 s of a processor. */
export const defaultAnimationLimits: AnimationLimits = {
  maxFrames: 3000,
  maxFramePixels: 9_000_000,
  maxPixelsTogether: 600_000_000,
};

/**
 * Holds an animation against the limits. What each frame takes besides its pixels counts as well, such as a colour
 * profile that is read anew each time.
 * @throws `image/too-many-frames` or `image/too-many-frame-pixels`.
 */
export function checkSequence({ width, height, frames }: FrameSequence, limits: AnimationLimits): void {
  const { maxFrames, maxFramePixels, maxPixelsTogether } = limits;
  if (frames.length > maxFrames) {
    throw imageError(
      'too-many-frames',
      `This animation has more than ${maxFrames} frames; please send a shorter one.`,
      { maxFrames },
    );
  }
  const largest = frames.reduce((most, frame) => Math.max(most, frame.width * frame.height), width * height);
  if (largest > maxFramePixels) throw tooManyPixels(largest, maxFramePixels);
  const together = frames.reduce((sum, frame) => sum + frame.width * frame.height + frame.bytes, 0);
  if (together > maxPixelsTogether) throw tooManyPixels(together, maxPixelsTogether);
}

function tooManyPixels(pixels: number, maxPixels: number) {
  return imageError(
    'too-many-frame-pixels',
    'The frames of this animation are too large together; please send a shorter or a smaller one.',
    { pixels, maxPixels },
  );
}
