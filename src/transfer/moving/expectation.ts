import { boxMean, type Plane } from '../../imaging/plane.js';
import type { RgbImage } from '../../imaging/rgb-image.js';
import { eroded } from '../../motion/stillness.js';
import type { Motion } from '../../motion/transition.js';
import { warp } from '../../motion/warp.js';
import type { Mask } from '../area/mask.js';
import type { HeldPixels } from '../objective.js';
import type { TemporalTarget } from '../pixel-losses.js';
import { beginning, type Lender } from './new-ground.js';

/** A frame that was painted, and where its pixels are now. */
export interface Reference {
  readonly painting: RgbImage;
  readonly motion: Motion;
}

/** The frame before, of which not all may be finished. */
export interface PreviousFrame extends Reference {
  /** The content that each pixel was painted for, as the optimiser sees it. */
  readonly anchor: RgbImage;
  /** How much each pixel counts, as in {@link NextFrame}. */
  readonly counts?: Mask | undefined;
  /** How much painting each pixel lacks since it was uncovered, from 0 to 1. */
  readonly fresh: Plane;
  /** 1 where strokes were made up when they were new, and are not painted properly since. */
  readonly madeUp: Plane;
}

/** The painted frames that tell what the next one is to look like. */
export interface ExpectedFrom {
  readonly previous: PreviousFrame;
  readonly first: Reference;
  /** How much the first frame counts, from 0 to 1: in a loop the more, the sooner it comes again. */
  readonly closing: number;
}

/** A frame that is to be painted. */
export interface NextFrame {
  /** The frame as the optimiser sees it. */
  readonly content: RgbImage;
  /** What a picture of its own would begin with, in the frame's size. */
  readonly unknown: RgbImage;
  /** Where frames are painted, from 0 to 1. Default: everywhere. */
  readonly area?: Mask | undefined;
  /** How much each pixel counts, from 0 to 1: where the frame is painted, and can be seen. Default: all count. */
  readonly counts?: Mask | undefined;
}

/** What is known of a frame before it is painted. */
export interface Expectation {
  /** The picture to begin with: painted frames, moved to where things are now, and what {@link beginning} has elsewhere. */
  readonly start: RgbImage;
  /** How far each pixel is made up, by {@link beginning}, from 0 to 1. */
  readonly madeUp: Plane;
  /** Whether the frame is to be painted from coarse to fine, see {@link Beginning.isStrange}. */
  readonly isStrange: boolean;
  readonly temporal: TemporalTarget;
  /** What stands still, which is held; 1 in the mask is what is painted. */
  readonly held: HeldPixels;
  /** How much painting each pixel will lack when the frame is painted, from 0 to 1. */
  readonly fresh: Plane;
  /** How far each pixel is painted for what it shows now, from 0 to 1, instead of for what it showed before. */
  readonly repainted: Plane;
}

/**
 * Distance, as a share of the longer side, from what moves up to which what stands still is painted all the same: strokes
 * reach across its border, and would stay behind as its ghost.
 */
const freedom = 1 / 64;

/**
 * What a frame's epochs leave of how much painting a pixel lacks. A frame gets few epochs, so that what is uncovered is
 * finished over some frames, and only then held.
 */
const leftByFrame = 0.5;

/** How much painting a pixel may lack and be finished: it is held then, and others borrow its strokes. */
const mostLacking = 0.2;

/**
 * How much painting a pixel lacks at least beside what is uncovered, up to the same distance. Strokes there were those of
 * what has moved on, and content and style are to have them go, not to stay behind as its ghost.
 */
const besideUncovered = 0.5;

/** How far a pixel shows something else when it isn't held to what was painted any more: a little holding is much. */
const freed = 0.5;

/** How far a frame's epochs paint a pixel for what it shows now, where it still shows what it was painted for. */
const repaintedAnyway = 0.05;

