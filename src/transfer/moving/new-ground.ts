import { boxMean, type Plane } from '../../imaging/plane.js';
import type { RgbImage } from '../../imaging/rgb-image.js';
import { shareAbove } from '../../motion/content-change.js';
import { eroded } from '../../motion/stillness.js';
import type { Mask } from '../area/mask.js';
import { keptOutside } from '../area/pinned-pixels.js';
import { mostAlike } from './most-alike.js';
import { type Knowledge, paintedAlike } from './painted-alike.js';

/** A frame of which a part is known, because it was painted before. */
export interface PartlyPainted extends Knowledge {
  /** The frame as the optimiser sees it. */
  readonly content: RgbImage;
  /** What a picture of its own would begin with. */
  readonly unknown: RgbImage;
  /** What was painted, where it is now. */
  readonly painted: RgbImage;
  /** The frame before, from which strokes are borrowed. */
  readonly lender: Lender;
  /** 1 where strokes were made up when they were new, see {@link Beginning.madeUp}, and are not painted properly since. */
  readonly madeUp: Plane;
  /** 0 where the frame stands still, 1 elsewhere. */
  readonly moves: Plane;
  /** How much each pixel counts, from 0 to 1. Default: all count. */
  readonly counts?: Mask | undefined;
}

/** A painted frame that lends strokes. */
export interface Lender {
  /** What its pixels were painted for, as the optimiser sees it. */
  readonly anchor: RgbImage;
  readonly painting: RgbImage;
  /** 1 where strokes are finished, and are what is to be seen. */
  readonly finished: Plane;
  /** Where a pixel of the later frame is in it, by index. */
  readonly place: (pixel: number) => number;
}

/** What a frame begins with. */
export interface Beginning {
  readonly start: RgbImage;
  /** Whether few epochs wouldn't do: much is new at once or like nothing that was painted, or was made up by and by. */
  readonly isStrange: boolean;
  /** How far each pixel is made up, from 0 to 1: borrowed, told by what lies around, or as a picture of its own begins. */
  readonly madeUp: Plane;
}

/** How far a pixel is lost, from which it begins with other strokes than those that were painted there. */
const mostlyLost = 0.5;

/** Share of a frame that may be new at once, and borrow strokes. Of more, as in a wipe, they would come to be rubble. */
const mostBorrowed = 0.1;

/** Difference of surroundings, in values of a colour, above which two places don't look alike. */
const unlike = 0.06;

/** Share of a frame whose strokes may be made up. Few epochs don't make proper ones of them, frame by frame. */
const mostMadeUp = 0.15;

/** Share of a frame that is like nothing that was painted, from which the frame is strange. */
const mostUnlike = 0.03;

/**
 * Share of a pixel's surroundings that is new, from which it begins anew as well in a strange frame, if it moves: between scattered
 * remains of what was painted there is no room for strokes.
 */
const besideNew = 0.15;

/**
 * Returns what a frame begins with: what was painted, and on new ground something that few epochs can go on from, since they
 * make few strokes of their own. Slivers have the colours of what lies around them. Wider ground borrows the strokes of
 * what looked most like it in the frame before, which has what the motion that was found has lost. Where much is new at once
 * or like nothing that was painted, or was made up by and by, new ground begins as a picture of its own does, since borrowed
 * strokes would be in its way.
 * @param sliver - half the width, in pixels, of what is too narrow to borrow strokes.
 */
export function beginning(
  { content, unknown, painted, told, lost, lender, madeUp: before, moves, counts }: PartlyPainted,
  sliver: number,
): Beginning {
  const plane = (value: (pixel: number) => number): Plane => ({ ...lost, data: lost.data.map((_, i) => value(i)) });
  const isCounted = (pixel: number) => counts?.data[pixel] !== 0;
  const isLost = (pixel: number) => (lost.data[pixel] as number) >= mostlyLost;
  const madeUp = plane((i) => (isCounted(i) && (isLost(i) || before.data[i] === 1) ? 1 : 0));
  const wanted = plane((i) => (isCounted(i) && isLost(i) ? 1 : 0));
  const isSearched = shareAbove(wanted, 0) <= mostBorrowed && shareAbove(madeUp, 0) <= mostMadeUp;
  const { anchor, finished, place } = lender;
  const alike = isSearched ? mostAlike(content, { wanted, among: anchor, offered: finished, known: place }) : undefined;
  if (!alike || shareAbove(alike.difference, unlike) > mostUnlike) {
    const isNew = plane((i) => Math.max(lost.data[i] as number, before.data[i] as number));
    const around = boxMean(isNew, Math.round(1.5 * sliver));
    const isBeside = (i: number) => moves.data[i] === 1 && isCounted(i) && (around.data[i] as number) > besideNew;
    const begun = plane((i) => (isBeside(i) ? 1 : (isNew.data[i] as number)));
    return { start: keptOutside(painted, begun)(unknown), isStrange: true, madeUp: begun };
  }
  const wide = opened(wanted, sliver);
  const borrowed = alike.place.map((from, i) => (wide.data[i] === 1 ? from : -1));
  const start = withStrokesFrom(lender.painting, borrowed, paintedAlike(unknown, painted, { told, lost }));
  return { start, isStrange: false, madeUp };
}

/** Returns the ones of a plane of ones and zeros that are part of a square of ones of so many pixels to each side. */
function opened(plane: Plane, distance: number): Plane {
  const middles = boxMean(eroded(plane, distance), distance);
  // Running means leave a rest of rounding.
  return { ...middles, data: middles.data.map((share) => (share > 1e-4 ? 1 : 0)) };
}

/** Returns a picture in which pixels are those in some places of another one. @param place - by index; below 0, they stay. */
function withStrokesFrom(lender: RgbImage, place: Int32Array, picture: RgbImage): RgbImage {
  const pixels = place.length;
  const data = picture.data.map((value, i) => {
    const from = place[i % pixels] as number;
    return from < 0 ? value : (lender.data[i - (i % pixels) + from] as number);
  });
  return { ...picture, data };
}
