import { resample } from '../imaging/resample.js';
import type { WeightedStyle } from './pictures.js';
import type { Scale } from './scales.js';

/** How much a style may be enlarged to match a scale: beyond that its strokes would only be blurred. */
const largestStyleEnlargement = 1.5;

/** What the deepest layers need to see anything of a style, in pixels. */
const smallestStyleSide = 32;

/** A style at a scale: of about the area of the content, so that its strokes have their size relative to the canvas. */
export function styleAtScale({ picture, weight }: WeightedStyle, { width, height }: Scale): WeightedStyle {
  const ratio = Math.sqrt((width * height) / (picture.width * picture.height));
  const scale = Math.min(ratio, largestStyleEnlargement);
  const side = (length: number) => Math.max(smallestStyleSide, Math.round(length * scale));
  return { picture: resample(picture, side(picture.width), side(picture.height)), weight };
}
