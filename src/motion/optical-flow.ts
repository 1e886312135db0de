import { resample } from '../imaging/resample.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import { type Flow, largestFlowSide, noFlow, resizedFlow } from './flow.js';
import { refineFlow } from './refine-flow.js';
import { smoothed } from './smoothed.js';

/** Shorter side, in pixels, below which pictures are not halved: whatever moves must be some pixels wide there. */
const smallestSide = 10;

/** Steps at each level: those at coarse ones cost next to nothing, and find what moves far. */
const steps = { finest: 2, next: 3, coarse: 6 } as const;

/**
 * Finds where each pixel of `from` lies in `to`, to fractions of a pixel: a variational method from coarse to fine (Brox,
 * Bruhn, Papenberg and Weickert, "High accuracy optical flow estimation based on a theory for warping", 2004). Time is
 * in proportion to the pixels, up to 320 a side, and doesn't depend on what moves.
 *
 * @param from - the picture whose pixels are followed, with values in [0, 1].
 * @param to - the picture in which they are looked for, of the same size.
 * @throws RangeError for pictures of different sizes.
 */
export function opticalFlow(from: RgbImage, to: RgbImage): Flow {
  if (from.width !== to.width || from.height !== to.height) {
    throw new RangeError(`Expected frames of one size, got ${from.width}×${from.height} and ${to.width}×${to.height}`);
  }
  const levels = pyramid(from).map((level) => ({ from: smoothed(level), to: smoothed(sizedLike(to, level)) }));
  const coarsest = levels.at(-1)?.from ?? from;
  let flow = noFlow(coarsest);
  for (const [index, level] of [...levels.entries()].reverse()) {
    const { width, height } = level.from;
    if (flow.width !== width || flow.height !== height) flow = resizedFlow(flow, width, height);
    const rounds = index === 0 ? steps.finest : index === 1 ? steps.next : steps.coarse;
    for (let step = 0; step < rounds; step++) refineFlow(flow, level.from, level.to);
  }
  return flow.width === from.width && flow.height === from.height ? flow : resizedFlow(flow, from.width, from.height);
}

/** Returns a picture at sizes from the largest at which flow is found down to a few pixels, each half as large. */
function pyramid(picture: RgbImage): readonly RgbImage[] {
  const { width, height } = picture;
  const shrink = Math.min(1, largestFlowSide / Math.max(width, height));
  const levels = [resized(picture, shrink)];
  for (let factor = shrink / 2; factor * Math.min(width, height) >= smallestSide; factor /= 2) {
    levels.push(resized(picture, factor));
  }
  return levels;
}

function resized(picture: RgbImage, factor: number): RgbImage {
  const side = (length: number) => Math.max(1, Math.round(factor * length));
  return sizedLike(picture, { width: side(picture.width), height: side(picture.height) });
}

function sizedLike(picture: RgbImage, { width, height }: { readonly width: number; readonly height: number }) {
  return picture.width === width && picture.height === height ? picture : resample(picture, width, height);
}