/**
 * The least that the first frame counts beside the one before: next to nothing, but where nothing is known of the one
 * before it decides, so that what is uncovered looks as it did.
 */
const leastShare = 1e-3;

/**
 * How much that moves tells of what is uncovered, where what stands still tells 1: it lies beside it, but is seldom of its
 * kind.
 */
const toldByMoving = 0.02;

/** Puts together what painted frames tell of the next one. */
export function expectationFrom(
  { content, unknown, area, counts }: NextFrame,
  { previous, first, closing }: ExpectedFrom,
): Expectation {
  const { width, height } = content;
  const pixels = width * height;
  const moved = warp(previous.painting, previous.motion.back);
  const fresh = movedPlane(previous.fresh, previous.motion);
  const movedFirst = warp(first.painting, first.motion.back);
  const distance = Math.max(1, Math.round(freedom * Math.max(width, height)));
  const still = eroded(previous.motion.still, distance);
  const stillSinceFirst = eroded(first.motion.still, distance);
  const share = Math.max(closing, leastShare);
  const [keptOfPreviousAt, keptOfFirstAt] = [keptOf(previous, area), keptOf(first, area)];
  const isBesideUncovered = nearUncovered(previous.motion, first.motion, distance);
  const picture = new Float32Array(3 * pixels);
  const map = new Float32Array(pixels);
  const free = new Float32Array(pixels);
  const told = new Float32Array(pixels);
  const lost = new Float32Array(pixels);
  const repainted = new Float32Array(pixels);
  const madeUpBefore = warp(previous.madeUp, previous.motion.back).data;
  const heldTo = previous.painting.data.slice();
  for (let pixel = 0; pixel < pixels; pixel++) {
    const [keptOfPrevious, keptOfFirst] = [keptOfPreviousAt(pixel), keptOfFirstAt(pixel)];
    const ofPrevious = (1 - share) * keptOfPrevious;
    const ofFirst = share * keptOfFirst;
    const known = ofPrevious + ofFirst;
    const kept = known > 0 ? (ofPrevious * keptOfPrevious + ofFirst * keptOfFirst) / known : 0;
    const counting = counts ? valueAt(counts, pixel) : 1;
    told[pixel] = counting * kept * (valueAt(still, pixel) + valueAt(stillSinceFirst, pixel) > 0 ? 1 : toldByMoving);
    // What the first frame tells is finished, as it is itself.
    const unfinished = ofPrevious > 0 ? valueAt(fresh, pixel) : 0;
    const lacking = Math.max(
      Math.min(1, (1 - kept) / freed),
      unfinished,
      isBesideUncovered(pixel) ? besideUncovered : 0,
    );
    map[pixel] = 1 - lacking;
    fresh.data[pixel] = lacking;
    const isStill = valueAt(still, pixel) === 1 && lacking < mostLacking;
    const isAsFirst = !isStill && ofPrevious === 0 && valueAt(stillSinceFirst, pixel) === 1;
    free[pixel] = isStill || isAsFirst ? 0 : 1;
    lost[pixel] = isStill || isAsFirst ? 0 : 1 - kept;
    // What stands still is to stay as it is, however it came about.
    madeUpBefore[pixel] = !isStill && !isAsFirst && (madeUpBefore[pixel] as number) > 0.5 ? 1 : 0;
    repainted[pixel] = isStill ? 0 : isAsFirst ? 1 : 1 - kept * (1 - repaintedAnyway);
    for (let i = pixel; i < 3 * pixels; i += pixels) {
      const before = moved.data[i] as number;
      const inTheBeginning = movedFirst.data[i] as number;
      picture[i] = known > 0 ? (ofPrevious * before + ofFirst * inTheBeginning) / known : (unknown.data[i] as number);
      if (isAsFirst) heldTo[i] = inTheBeginning;
      // What is held stands in the start as well, so that nothing of it changes.
      if (isStill || isAsFirst) picture[i] = heldTo[i] as number;
    }
  }
  const plane = (data: Float32Array): Plane => ({ width, height, data });
  const { start, isStrange, madeUp } = beginning(
    {
      content,
      unknown,
      painted: { width, height, data: picture },
      told: plane(told),
      lost: plane(lost),
      lender: lenderOf(previous),
      moves: plane(previous.motion.still.data.map((isStill) => 1 - isStill)),
      madeUp: plane(madeUpBefore),
      counts,
    },
    distance,
  );
  if (isStrange) paintAsNew(madeUp, { free, map, repainted });
  // From coarse to fine there are epochs enough for all.
  const left = isStrange ? 0 : leftByFrame;
  return {
    start,
    madeUp,
    isStrange,
    temporal: { picture: start, map: plane(map) },
    held: { picture: { width, height, data: heldTo }, mask: plane(free) },
    fresh: plane(fresh.data.map((lacking) => left * lacking)),
    repainted: plane(repainted),
  };
}

