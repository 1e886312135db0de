import { boxMean, type Plane } from '../imaging/plane.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import type { Flow } from './flow.js';
import { warp } from './warp.js';

/** A change of any of a pixel's colours that noise doesn't make. */
const certainChange = 14 / 255;

/** The root of the mean squared change around a pixel, up to which it may be noise. */
const largestNoise = 6 / 255;

/** A change that can't be seen, by which the flow may explain a pixel better without being believed. */
const unseen = 0.75 / 255;

/**
 * By how much smaller a flow has to make the change, as a factor, to be believed. Between pixels noise is averaged, so that a
 * flow that means nothing explains up to a quarter of it.
 */
const ofNoise = 2;

/** Radius, in pixels, of the surroundings that a change is averaged over. */
const radius = 2;

/** Mean length of the flow, in pixels, from which an even part that lies within what moves moves with it. */
const slowest = 0.15;

/**
 * Tells which pixels of a later picture stand still: 1 where they are what the earlier one has in the same place but for
 * noise, and where the flow to the earlier picture doesn't explain them better. In even parts nothing tells the
 * difference. Such a part stands still if it reaches the picture's border, as a background does, and moves with what
 * encloses it otherwise, as a face does.
 */
export function stillPixels(earlier: RgbImage, later: RgbImage, back: Flow): Plane {
  const unmoved = changeBetween(earlier, later);
  const explained = boxMean(changeBetween(warp(earlier, back), later).mean, radius).data;
  const still = samePixels(unmoved, explained);
  letEnclosedPartsMove(still, back, later);
  return still;
}

/** Tells which pixels of a later picture are what the earlier one has in the same place, but for noise: 1, elsewhere 0. */
export function unmovedPixels(earlier: RgbImage, later: RgbImage): Plane {
  return samePixels(changeBetween(earlier, later));
}

/** @param explained - the mean squared change around each pixel after the flow, where there is one. */
function samePixels({ mean, certain }: Change, explained?: Float32Array): Plane {
  const around = boxMean(mean, radius);
  const changed = boxMean(certain, 1).data;
  const change = around.data;
  for (let i = 0; i < change.length; i++) {
    const here = change[i] as number;
    const isByNoise = here <= largestNoise ** 2;
    const isUnexplained = !explained || here <= ofNoise * (explained[i] as number) + unseen ** 2;
    // Running means leave a rest of rounding.
    change[i] = isByNoise && isUnexplained && (changed[i] as number) < 1e-3 ? 1 : 0;
  }
  return around;
}

/** How many of a pixel and its eight neighbours have to be unchanged, for one at a border to stand still. */
const fewestUnchanged = 6;

/**
 * Tells which pixels are what the earlier picture has in the same place, whatever moves beside them: 1, elsewhere 0. That
 * an even thing moves is not noticed, so this is for pixels whose flow can't be relied on, as those of a ground are where
 * something passes before it.
 */
export function unchangedPixels(earlier: RgbImage, later: RgbImage): Plane {
  const { width, height } = later;
  const isSame = changeBetween(earlier, later).mean.data.map((change) => (change <= (2 * unseen) ** 2 ? 1 : 0));
  const share = boxMean({ width, height, data: isSame }, 1).data;
  return {
    width,
    height,
    data: isSame.map((same, i) => ((share[i] as number) * 9 > fewestUnchanged - 0.5 ? same : 0)),
  };
}

/** Distance, in pixels, from what changes, up to which it takes its surroundings out of what stands still. */
const blurredDistance = radius + 1;

/**
 * Returns the pixels that stand still, with those beside them that are unchanged: what changes takes its surroundings with
 * it where changes are averaged, though a ground stands still right up to what moves over it.
 */
export function standingPixels({ width, height, data }: Plane, unchanged: Plane): Plane {
  let standing = data;
  for (let step = 0; step < blurredDistance; step++) {
    const before = standing;
    standing = before.map((stands, i) => {
      if (stands === 1 || unchanged.data[i] === 0) return stands;
      const x = i % width;
      const isBeside =
        (x > 0 && before[i - 1] === 1) ||
        (x < width - 1 && before[i + 1] === 1) ||
        before[i - width] === 1 ||
        before[i + width] === 1;
      return isBeside ? 1 : 0;
    });
  }
  return { width, height, data: standing };
}

