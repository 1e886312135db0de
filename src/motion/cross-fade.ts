import { resized } from '../imaging/resample.js';
import type { RgbImage } from '../imaging/rgb-image.js';

/** Longer side at which pictures are compared: the dots of a GIF's few colours are means there. */
const comparedSide = 32;

/** Cosine between two changes of a picture, as vectors of all its values, from which they go the same way. */
const sameWay = 0.9;

/**
 * Tells whether a picture goes on to fade over into another one: in a cross-fade each step goes the same way, however long it is.
 * @param earlier - three pictures in a row, of one size; what happens from the first to the second is a fade.
 */
export function fadesOn(earlier: RgbImage, picture: RgbImage, later: RgbImage): boolean {
  const [step, next] = [way(small(earlier), small(picture)), way(small(picture), small(later))];
  return dot(step, next) > sameWay * Math.sqrt(dot(step, step) * dot(next, next));
}

/** Returns how far a picture has faded over from one into another, from 0 to 1. */
export function shareOfFade(from: RgbImage, to: RgbImage, picture: RgbImage): number {
  const whole = way(from, to);
  return Math.min(Math.max(dot(whole, way(from, picture)) / dot(whole, whole), 0), 1);
}

function small(picture: RgbImage): RgbImage {
  const shrink = Math.min(1, comparedSide / Math.max(picture.width, picture.height));
  const side = (length: number) => Math.max(1, Math.round(shrink * length));
  return resized(picture, side(picture.width), side(picture.height));
}

function way({ data: from }: RgbImage, { data: to }: RgbImage): Float32Array {
  return to.map((value, i) => value - (from[i] as number));
}

function dot(one: Float32Array, other: Float32Array): number {
  return one.reduce((sum, value, i) => sum + value * (other[i] as number), 0);
}
