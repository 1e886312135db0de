import type { ColorEncoding } from '../colors/color-encoding.js';

/** What the structure of a picture file tells without decoding a pixel. */
export interface Container {
  /** Whether the picture moves. Several pages of a TIFF do not count as movement. */
  readonly animated: boolean;
  /**
   * Whether the file is there to its own end, not cut off on its way; undefined if only decoding the first picture can
   * tell. An animation is complete as well once its first frame is there: browsers show the frames that came. This says
   * nothing about damage inside.
   */
  readonly complete: boolean | undefined;
  /**
   * The file reduced to its first picture and to whatever its colours and orientation need; the same bytes where there
   * is nothing to leave out. A decoder looks at every frame, page and text of a file before it gives the first pixel,
   * and libvips does so with an effort that grows with the square of their number: a WebP of 25 MB with 300 000 frames
   * keeps it busy for minutes.
   */
  readonly firstPicture: Uint8Array;
  /** What lies around the first picture on its canvas, transparent; undefined: it fills the canvas. */
  readonly margins?: Margins | undefined;
  /** What the values mean as colours; undefined: what the first picture's ICC profile says, or sRGB without one. */
  readonly encoding?: ColorEncoding | undefined;
  /** A name of the samples that the first picture has, where programs don't agree on how they look. */
  readonly ambiguousSamples?: string | undefined;
}

/** Widths of what lies around a picture, in pixels. */
export interface Margins {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Returns what lies around a picture that has its upper left corner at (left, top) of a canvas; undefined: nothing. */
export function marginsOn(
  canvas: { readonly width: number; readonly height: number },
  { left, top, width, height }: { readonly [Length in 'left' | 'top' | 'width' | 'height']: number },
): Margins | undefined {
  if (canvas.width === width && canvas.height === height) return undefined;
  return { left, top, right: canvas.width - left - width, bottom: canvas.height - top - height };
}
