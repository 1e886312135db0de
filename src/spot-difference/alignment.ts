import { luma } from '../imaging/plane.js';
import { crop } from '../imaging/reflect-pad.js';
import { resample } from '../imaging/resample.js';
import { clamped, type RgbImage } from '../imaging/rgb-image.js';
import { overlap, type Registration, register } from './registration.js';
import { translatedCrop } from './translated-crop.js';

/** Two pictures, cut so that they show the same content at the same positions. */
export interface AlignedPair {
  /** The part of the first picture that the second one shows, too. */
  readonly first: RgbImage;
  /** The same part of the second picture, of the size of `first`. */
  readonly second: RgbImage;
  /** Shift of the second picture against the first in pixels of this pair, as {@link Registration} has it. */
  readonly shiftX: number;
  readonly shiftY: number;
  /** Whether nothing of the first picture was found in the second; then their centres lie on each other. */
  readonly unrelated: boolean;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Sizes that both pictures are scaled to so that what they show is of the same size. */
interface Framing {
  readonly first: Size;
  readonly second: Size;
}

/** How far pictures of the same framing may be shifted, as a share of their sides. */
const largestShift = 0.1;

/** How much longer a side of one picture may be because the other was cut, as a share of the shorter side. */
const largestCut = 0.25;

/** Longest side, in pixels, at which framings are tried; no finer pictures are needed for that. */
const trialSide = 192;

/** Mismatch above which two pictures have nothing to do with each other. */
const hopeless = 0.45;

/** Fraction of a pixel below which a shift is rounded: it is noise, and interpolating blurs. */
const smallestFraction = 0.1;

/**
 * Brings two pictures to the same scale, finds the translation between them, and cuts both to what they have in common.
 * Neither is ever enlarged: the smaller one and `size` decide.
 *
 * Sizes alone don't say how pictures of different sizes belong together, so the framing that fits best is taken. Either
 * both show the same (then sides may be stretched by some percent, as rounding and careless resizing do); or they are
 * of the same width, or height, and one was cut in the other direction; or one was cut, and not resized. Where
 * proportions differ by more than a cut of 25 % explains, nothing is stretched that far: the pictures then share a
 * width or a height.
 * @param size - the longer side of both pictures at most, in pixels.
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
  // Both ways of interpolating overshoot a little next to edges.
  return {
    first: clamped(crop(a, left, top, width, height)),
    second: clamped(translatedCrop(b, left - shiftX, top - shiftY, width, height)),
    shiftX,
    shiftY,
    unrelated,
  };
}

/** Lists how two pictures may belong together, at the largest scale that enlarges neither; the likeliest first. */
function framings(first: Size, second: Size): readonly Framing[] {
  if (first.width === second.width && first.height === second.height) return [{ first, second }];
  const widthRatio = first.width / second.width;
  const heightRatio = first.height / second.height;
  const stretch = widthRatio / heightRatio;
  const choices: Framing[] = [];
  // Both may show the same, squeezed by up to some percent.
  if (Math.abs(Math.log(stretch)) < 0.08) {
    const smaller = first.width * first.height <= second.width * second.height ? first : second;
    choices.push({ first: smaller, second: smaller });
  }
  // They may be of one width, height or scale; the ratio is how many pixels of the first belong to one of the second.
  for (const ratio of [widthRatio, heightRatio, 1]) {
    const scaled = sameScale(first, second, ratio);
    const cut = Math.max(
      Math.abs(Math.log(scaled.first.width / scaled.second.width)),
      Math.abs(Math.log(scaled.first.height / scaled.second.height)),
    );
    if (cut <= Math.log(1 + largestCut) + 0.05) choices.push(scaled);
  }
  if (choices.length > 0) return choices;
  // They are hardly the same picture: the framing with the larger common part is taken.
  return [sameScale(first, second, Math.max(widthRatio, heightRatio))];
}

function sameScale(first: Size, second: Size, ratio: number): Framing {
  return ratio > 1 ? { first: scaledBy(first, 1 / ratio), second } : { first, second: scaledBy(second, ratio) };
}

function scaledBy({ width, height }: Size, factor: number): Size {
  return { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) };
}

/** Shrinks a framing so that its longest side is at most `size` pixels. */
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
    // A likelier framing is kept unless another is clearly better: both can be the same but for rounding.
    if (!best || mismatch < 0.97 * best.mismatch - 0.002) best = { framing, mismatch };
  }
  return best?.framing;
}

/** How far to look for a shift, in pixels: a cut on one side only shifts the rest by all that was cut off. */
function searchRange(first: Size, second: Size): { x: number; y: number } {
  const range = (a: number, b: number) => Math.round(largestShift * Math.min(a, b)) + Math.abs(a - b);
  return { x: range(first.width, second.width), y: range(first.height, second.height) };
}

function withoutNoise(shift: number): number {
  const whole = Math.round(shift);
  return Math.abs(shift - whole) < smallestFraction ? whole : shift;
}
