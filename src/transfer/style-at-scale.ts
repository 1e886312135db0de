import { crop } from '../imaging/reflect-pad.js';
import { resample } from '../imaging/resample.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import type { WeightedStyle } from './pictures.js';
import type { Scale } from './scales.js';

/** How much a style may be enlarged to match a scale: beyond that its strokes would only be blurred. */
const largestStyleEnlargement = 1.5;

/** How many times the area of the scale a style may have: larger strokes need no more of them to be seen. */
const largestStyleArea = 4;

/** What the deepest layers need to see anything of a style, in pixels. */
const smallestStyleSide = 32;

/**
 * A style at a scale: of about the area of the content, so that its strokes have their size relative to the canvas.
 * @param strokeSize - how many times as large they are to be. Of a style that gets much larger than the canvas, the middle
 *   is taken.
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
  const ratio = Math.sqrt((width * height) / (picture.width * picture.height));
  const scale = strokeSize * Math.min(ratio, largestStyleEnlargement);
  const part = middle(picture, (Math.sqrt(largestStyleArea) * ratio) / scale);
  const side = (length: number) => Math.max(smallestStyleSide, Math.round(length * scale));
  return { picture: resample(part, side(part.width), side(part.height)), weight };
}

/** The middle of a picture, as large as that share of its sides. */
function middle(picture: RgbImage, share: number): RgbImage {
  if (share >= 1) return picture;
  const width = Math.max(1, Math.round(picture.width * share));
  const height = Math.max(1, Math.round(picture.height * share));
  return crop(picture, (picture.width - width) >> 1, (picture.height - height) >> 1, width, height);
}