/** Returns the pixels of a plane of ones and zeros that have no zero within so many pixels across and down, as ones. */
export function eroded(plane: Plane, distance: number): Plane {
  const mean = boxMean(plane, distance);
  return { ...mean, data: mean.data.map((value) => (value > 1 - 1e-4 ? 1 : 0)) };
}

/** How pixels changed: the mean square over their colours, and 1 where one of these changed for certain. */
interface Change {
  readonly mean: Plane;
  readonly certain: Plane;
}

function changeBetween({ width, height, data: one }: RgbImage, { data: other }: RgbImage): Change {
  const pixels = width * height;
  const mean = new Float32Array(pixels);
  const certain = new Float32Array(pixels);
  for (let i = 0; i < pixels; i++) {
    const red = (one[i] as number) - (other[i] as number);
    const green = (one[i + pixels] as number) - (other[i + pixels] as number);
    const blue = (one[i + 2 * pixels] as number) - (other[i + 2 * pixels] as number);
    mean[i] = (red * red + green * green + blue * blue) / 3;
    certain[i] = Math.max(Math.abs(red), Math.abs(green), Math.abs(blue)) > certainChange ? 1 : 0;
  }
  return { mean: { width, height, data: mean }, certain: { width, height, data: certain } };
}

/** Difference of neighbours in any colour from which an edge is between them, and they needn't move alike. */
const edge = 0.06;

/**
 * Takes even parts that move with what is around them out of a plane of still pixels: those that don't reach the border,
 * with whatever is in them, and those between edges of which most of the outline moves, as of a flag's stripes, whose one
 * end stands still at the pole.
 */
function letEnclosedPartsMove(still: Plane, back: Flow, picture: RgbImage): void {
  for (const part of partsOf(still)) if (part.standing === 0) letMove(still, part, back);
  const inside = { ...still, data: still.data.slice() };
  takeEdgesOut(inside, picture);
  for (const part of partsOf(inside, still)) if (part.moving > part.standing) letMove(still, part, back);
}

function letMove({ data }: Plane, { pixels }: Part, { dx, dy }: Flow): void {
  let length = 0;
  for (const i of pixels) length += Math.sqrt((dx[i] as number) ** 2 + (dy[i] as number) ** 2);
  if (length / pixels.length < slowest) return;
  for (const i of pixels) data[i] = 0;
}

/** A part of a plane that hangs together, and how much of its outline moves, and stands still or is the picture's. */
interface Part {
  readonly pixels: Int32Array;
  readonly moving: number;
  readonly standing: number;
}

/** Finds the parts of a plane of ones and zeros. @param still - tells what of their outlines stands still. */
function* partsOf({ width, data }: Plane, still: Plane = { width, height: 0, data }): Generator<Part> {
  const seen = new Uint8Array(data.length);
  /** The pixels of all parts, one part after the other. */
  const queue = new Int32Array(data.length);
  let end = 0;
  for (let first = 0; first < data.length; first++) {
    if (data[first] === 0 || seen[first] === 1) continue;
    const begin = end;
    let [moving, standing] = [0, 0];
    const take = (i: number) => {
      if (data[i] === 0) {
        if (still.data[i] === 0) moving++;
        else standing++;
      } else if (seen[i] === 0) {
        seen[i] = 1;
        queue[end++] = i;
      }
    };
    take(first);
    for (let next = begin; next < end; next++) {
      const i = queue[next] as number;
      const x = i % width;
      if (x > 0) take(i - 1);
      else standing++;
      if (x < width - 1) take(i + 1);
      else standing++;
      if (i >= width) take(i - width);
      else standing++;
      if (i < data.length - width) take(i + width);
      else standing++;
    }
    yield { pixels: queue.subarray(begin, end), moving, standing };
  }
}

function takeEdgesOut({ width, data }: Plane, picture: RgbImage): void {
  const pixels = data.length;
  for (let i = 0; i < pixels; i++) {
    if (data[i] === 0) continue;
    const beside = i % width < width - 1 ? 1 : 0;
    const below = i < pixels - width ? width : 0;
    for (let at = i; at < 3 * pixels; at += pixels) {
      const value = picture.data[at] as number;
      const across = Math.abs((picture.data[at + beside] as number) - value);
      const down = Math.abs((picture.data[at + below] as number) - value);
      if (across >= edge || down >= edge) data[i] = 0;
    }
  }
}
