import { resized } from '../imaging/resample.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import { type Flow, largestFlowSide, noFlow, resizedFlow } from './flow.js';
import { FlowRefiner } from './refine-flow.js';
import { smoothed } from './smoothed.js';

/** Shorter side, in pixels, below which pictures are not halved: whatever moves must be some pixels wide there. */
const smallestSide = 10;

/** Steps at each level: those at coarse ones cost next to nothing, and find what moves far. */
const steps = { finest: 2, next: 3, coarse: 6 } as const;

/** Where the pixels of two pictures lie in each other. */
export interface Flows {
  /** Where each pixel of the later one lies in the earlier one. */
  readonly back: Flow;
  /** Where each pixel of the earlier one lies in the later one, more coarsely: it is there to be compared with. */
  readonly forth: Flow;
}

/**
 * Finds where the pixels of two pictures lie in each other, to fractions of a pixel: a variational method from coarse to
 * fine (Brox, Bruhn, Papenberg and Weickert, "High accuracy optical flow estimation based on a theory for warping", 2004).
 * Time is in proportion to the pixels, up to 320 a side, and doesn't depend on what moves.
 *
 * @param earlier - a picture with values in [0, 1].
 * @param later - another one of the same size.
 * @throws RangeError for pictures of different sizes.
 */
export function opticalFlows(earlier: RgbImage, later: RgbImage): Flows {
  const { width, height } = later;
  if (earlier.width !== width || earlier.height !== height) {
    throw new RangeError(`Expected frames of one size, got ${earlier.width}×${earlier.height} and ${width}×${height}`);
  }
  const [then, now] = [pyramid(earlier), pyramid(later)];
  const sized = (flow: Flow) =>
    flow.width === width && flow.height === height ? flow : resizedFlow(flow, width, height);
  const finestForth = Math.min(1, then.length - 1);
  return { back: sized(flowFrom(now, then, 0)), forth: sized(flowFrom(then, now, finestForth)) };
}

/** Finds the flow from the pictures of one pyramid to those of another, down to a level. */
function flowFrom(from: readonly RgbImage[], to: readonly RgbImage[], finest: number): Flow {
  let flow = noFlow({ width: 1, height: 1 });
  for (let index = from.length - 1; index >= finest; index--) {
    const [level, other] = [from[index] as RgbImage, to[index] as RgbImage];
    const { width, height } = level;
    if (flow.width !== width || flow.height !== height) flow = resizedFlow(flow, width, height);
    const rounds = index === 0 ? steps.finest : index === 1 ? steps.next : steps.coarse;
    const refiner = new FlowRefiner(level, other);
    for (let step = 0; step < rounds; step++) refiner.refine(flow);
  }
  return flow;
}

/** Returns a picture at sizes from the largest at which flow is found down to a few pixels, each half as large, smoothed. */
function pyramid(picture: RgbImage): readonly RgbImage[] {
  const { width, height } = picture;
  const shrink = Math.min(1, largestFlowSide / Math.max(width, height));
  const levels: RgbImage[] = [];
  let last = picture;
  for (let factor = shrink; levels.length === 0 || factor * Math.min(width, height) >= smallestSide; factor /= 2) {
    const side = (length: number) => Math.max(1, Math.round(factor * length));
    last = resized(last, side(width), side(height));
    levels.push(smoothed(last));
  }
  return levels;
}
