import { crop } from '../imaging/reflect-pad.js';
import { resample } from '../imaging/resample.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import { luma } from './plane.js';
import { overlap, type Registration, register } from './registration.js';
import { translatedCrop } from './translated-crop.js';

/** Two pictures, one on top of the other. */
export interface AlignedPair {
  /** The part of the first picture that the second one shows, too. */
  readonly first: RgbImage;
  /** That part of the second picture, of the same size, its content at the same places. */
  readonly second: RgbImage;
  /** Of the second picture against the first, in pixels of this pair. */
  readonly shiftX: number;
  readonly shiftY: number;
  /** Whether nothing of the first was found in the second; both then lie on each other by their centres. */
  readonly unrelated: boolean;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Which sizes both pictures get so that what they show is of the same size. */
interface Framing {
  readonly first: Size;
  readonly second: Size;
}

/** How far pictures of the same framing may be shifted, as a share of their sides. */
const largestShift = 0.1;

/** How much more of one picture may be cut off. */
const largestCut = 0.25;

/** Where framings are tried; finer needs not be for that. */
const trialSide = 192;

/** A mismatch above this is one of two pictures that have nothing to do with each other. */
const hopeless = 0.45;

/** A fraction below this is noise, and interpolating blurs. */
const smallestFraction = 0.1;

/**
 * Brings two pictures to the same scale, finds the translation between them, and cuts both to what they have in common.
 * None is ever enlarged: of two sizes the smaller one decides, and `size`.
 *
 * Sizes alone don't say how pictures of different sizes belong together, so whichever fits best is taken of: both show the
 * same (then sides may be stretched by some percent, as rounding and careless resizing do); they are of the same width, or
 * height, and one was cut in the other direction; or one was cut, and not resized. Where proportions differ by more than
 * a cut of 25 % explains, nothing is stretched that far: the pictures then share a width or a height.
 *
 * @param size - the longer side at most, in pixels.
 */
export function align(first: RgbImage, second: RgbImage, size: number): AlignedPair {
  const choices = framings(first, second);
  const framing = choices.length > 1 ? bestFraming(first, second, choices) : choices[0];
  if (!framing) throw new RangeError('Expected a framing');
  const sized = fitted(framing, size);
  const a = resample(first, sized.first.width, sized.first.height);
  const b = resample(second, sized.second.width, sized.second.height);
  const found = register(luma(a), luma(b), { largestShift: searchRange(a, b) });
  const unrelated = found.mismatch > hopeless;
  const shiftX = unrelated ? Math.trunc((a.width - b.width) / 2) : withoutNoise(found.shiftX);
  const shiftY = unrelated ? Math.trunc((a.height - b.height) / 2) : withoutNoise(found.shiftY);
  const { left, right, top, bottom } = overlap(a, b, shiftX, shiftY);
  const [width, height] = [right - left, bottom - top];
  return {
    first: clamped(crop(a, left, top, width, height)),
    second: clamped(translatedCrop(b, left - shiftX, top - shiftY, width, height)),
    shiftX,
    shiftY,
    unrelated,
  };
}

/** How two pictures may belong together, at the largest scale that enlarges none; the likeliest first. */
function framings(first: Size, second: Size): readonly Framing[] {
  if (first.width === second.width && first.height === second.height) return [{ first, second }];
  const widthRatio = first.width / second.width;
  const heightRatio = first.height / second.height;
  const stretch = widthRatio / heightRatio;
  const choices: Framing[] = [];
  // The same picture, squeezed by up to some percent.
  if (Math.abs(Math.log(stretch)) < 0.08) {
    const smaller = first.width * first.height <= second.width * second.height ? first : second;
    choices.push({ first: smaller, second: smaller });
  }
  // Of one width, of one height, of one scale: pixels of the first for one of the second.
  for (const ratio of [widthRatio, heightRatio, 1]) {
    const scaled = sameScale(first, second, ratio);
    const cut = Math.max(
      Math.abs(Math.log(scaled.first.width / scaled.second.width)),
      Math.abs(Math.log(scaled.first.height / scaled.second.height)),
    );
    if (cut <= Math.log(1 + largestCut) + 0.05) choices.push(scaled);
  }
  if (choices.length > 0) return choices;
  // Hardly the same picture: the framing with the larger common part.
  return [sameScale(first, second, Math.max(widthRatio, heightRatio))];
}

function sameScale(first: Size, second: Size, ratio: number): Framing {
  return ratio > 1 ? { first: scaledBy(first, 1 / ratio), second } : { first, second: scaledBy(second, ratio) };
}

function scaledBy({ width, height }: Size, factor: number): Size {
  return { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) };
}

/** A framing with its longest side shrunk to a size. */
function fitted({ first, second }: Framing, size: number): Framing {
  const factor = Math.min(1, size / Math.max(first.width, first.height, second.width, second.height));
  return factor === 1 ? { first, second } : { first: scaledBy(first, factor), second: scaledBy(second, factor) };
}

function bestFraming(first: RgbImage, second: RgbImage, choices: readonly Framing[]): Framing | undefined {
  let best: { framing: Framing; mismatch: number } | undefined;
  for (const framing of choices) {
    const sized = fitted(framing, trialSide);
    const a = luma(resample(first, sized.first.width, sized.first.height));
    const b = luma(resample(second, sized.second.width, sized.second.height));
    const { mismatch }: Registration = register(a, b, { largestShift: searchRange(a, b), subpixel: false });
    // The likelier framing has to be beaten clearly: where both are the same but for rounding, it is.
    if (!best || mismatch < 0.97 * best.mismatch - 0.002) best = { framing, mismatch };
  }
  return best?.framing;
}

/** What was cut off on one side only shifts the rest by all of it. */
function searchRange(first: Size, second: Size): { x: number; y: number } {
  const range = (a: number, b: number) => Math.round(largestShift * Math.min(a, b)) + Math.abs(a - b);
  return { x: range(first.width, second.width), y: range(first.height, second.height) };
}

function withoutNoise(shift: number): number {
  const whole = Math.round(shift);
  return Math.abs(shift - whole) < smallestFraction ? whole : shift;
}

/** Both ways of interpolating overshoot a little next to edges. */
function clamped({ width, height, data }: RgbImage): RgbImage {
  return { width, height, data: data.map((value) => Math.min(Math.max(value, 0), 1)) };
}
