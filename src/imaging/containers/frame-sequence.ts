/** What the structure of an animation tells without decoding a pixel. */
export interface FrameSequence {
  /** Size of the canvas in pixels, which all frames lie on. */
  readonly width: number;
  readonly height: number;
  /** How often the animation is played; 0: for ever. */
  readonly loops: number;
  /** The frames that are there from their first byte to their last. */
  readonly frames: readonly SequenceFrame[];
  /** Whether there were to be more frames: the file ends too early, or is damaged behind these. */
  readonly cutOff: boolean;
}

/** A frame of an animation: a picture that changes a rectangle of the canvas. */
export interface SequenceFrame {
  /** The rectangle in pixels. It may reach beyond the canvas, where nothing of it is seen, and may have no size. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** How long the frame is shown in milliseconds, as the file says; see {@link shownMs}. */
  readonly delayMs: number;
  /** Whether what is transparent in the frame shows what was there before (`over`) or replaces it (`source`). */
  readonly blend: 'over' | 'source';
  /** What becomes of the rectangle before the next frame: it stays, is made transparent, or is as it was before. */
  readonly disposal: 'keep' | 'clear' | 'restore';
  /** How many bytes the still has, about. */
  readonly bytes: number;
  /** Makes a file of this frame alone, in the size of its rectangle. */
  still(): Uint8Array;
}

/** Delays up to this many milliseconds are too short for browsers, which then take {@link defaultDelayMs}. */
const longestIgnoredMs = 10;

const defaultDelayMs = 100;

/**
 * Returns how long browsers show a frame: as long as the file says, or 100 ms where that is 10 ms or less, as in the many
 * files that give no time at all. All of them do so, in all formats.
 */
export function shownMs(delayMs: number): number {
  return delayMs <= longestIgnoredMs ? defaultDelayMs : delayMs;
}
