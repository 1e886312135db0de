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
  /** 1 where strokes are finished, and are what is to be seen. */
  readonly finished: Plane;
  /** How much each pixel counts, from 0 to 1. Default: all count. */
  readonly counts?: Mask | undefined;
}

/** What a frame begins with. */
export interface Beginning {
  readonly start: RgbImage;
  /** Whether much of it is new and like nothing that was painted, so that few epochs wouldn't do. */
  readonly isStrange: boolean;
}

/** How far a pixel is lost, from which it begins with other strokes than those that were painted there. */
const mostlyLost = 0.5;

/** Share of a frame that may be new and is searched for what looks like it; more takes long, and is strange at once. */
const mostSearched = 0.25;

/** Difference of surroundings, in values of a colour, above which two places don't look alike. */
const unlike = 0.06;

/** Share of a frame that is like nothing that was painted, from which the frame is strange. */
const mostUnlike = 0.04;

/**
 * Returns what a frame begins with: what was painted, and on new ground something that few epochs can go on from, since they
 * make few strokes of their own. Slivers have the colours of what lies around them. Wider ground borrows the strokes of what
 * looks most like it. Where much is like nothing that was painted, borrowed strokes would be in its way: it begins as a
 * picture of its own does.
 * @param sliver - half the width, in pixels, of what is too narrow to borrow strokes.
 */
export function beginning(
  { content, unknown, painted, told, lost, finished, counts }: PartlyPainted,
  sliver: number,
): Beginning {
  const isWanted = (share: number, pixel: number) => share >= mostlyLost && counts?.data[pixel] !== 0;
  const wanted = opened({ ...lost, data: lost.data.map((share, i) => (isWanted(share, i) ? 1 : 0)) }, sliver);
  const isSearched = shareAbove(wanted, 0) <= mostSearched;
  const alike = isSearched ? mostAlike(content, { wanted, offered: finished }) : undefined;
  if (!alike || shareAbove(alike.difference, unlike) > mostUnlike) {
    return { start: keptOutside(painted, lost)(unknown), isStrange: true };
  }
  return { start: withStrokesFrom(alike.place, paintedAlike(unknown, painted, { told, lost })), isStrange: false };
}

/** Returns the ones of a plane of ones and zeros that are part of a square of ones of so many pixels to each side. */
function opened(plane: Plane, distance: number): Plane {
  const middles = boxMean(eroded(plane, distance), distance);
  // Running means leave a rest of rounding.
  return { ...middles, data: middles.data.map((share) => (share > 1e-4 ? 1 : 0)) };
}

/** Returns a picture in which pixels are what those in other places are. @param place - by index; below 0, they stay. */
function withStrokesFrom(place: Int32Array, picture: RgbImage): RgbImage {
  const pixels = place.length;
  const data = picture.data.map((value, i) => {
    const from = place[i % pixels] as number;
    return from < 0 ? value : (picture.data[i - (i % pixels) + from] as number);
  });
  return { ...picture, data };
}
