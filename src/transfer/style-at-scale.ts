import { resample } from '../imaging/resample.js';
import type { WeightedStyle } from './pictures.js';
import type { Scale } from './scales.js';

/** The most that a style's sides are enlarged to match a scale: beyond that its strokes would only be blurred. */
const largestStyleEnlargement = 1.5;

/**
 * The largest area of a style that is enlarged for large strokes: so many pixels, or `largestStyleRatio` times the
 * scale's area if that is more. A larger one would cost more than the painting; coarse scales settle large strokes.
 */
const largestStyleArea = 1024 * 1024;
const largestStyleRatio = 4;

/** The smallest side of a style at which the deepest layers see anything of it, in pixels. */
const smallestStyleSide = 32;

/**
 * Resizes a style for a scale: to about the content's area, so that its strokes keep their size relative to the canvas.
 * @param strokeSize - the factor by which strokes are enlarged.
 * @throws RangeError for a factor that isn't a number above 0.
 */
export function styleAtScale(
  { picture, weight }: WeightedStyle,
  { width, height }: Pick<Scale, 'width' | 'height'>,
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