/** Has what was made up painted like what is new: it is let go as far as it was, whatever was told of it. */
function paintAsNew(
  madeUp: Plane,
  {
    free,
    map,
    repainted,
  }: { readonly free: Float32Array; readonly map: Float32Array; readonly repainted: Float32Array },
): void {
  for (const [pixel, share] of madeUp.data.entries()) {
    if (share === 0) continue;
    free[pixel] = 1;
    map[pixel] = Math.min(map[pixel] as number, 1 - share);
    repainted[pixel] = Math.max(repainted[pixel] as number, share);
  }
}

/** Returns the frame before as one that lends strokes. */
function lenderOf({ anchor, painting, fresh, madeUp, counts, motion: { back } }: PreviousFrame): Lender {
  const { width, height } = painting;
  const isFinished = (pixel: number) =>
    valueAt(fresh, pixel) < mostLacking && valueAt(madeUp, pixel) === 0 && (!counts || valueAt(counts, pixel) === 1);
  const nearest = (at: number, length: number) => Math.min(Math.max(Math.round(at), 0), length - 1);
  return {
    anchor,
    painting,
    finished: { width, height, data: fresh.data.map((_, pixel) => (isFinished(pixel) ? 1 : 0)) },
    place: (pixel) =>
      nearest(Math.floor(pixel / width) + (back.dy[pixel] as number), height) * width +
      nearest((pixel % width) + (back.dx[pixel] as number), width),
  };
}

/**
 * Returns how far painted pixels still show what is to be seen, from 0 to 1, by pixel. What comes into the area in which frames
 * are painted wasn't painted outside of it.
 */
function keptOf({ motion: { back, reliable, changed } }: Reference, area: Mask | undefined): (pixel: number) => number {
  const moved = area && warp(area, back);
  const painted = (pixel: number) => {
    const here = area ? valueAt(area, pixel) : 0;
    return moved && here > 0 ? Math.min(Math.max(valueAt(moved, pixel) / here, 0), 1) : 1;
  };
  return (pixel) => valueAt(reliable, pixel) * (1 - valueAt(changed, pixel)) * painted(pixel);
}

/** Returns whether a pixel is within a distance of one of which no painted frame tells anything. */
function nearUncovered(one: Motion, other: Motion, distance: number): (pixel: number) => boolean {
  const { width, height } = one.reliable;
  const uncovered = one.reliable.data.map((value, i) => (value === 1 || other.reliable.data[i] === 1 ? 0 : 1));
  const near = boxMean({ width, height, data: uncovered }, distance);
  // Running means leave a rest of rounding.
  return (pixel) => valueAt(near, pixel) > 1e-4;
}

/** Moves values from 0 to 1 along a motion. */
function movedPlane(plane: Plane, { back }: Motion): Plane {
  const moved = warp(plane, back);
  return { ...moved, data: moved.data.map((value) => Math.min(Math.max(value, 0), 1)) };
}

function valueAt(plane: Plane, pixel: number): number {
  return plane.data[pixel] as number;
}
