import type { Margins } from '../imaging/reflect-pad.js';

/** Divisor of a canvas's sides: each of the networks' four poolings halves them, and drops an odd row or column. */
const alignment = 16;

/**
 * The fewest pixels that are painted beyond each edge. The networks pad pictures with zeros, which are a colour like
 * any other to them, so that colours shift near the border. With margins they shift in the margins, which are cut off.
 * With margins of 16 pixels pictures are no better.
 */
export const smallestMargin = 8;

/** The most pixels that are painted beyond an edge: half of those that fill up both margins. */
export const largestMargin = smallestMargin + alignment / 2;

/**
 * Returns margins for a picture that are wide enough, and with which its sides are multiples of {@link alignment}.
 * @param least - the fewest pixels beyond each edge.
 */
export function marginsFor(
  { width, height }: { readonly width: number; readonly height: number },
  least = smallestMargin,
): Margins {
  const [across, down] = [marginsAlong(width, least), marginsAlong(height, least)];
  return { left: across.before, right: across.after, top: down.before, bottom: down.after };
}

/** Returns the size of a picture with its margins. */
export function canvasSize(size: { readonly width: number; readonly height: number }) {
  const { left, right, top, bottom } = marginsFor(size);
  return { width: left + size.width + right, height: top + size.height + bottom };
}

function marginsAlong(side: number, least: number) {
  const both = Math.ceil((side + 2 * least) / alignment) * alignment - side;
  const before = Math.floor(both / 2);
  return { before, after: both - before };
}

/**
 * What an evaluation costs besides its pixels, in as many pixels: with VGG19-lite on a processor, one of 48² pixels takes
 * as long per pixel as this explains, and those of 96² to 544² do within a fifth.
 */
const fixedPixels = 64 ** 2;

/** Returns how many pixels' work it is to evaluate a picture of this size, with its margins. */
export function evaluationPixels(size: { readonly width: number; readonly height: number }): number {
  return canvasPixels(canvasSize(size));
}

/** Returns how many pixels' work it is to evaluate a canvas, or a window of it. */
export function canvasPixels({ width, height }: { readonly width: number; readonly height: number }): number {
  return width * height + fixedPixels;
}
