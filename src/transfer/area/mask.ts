import { resampleSoftly } from '../../imaging/resample.js';
import type { RgbImage } from '../../imaging/rgb-image.js';

/** A mask says where a picture is styled. */
export interface Mask {
  readonly width: number;
  readonly height: number;
  /** The mask's values row by row, width · height numbers from 0 for untouched to 1 for styled. */
  readonly data: Float32Array;
}

/** How far pixels of a mask may be from black or white, in [0, 1], and still count as such: JPEG leaves noise there. */
const levelTolerance = 0.06;

/**
 * Makes a mask of a picture in which white is styled, black is not, and greys are in between. Where a picture is
 * transparent in part, somebody has painted on an empty layer. What is painted in one colour is styled, whatever colour
 * it is, and the empty part is not; but black stays black, and then the empty part is styled. Where colours vary, the
 * empty part is black below light ones, and white below dark ones.
 *
 * @param alpha - from 0 for transparent to 1 for opaque, for each pixel; undefined: the picture is opaque.
 */
export function maskFromPicture({ width, height, data }: RgbImage, alpha?: Float32Array): Mask {
  const area = width * height;
  const brightness = Float32Array.from(
    { length: area },
    (_, i) => ((data[i] as number) + (data[area + i] as number) + (data[2 * area + i] as number)) / 3,
  );
  const values = alpha?.some((opacity) => opacity < 1 - levelTolerance)
    ? onEmptyLayer(brightness, alpha, isOneColor(data, alpha))
    : brightness;
  const levelled = (value: number) => (value - levelTolerance) / (1 - 2 * levelTolerance);
  return { width, height, data: values.map((value) => Math.min(Math.max(levelled(value), 0), 1)) };
}

function onEmptyLayer(brightness: Float32Array, alpha: Float32Array, oneColor: boolean): Float32Array {
  const painted = alpha.reduce((sum, opacity) => sum + opacity, 0);
  if (painted === 0) return alpha;
  const mean = brightness.reduce((sum, value, i) => sum + value * (alpha[i] as number), 0) / painted;
  if (oneColor) return mean < levelTolerance ? alpha.map((opacity) => 1 - opacity) : alpha;
  const empty = mean > 0.5 ? 0 : 1;
  return brightness.map((value, i) => empty + (value - empty) * (alpha[i] as number));
}

/** Whether the pixels that are at least half as opaque as the most opaque one have one colour, but for noise. */
function isOneColor(data: Float32Array, alpha: Float32Array): boolean {
  const visible = alpha.reduce((most, opacity) => Math.max(most, opacity), 0) / 2;
  return [0, 1, 2].every((channel) => {
    const values = data.subarray(channel * alpha.length, (channel + 1) * alpha.length);
    let [least, most] = [1, 0];
    for (const [i, value] of values.entries()) {
      if ((alpha[i] as number) < visible) continue;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    return most - least < 2 * levelTolerance;
  });
}

/**
 * Resizes a mask. Each value is a mean with weights that fall off with the distance, so that it stays in [0, 1] and
 * edges don't ring, as they do with the kernels for pictures.
 */
export function resizeMask(mask: Mask, width: number, height: number): Mask {
  if (mask.width === width && mask.height === height) return mask;
  return resampleSoftly(mask, width, height);
}
