import { boxMean, halved, type Plane } from '../imaging/plane.js';
import { SummedArea } from './summed-area.js';

/** How the second picture lies on the first one. */
export interface Registration {
  /** The second picture's pixel (x, y) shows what the first one's pixel (x + shiftX, y + shiftY) shows; in pixels. */
  readonly shiftX: number;
  readonly shiftY: number;
  /** How unlike both pictures are where they overlap: about 0 for the same picture, about 0.7 for any two others. */
  readonly mismatch: number;
}

/** How {@link register} searches. */
export interface RegistrationOptions {
  /** How far the pictures may be shifted at most, in pixels. */
  readonly largestShift: { readonly x: number; readonly y: number };
  /** Whether to refine the shift to fractions of a pixel. Default true. */
  readonly subpixel?: boolean;
}

/** About the longest side, in pixels, that pictures are halved down to; at that size every shift is tried. */
const coarsestSide = 72;

/** Limit on what a pixel can say against a shift: where pictures differ by more, it is not the shift that is wrong. */
const truncation = 1;

/** Cost of a shift by the whole side: where nothing tells shifts apart, as in a plain picture, the smallest wins. */
const worthOfRest = 0.02;

/** Number of the best coarse shifts that are looked at more closely. */
const candidates = 3;

/**
 * Finds the translation by which the second picture lies on the first one. It compares local structure: each pixel's
 * difference from its surroundings in units of their standard deviation, which brightness and contrast don't change.
 * The mean of the truncated absolute difference of structure decides (an M-estimator), so that parts that differ have a
 * bounded say. Every shift is tried on a small picture, and the best ones are followed down to full size; there,
 * Gauss-Newton steps on the pixels that agree (Lucas and Kanade 1981) find the fraction of a pixel.
 * @param first - the luma of the first picture.
 * @param second - the luma of the second picture, of about the same size.
 */
export function register(
  first: Plane,
  second: Plane,
  { largestShift, subpixel = true }: RegistrationOptions,
): Registration {
  const levels = [{ first, second }];
  for (let last = { first, second }; Math.max(last.first.width, last.first.height) > coarsestSide; ) {
    last = { first: halved(last.first), second: halved(last.second) };
    levels.unshift(last);
  }
  const structures = levels.map((level) => pairOf(structure(level.first), structure(level.second)));
  const coarsest = structures[0] as (typeof structures)[number];
  const factor = 2 ** (levels.length - 1);
  const bounds = { x: Math.ceil(largestShift.x / factor), y: Math.ceil(largestShift.y / factor) };
  let shifts: Scored[] = [];
  for (let y = -bounds.y; y <= bounds.y; y++) {
    for (let x = -bounds.x; x <= bounds.x; x++) shifts.push(scored(coarsest, x, y));
  }
  shifts = best(shifts, candidates);
  for (const [index, level] of structures.entries()) {
    if (index > 0) shifts = shifts.map(({ x, y }) => descend(level, 2 * x, 2 * y));
    // Larger pictures take longer and tell shifts apart better, so fewer and fewer are followed.
    shifts = best(shifts, Math.max(1, candidates - index));
  }
  const { x, y, mismatch } = shifts[0] as Scored;
  const finest = structures.at(-1) ?? coarsest;
  // Slopes are taken over two pixels, which suits pictures without finer detail, so both are smoothed.
  const calm = (plane: Plane) => boxMean(boxMean(plane, 1), 1);
  const { dx, dy } = subpixel ? fraction(calm(finest.first), calm(finest.second), x, y) : { dx: 0, dy: 0 };
  return { shiftX: x + dx, shiftY: y + dy, mismatch };
}

interface Pair {
  readonly first: Plane;
  readonly second: Plane;
  /** Sums of structure over any part of the first picture, and of the second. */
  readonly firstSums: SummedArea;
  readonly secondSums: SummedArea;
}

interface Scored {
  readonly x: number;
  readonly y: number;
  readonly mismatch: number;
  /** Mismatch of the overlap, structure outside of it, and a little for the distance: the lowest score is best. */
  readonly score: number;
}

function best(shifts: readonly Scored[], count: number): Scored[] {
  return shifts.toSorted((a, b) => a.score - b.score).slice(0, count);
}

/** Returns each pixel's difference from its surroundings, in units of their standard deviation. */
function structure(plane: Plane): Plane {
  const { width, height, data } = plane;
  const radius = Math.max(2, Math.round(Math.max(width, height) / 40));
  const mean = boxMean(plane, radius).data;
  const variance = boxMean(
    { width, height, data: data.map((value, i) => (value - (mean[i] as number)) ** 2) },
    radius,
  ).data;
  // Differences of a few steps of 256 are noise, which is not to be made large.
  const noise = 0.02;
  return {
    width,
    height,
    data: data.map(
      (value, i) => (value - (mean[i] as number)) / (Math.sqrt(Math.max(0, variance[i] as number)) + noise),
    ),
  };
}

