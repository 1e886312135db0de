import type { Plane } from '../imaging/plane.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import { settleBorders } from './border-motion.js';
import { contentChange } from './content-change.js';
import { asExposedLater, exposedLike } from './exposed-like.js';
import { isFade } from './fade.js';
import { type Flow, noFlow } from './flow.js';
import { opticalFlows } from './optical-flow.js';
import { reliability } from './reliability.js';
import { smoothed } from './smoothed.js';
import { eroded, standingPixels, stillPixels, unchangedPixels, unmovedPixels } from './stillness.js';
import { warp } from './warp.js';

/** What became of a frame in the next one. */
export type Transition =
  /** Nothing changed but noise. */
  | { readonly kind: 'same' }
  /** The next frame shows something else. */
  | { readonly kind: 'cut' }
  /** Something moved, or the frame fades over into something else. */
  | ({ readonly kind: 'motion'; readonly fades: boolean } & Motion);

/** Where the pixels of a frame were in the one before. */
export interface Motion {
  /** Where each pixel lies in the frame before; exactly 0 where it stands still. */
  readonly back: Flow;
  /** 1 where the flow can be relied on, 0 where it can't: at borders of what moves, and where something was hidden. */
  readonly reliable: Plane;
  /** 1 where a pixel stands still, 0 elsewhere. */
  readonly still: Plane;
  /** How far each pixel shows something else than its anchor, from 0 to 1; it means nothing where the flow does. */
  readonly changed: Plane;
}

/**
 * Share of the pixels that are known from the frame before, below which two frames show different things. Of films' cuts a tenth
 * seemed to be known, and 0.31 where cars passed before the camera.
 */
const leastKnown = 0.2;

/**
 * Finds what became of a frame in the next one: nothing, something else, or motion. Where only brightness would make it
 * something else, as in a flash or a fade, it is motion of which nothing stands still.
 * @param anchor - what the pixels of the earlier frame were painted for, so that slow changes add up: when most pixels show
 *   something else than that, it is a cut. Default: the earlier frame.
 * @throws RangeError for frames of different sizes.
 */
export function transition(earlier: RgbImage, later: RgbImage, anchor = earlier): Transition {
  if (isEqual(anchor, later)) return { kind: 'same' };
  const asItIs = transitionFrom(asExposedLater(earlier, later), later, anchor);
  const found = asItIs.kind === 'cut' ? transitionFrom(exposedLike(earlier, later), later, anchor) : asItIs;
  if (found.kind !== 'motion') return found;
  const changed = contentChange(warp(anchor, found.back), later);
  const known = found.reliable.data.map((reliable, i) => (changed.data[i] === 0 ? reliable : 0));
  return mean(known) < leastKnown ? { kind: 'cut' } : { ...found, changed };
}

/** What is seen of motion in two frames alone. */
type MotionSeen = Omit<Motion, 'changed'>;

function transitionFrom(
  earlier: RgbImage,
  later: RgbImage,
  anchor: RgbImage,
): { readonly kind: 'same' | 'cut' } | ({ readonly kind: 'motion'; readonly fades: boolean } & MotionSeen) {
  const flows = opticalFlows(earlier, later);
  const fades = isFade(earlier, later, flows.back);
  // Where a frame fades over into another one, nothing moves.
  const { back, forth } = fades ? { back: noFlow(later), forth: noFlow(later) } : flows;
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
  return mean(reliable.data) < leastKnown ? { kind: 'cut' } : { kind: 'motion', fades, back, reliable, still };
}

/** Returns the motion of two frames of which only what stands still is of interest: the rest is not relied on. */
export function standstill(earlier: RgbImage, later: RgbImage): Motion {
  const still = unmovedPixels(earlier, later);
  const changed = { ...still, data: still.data.map((value) => 1 - value) };
  return { back: noFlow(later), still, reliable: eroded(still, 1), changed };
}

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function isEqual(one: RgbImage, other: RgbImage): boolean {
  return one.data.every((value, i) => value === other.data[i]);
}
