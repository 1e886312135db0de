/** One scale of a coarse-to-fine transfer. */
export interface Scale {
  readonly width: number;
  readonly height: number;
  /** Optimiser steps at this scale; they may be 0 where there are fewer epochs than scales. */
  readonly epochs: number;
}

/** The options of {@link planScales}. */
export interface ScaleOptions {
  /** The longer side of the result, in pixels. */
  readonly size: number;
  /** Optimiser steps in all, over all scales. */
  readonly epochs: number;
  /** Epochs of each scale, from coarse to fine; `epochs`, `smallest` and `epochRatio` then have no effect. */
  readonly scaleEpochs?: readonly number[] | undefined;
  /** The longer side of the coarsest scale, in pixels and approximately. Default 128. */
  readonly smallest?: number;
  /** Factor by which sides grow from scale to scale. Default 2; √2 makes more scales. */
  readonly factor?: number;
  /** Ratio of the epochs of a scale to those of the next finer one. Default 1.6. */
  readonly epochRatio?: number;
}

/** Returns width and height of a picture after fitting it to a longer side, in pixels, both at least 1. */
export function fitToLongerSide(
  { width, height }: { readonly width: number; readonly height: number },
  longerSide: number,
): { width: number; height: number } {
  const scale = longerSide / Math.max(width, height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** Returns the longer side to take where there is no memory for one: 0.7 of it, which takes half, in whole 16 pixels. */
export function smallerSide(longerSide: number): number {
  return 16 * Math.floor((0.7 * longerSide) / 16);
}

/**
 * Plans the scales of a transfer. A network sees strokes of a fixed number of pixels: strokes that are painted while
 * the picture is small become large when it grows, and cost a fraction. So the coarse scales get most epochs (Gatys et
 * al. 2017, "Controlling Perceptual Factors in Neural Style Transfer", section 6).
 *
 * @returns one scale or more, from coarse to fine. The last has the result's size. Without `scaleEpochs`, it has at least
 *   one epoch, and the epochs add up to `epochs`.
 * @throws RangeError where the size, the epochs or the factor make no sense.
 */
export function planScales(
  content: { readonly width: number; readonly height: number },
  { size, epochs, scaleEpochs, smallest = 128, factor = 2, epochRatio = 1.6 }: ScaleOptions,
): readonly Scale[] {
  requireWhole('size', size, 1);
  if (!(factor > 1)) throw new RangeError(`Expected \`factor\` to be a number above 1, got ${factor}`);
  if (scaleEpochs) {
    requireScaleEpochs(scaleEpochs);
    const side = (index: number) => Math.max(1, Math.round(size / factor ** (scaleEpochs.length - 1 - index)));
    return scaleEpochs.map((share, index) => ({ ...fitToLongerSide(content, side(index)), epochs: share }));
  }
  requireWhole('epochs', epochs, 1);
  const sides = [size];
  for (let side = size / factor; side >= smallest * 0.75; side /= factor) sides.unshift(Math.round(side));
  const shares = shareOut(epochs, sides.length, epochRatio);
  return sides.map((side, index) => ({ ...fitToLongerSide(content, side), epochs: shares[index] ?? 0 }));
}

/** Shares epochs out to the scales from coarse to fine, to each `ratio` times as many as to the next. */
function shareOut(epochs: number, scales: number, ratio: number): readonly number[] {
  const shares = Array.from({ length: scales }, (_, index) => ratio ** (scales - 1 - index));
  const shareSum = shares.reduce((sum, share) => sum + share, 0);
  let given = 0;
  let owed = 0;
  return shares.map((share, index) => {
    // Rounding the running total, not each share, makes the epochs add up. One epoch is kept for the finest scale,
    // because a picture that is only enlarged is blurred.
    owed += (share / shareSum) * epochs;
    const isFinest = index === scales - 1;
    const scaleEpochs = (isFinest ? epochs : Math.min(Math.round(owed), epochs - 1)) - given;
    given += scaleEpochs;
    return scaleEpochs;
  });
}

/**
 * Returns the only scale of a picture that is made at its full size from the beginning.
 * @throws RangeError where the size or the epochs make no sense.
 */
export function singleScale(
  content: { readonly width: number; readonly height: number },
  { size, epochs }: Pick<ScaleOptions, 'size' | 'epochs'>,
): Scale {
  requireWhole('size', size, 1);
  requireWhole('epochs', epochs, 1);
  return { ...fitToLongerSide(content, size), epochs };
}

function requireScaleEpochs(scaleEpochs: readonly number[]): void {
  if (scaleEpochs.length === 0) throw new RangeError('Expected `scaleEpochs` to be of at least one scale, got none');
  for (const epochs of scaleEpochs) requireWhole('scaleEpochs', epochs, 0);
  const sum = scaleEpochs.reduce((total, epochs) => total + epochs, 0);
  requireWhole('scaleEpochs of all scales together', sum, 1);
}

function requireWhole(name: string, value: number, smallest: number): void {
  if (!(Number.isInteger(value) && value >= smallest)) {
    throw new RangeError(`Expected \`${name}\` to be a whole number from ${smallest} up, got ${value}`);
  }
}
