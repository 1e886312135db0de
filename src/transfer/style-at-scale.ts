import { resample } from '../imaging/resample.js';
import type { WeightedStyle } from './pictures.js';
import type { Scale } from './scales.js';

/** How much a style may be enlarged to match a scale: beyond that its strokes would only be blurred. */
const largestStyleEnlargement = 1.5;

/**
 * How large a style gets for the sake of large strokes: in pixels, and how many times the area of the scale. Beyond that it
 * would cost more than the painting; that strokes are large is settled at the coarse scales.
 */
const largestStyleArea = 1024 * 1024;
const largestStyleRatio = 4;

/** What the deepest layers need to see anything of a style, in pixels. */
const smallestStyleSide = 32;

/**
 * A style at a scale: of about the area of the content, so that its strokes have their size relative to the canvas.
 * @param strokeSize - how many times as large they are to be.
 * @throws RangeError for a size of strokes that is none.
 */
export function styleAtScale(
  { picture, weight }: WeightedStyle,
  { width, height }: Scale,
  strokeSize: number,
): WeightedStyle {
  if (!(strokeSize > 0 && Number.isFinite(strokeSize))) {
    throw new RangeError(`Expected \`styleScale\` to be a number above 0, got ${strokeSize}`);
  }
  const [area, styleArea] = [width * height, picture.width * picture.height];
  const largestScale = Math.sqrt(Math.max(largestStyleArea, largestStyleRatio * area) / styleArea);
  const scale = Math.min(strokeSize * Math.min(Math.sqrt(area / styleArea), largestStyleEnlargement), largestScale);
  const side = (length: number) => Math.max(smallestStyleSide, Math.round(length * scale));
  return { picture: resample(picture, side(picture.width), side(picture.height)), weight };
}
