import { boxMean, channels, type Plane } from '../imaging/plane.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import { colorDifference, type LabImage, toLab } from './cielab.js';

/**
 * Radii, in pixels, of the box means that smooth both pictures before they are compared, together about a Gaussian of
 * 2.4 pixels: JPEG's noise has finer detail, what people see at a glance has not.
 */
const smoothing = [2, 3] as const;

/**
 * Computes how different the colours of two aligned pictures are at each pixel, as a person sees it: CIE94 after
 * smoothing. A pixel is held against the most similar of the nine around its position in the other picture, and so in
 * the other direction; the larger difference counts. Edges that are only off by a fraction of a pixel find their like;
 * what was added or taken away doesn't.
 */
export function differenceMap(first: RgbImage, second: RgbImage): Plane {
  const a = toLab(smoothedPicture(first));
  const b = toLab(smoothedPicture(second));
  const { width, height } = first;
  const data = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      data[y * width + x] = Math.max(nearest(a, b, x, y), nearest(b, a, x, y));
    }
  }
  return { width, height, data };
}

/** The colour difference between a pixel and the most similar of the nine around its position in another picture. */
function nearest(picture: LabImage, other: LabImage, x: number, y: number): number {
  const { width, height } = picture;
  const pixel = y * width + x;
  let least = Number.POSITIVE_INFINITY;
  for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++) {
    for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
      least = Math.min(least, colorDifference(picture, pixel, other, row * width + column));
    }
  }
  return least;
}

function smoothedPicture(picture: RgbImage): RgbImage {
  const data = new Float32Array(picture.data.length);
  for (const [index, channel] of channels(picture).entries()) {
    const smoothed = smoothing.reduce<Plane>(boxMean, channel);
    data.set(smoothed.data, index * channel.data.length);
  }
  return { ...picture, data };
}
