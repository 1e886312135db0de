import type { Plane } from '../imaging/plane.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import { differenceAround, shareAbove } from './content-change.js';
import { exposedLike } from './exposed-like.js';
import type { Flow } from './flow.js';
import { warp } from './warp.js';

/** Difference, in values of a colour, above which a pixel changes. */
const change = 2 / 255;

/** Difference above which a pixel shows something else at once. */
const cut = 0.12;

/** Share of the pixels that change in a fade at least: less may be what moves over a ground. */
const leastChanged = 0.5;

/** Share of the pixels that show something else at once in a fade at most. */
const mostCut = 0.1;

/** Share of the change, by its squares, from which motion hardly explains it. */
const unexplained = 0.3;

/**
 * Tells whether a picture fades over into another one, and nothing moves: it changes in most places, a little and by more
 * than brightness, and motion hardly explains how. A flow is found all the same, since anything is more like something
 * beside it than like what it fades into.
 * @param back - the flow from each pixel of the later picture to the earlier one.
 */
export function isFade(earlier: RgbImage, later: RgbImage, back: Flow): boolean {
  const exposed = exposedLike(earlier, later);
  const unmoved = differenceAround(exposed, later);
  if (shareAbove(unmoved, change) < leastChanged || shareAbove(unmoved, cut) > mostCut) return false;
  return sumOfSquares(differenceAround(warp(exposed, back), later)) > unexplained * sumOfSquares(unmoved);
}

function sumOfSquares({ data }: Plane): number {
  return data.reduce((sum, value) => sum + value * value, 0);
}
