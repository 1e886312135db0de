import { boxMean, type Plane } from '../imaging/plane.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import { exposedLike } from './exposed-like.js';
import { smoothed } from './smoothed.js';

/** Radius of the surroundings over which differences are averaged, as a share of the longer side. */
const reach = 1 / 64;

/** How far, in pixels, what moved may be off without showing something else. */
const misplaced = 0.5;

/** Differences, in values of a colour, up to which a pixel shows the same thing, and from which it shows something else. */
const [same, other] = [0.03, 0.06] as const;

/** Share of the pixels that change where the whole picture gets brighter or darker, at least. */
const ofWhole = 0.5;

/**
 * Tells how far each pixel of a picture shows something else than in an earlier one: from 0, the same, to 1. Noise, the dots
 * of a GIF's few colours and edges that are a little off count little, and how bright the whole picture is doesn't count.
 * @param earlier - the earlier picture, moved to where things are in the later one.
 */
export function contentChange(earlier: RgbImage, later: RgbImage): Plane {
  const asItIs = differenceAround(earlier, later, misplaced);
  if (shareAbove(asItIs, same) < ofWhole) return { ...asItIs, data: asItIs.data.map(shareOfChange) };
  const exposed = differenceAround(exposedLike(earlier, later), later, misplaced).data;
  const data = asItIs.data.map((difference, i) => shareOfChange(Math.min(difference, exposed[i] as number)));
  return { ...asItIs, data };
}

function shareOfChange(difference: number): number {
  return Math.min(Math.max((difference - same) / (other - same), 0), 1);
}

/**
 * Returns the root of the mean squared difference of the smoothed colours around each pixel.
 * @param tolerance - how far, in pixels, the earlier picture may be off without differing.
 */
export function differenceAround(earlier: RgbImage, later: RgbImage, tolerance = 0): Plane {
  const { width, height, data: now } = later;
  const pixels = width * height;
  const { data } = smoothed({ width, height, data: now.map((value, i) => value - (earlier.data[i] as number)) });
  const squares = new Float32Array(pixels);
  for (let i = 0; i < pixels; i++) {
    const red = data[i] as number;
    const green = data[i + pixels] as number;
    const blue = data[i + 2 * pixels] as number;
    const square = (red * red + green * green + blue * blue) / 3;
    squares[i] = square;
    if (tolerance === 0 || square < same * same) continue;
    squares[i] = Math.max(0, Math.sqrt(square) - tolerance * slopeAt(later, i)) ** 2;
  }
  const radius = Math.max(1, Math.round(reach * Math.max(width, height)));
  const around = boxMean({ width, height, data: squares }, radius);
  return { ...around, data: around.data.map((mean) => Math.sqrt(Math.max(mean, 0))) };
}

/** Returns the share of a plane's pixels whose value is above a bound. */
export function shareAbove({ data }: Plane, bound: number): number {
  return data.reduce((count, value) => (value > bound ? count + 1 : count), 0) / data.length;
}

/** Returns how steep a picture is at a pixel: the root of its colours' mean squared change from pixel to pixel. */
function slopeAt({ width, height, data }: RgbImage, pixel: number): number {
  const pixels = width * height;
  const left = pixel % width > 0 ? 1 : 0;
  const right = pixel % width < width - 1 ? 1 : 0;
  const above = pixel >= width ? width : 0;
  const below = pixel < pixels - width ? width : 0;
  let sum = 0;
  for (let i = pixel; i < 3 * pixels; i += pixels) {
    const across = (data[i + right] as number) - (data[i - left] as number);
    const down = (data[i + below] as number) - (data[i - above] as number);
    sum += 0.25 * (across * across + down * down);
  }
  return Math.sqrt(sum / 3);
}
