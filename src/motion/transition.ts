import type { Plane } from '../imaging/plane.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import { settleBorders } from './border-motion.js';
import { exposedLike } from './exposed-like.js';
import { type Flow, noFlow } from './flow.js';
import { opticalFlows } from './optical-flow.js';
import { reliability } from './reliability.js';
import { smoothed } from './smoothed.js';
import { eroded, standingPixels, stillPixels, unchangedPixels, unmovedPixels } from './stillness.js';

/** What became of a frame in the next one. */
export type Transition =
  /** Nothing changed but noise. */
  | { readonly kind: 'same' }
  /** The next frame shows something else. */
  | { readonly kind: 'cut' }
  | ({ readonly kind: 'motion' } & Motion);

/** Where the pixels of a frame were in the one before. */
export interface Motion {
  /** Where each pixel lies in the frame before; exactly 0 where it stands still. */
  readonly back: Flow;
  /** 1 where the flow can be relied on, 0 where it can't: at borders of what moves, and where something was hidden. */
  readonly reliable: Plane;
  /** 1 where a pixel stands still, 0 elsewhere. */
  readonly still: Plane;
}

/** Share of the pixels whose flow can be relied on, below which two frames show different things. */
const leastReliable = 0.35;

/**
 * Finds what became of a frame in the next one: nothing, something else, or motion. Where only brightness would make it
 * something else, as in a flash or a fade, it is motion of which nothing stands still.
 * @param anchor - what the still pixels of the earlier frame looked like when they began to stand still, so that slow
 *   changes add up. Default: the earlier frame.
 * @throws RangeError for frames of different sizes.
 */
export function transition(earlier: RgbImage, later: RgbImage, anchor = earlier): Transition {
  if (isEqual(anchor, later)) return { kind: 'same' };
  const found = transitionFrom(earlier, later, anchor);
  return found.kind === 'cut' ? transitionFrom(exposedLike(earlier, later), later, anchor) : found;
}

function transitionFrom(earlier: RgbImage, later: RgbImage, anchor: RgbImage): Transition {
  const { back, forth } = opticalFlows(earlier, later);
  const still = stillPixels(anchor, later, back);
  if (!still.data.includes(0)) return { kind: 'same' };
  const [then, now] = [smoothed(earlier), smoothed(later)];
  const reliable = reliability(then, now, back, forth);
  const unchanged = unchangedPixels(anchor, later);
  const standing = standingPixels(still, unchanged);
  for (let i = 0; i < still.data.length; i++) {
    if (standing.data[i] === 0 && (unchanged.data[i] === 0 || reliable.data[i] === 1)) continue;
    back.dx[i] = 0;
    back.dy[i] = 0;
    reliable.data[i] = 1;
  }
  settleBorders(then, now, back, reliable, standing);
  const share = reliable.data.reduce((sum, value) => sum + value, 0) / reliable.data.length;
  return share < leastReliable ? { kind: 'cut' } : { kind: 'motion', back, reliable, still };
}

/** Returns the motion of two frames of which only what stands still is of interest: the rest is not relied on. */
export function standstill(earlier: RgbImage, later: RgbImage): Motion {
  const still = unmovedPixels(earlier, later);
  return { back: noFlow(later), still, reliable: eroded(still, 1) };
}

function isEqual(one: RgbImage, other: RgbImage): boolean {
  return one.data.every((value, i) => value === other.data[i]);
}