/** Follows the score downhill from a shift, by whole pixels. */
function descend(pair: Pair, x: number, y: number): Scored {
  let centre = scored(pair, x, y);
  for (let moves = 0; moves < 4; moves++) {
    const around = [-1, 0, 1].flatMap((dy) =>
      [-1, 0, 1].flatMap((dx) => (dx === 0 && dy === 0 ? [] : [scored(pair, centre.x + dx, centre.y + dy)])),
    );
    const next = best([centre, ...around], 1)[0] as Scored;
    if (next === centre) break;
    centre = next;
  }
  return centre;
}

function scored(pair: Pair, x: number, y: number): Scored {
  const { first, second, firstSums, secondSums } = pair;
  const mismatch = mismatchAt(pair, x, y);
  const { left, right, top, bottom } = overlap(first, second, x, y);
  const area = Math.max(0, right - left) * Math.max(0, bottom - top);
  // Structure that would be cut off counts as if the other picture had none; else it would pay to cut differences off.
  const lost =
    area === 0
      ? Number.POSITIVE_INFINITY
      : firstSums.sum(0, 0, first.width, first.height) -
        firstSums.sum(left, top, right, bottom) +
        secondSums.sum(0, 0, second.width, second.height) -
        secondSums.sum(left - x, top - y, right - x, bottom - y);
  const score = (mismatch * area + lost) / (first.width * first.height);
  const side = Math.max(first.width, first.height);
  return { x, y, mismatch, score: score + (worthOfRest * Math.hypot(x, y)) / side };
}

function pairOf(first: Plane, second: Plane): Pair {
  const truncated = (value: number) => Math.min(Math.abs(value), truncation);
  return { first, second, firstSums: new SummedArea(first, truncated), secondSums: new SummedArea(second, truncated) };
}

function mismatchAt({ first, second }: Pair, shiftX: number, shiftY: number): number {
  const { left, right, top, bottom } = overlap(first, second, shiftX, shiftY);
  // On large pictures every other row and column says enough.
  const stride = (right - left) * (bottom - top) > 30_000 ? 2 : 1;
  let sum = 0;
  let count = 0;
  for (let y = top; y < bottom; y += stride) {
    const row = y * first.width;
    const other = (y - shiftY) * second.width - shiftX;
    for (let x = left; x < right; x += stride) {
      const difference = Math.abs((first.data[row + x] as number) - (second.data[other + x] as number));
      sum += difference < truncation ? difference : truncation;
      count++;
    }
  }
  return count > 0 ? sum / count : Number.POSITIVE_INFINITY;
}

/** Returns the part of the first picture under the shifted second one, in whole pixels, right and bottom exclusive. */
export function overlap(first: Size, second: Size, shiftX: number, shiftY: number) {
  return {
    left: Math.max(0, Math.ceil(shiftX)),
    right: Math.min(first.width, Math.floor(second.width + shiftX)),
    top: Math.max(0, Math.ceil(shiftY)),
    bottom: Math.min(first.height, Math.floor(second.height + shiftY)),
  };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Finds the fraction of a pixel to add to a whole shift, by Gauss-Newton steps on the pixels that agree. */
function fraction(first: Plane, second: Plane, shiftX: number, shiftY: number): { dx: number; dy: number } {
  const { left, right, top, bottom } = overlap(first, second, shiftX, shiftY);
  let [dx, dy] = [0, 0];
  for (let step = 0; step < 6; step++) {
    let [xx, xy, yy, xd, yd] = [0, 0, 0, 0, 0];
    for (let y = Math.max(1, top + 1); y < bottom - 1; y++) {
      for (let x = Math.max(1, left + 1); x < right - 1; x++) {
        const i = y * first.width + x;
        const j = (y - shiftY) * second.width + x - shiftX;
        // The error is of second order with the mean of both pictures' slopes.
        const across = 0.25 * (slope(first.data, i, 1) + slope(second.data, j, 1));
        const down = 0.25 * (slope(first.data, i, first.width) + slope(second.data, j, second.width));
        const difference = (second.data[j] as number) - (first.data[i] as number) - across * dx - down * dy;
        if (Math.abs(difference) > truncation) continue;
        xx += across * across;
        xy += across * down;
        yy += down * down;
        xd += across * difference;
        yd += down * difference;
      }
    }
    const determinant = xx * yy - xy * xy;
    // In a plain picture, or one of stripes, there is nothing to go by.
    if (!(determinant > 1e-3 * xx * yy && xx * yy > 0)) return { dx: 0, dy: 0 };
    const stepX = (yy * xd - xy * yd) / determinant;
    const stepY = (xx * yd - xy * xd) / determinant;
    dx += stepX;
    dy += stepY;
    if (Math.hypot(stepX, stepY) < 0.005) break;
  }
  return Math.hypot(dx, dy) < 1 ? { dx, dy } : { dx: 0, dy: 0 };
}

function slope(data: Float32Array, index: number, stride: number): number {
  return (data[index + stride] as number) - (data[index - stride] as number);
}
