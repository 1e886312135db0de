import type { RgbImage } from '../../imaging/rgb-image.js';
import { blurred } from './blur.js';
import { type Mask, resizeMask } from './mask.js';

/** Width of the seam in which zones pass into one another, as a share of the picture's longer side. */
const seamShare = 0.02;

/**
 * Computes how much each zone has of each pixel, with soft seams.
 * @param masks - where the zones are, all of one size, which are stretched over the picture.
 * @param feather - width of the seams in pixels; 0 leaves them sharp. Default: 2 % of the longer side.
 * @returns shares in the picture's size, which add up to 1 at every pixel, also where no zone is.
 */
export function zoneShares(
  masks: readonly Mask[],
  { width, height }: { readonly width: number; readonly height: number },
  feather = seamShare * Math.max(width, height),
): readonly Mask[] {
  const radius = Math.round(feather / 4);
  const soft = masks.map((mask) => {
    const { data } = resizeMask(mask, width, height);
    return radius > 0 ? blurred(Float64Array.from(data), width, radius) : Float64Array.from(data);
  });
  const sums = new Float64Array(width * height);
  for (const data of soft) for (const [i, value] of data.entries()) sums[i] = (sums[i] as number) + value;
  return soft.map((data) => {
    const shares = new Float32Array(data.length).map((_, i) => {
      const sum = sums[i] as number;
      return sum > 0 ? (data[i] as number) / sum : 1 / masks.length;
    });
    return { width, height, data: shares };
  });
}

/** Returns the mask of all zones together. */
export function unionOf(masks: readonly Mask[]): Mask {
  const [first] = masks;
  if (!first) throw new RangeError('Expected at least one mask, got none');
  const { width, height } = first;
  const data = first.data.map((_, i) => masks.reduce((most, mask) => Math.max(most, mask.data[i] as number), 0));
  return { width, height, data };
}

/** Returns the product of two masks of one size. */
export function within(mask: Mask, area: Mask | undefined): Mask {
  if (!area) return mask;
  return { ...mask, data: mask.data.map((value, i) => value * (area.data[i] as number)) };
}

/** Makes one picture of several of the same size, each with its share of every pixel. */
export function patchwork(pictures: readonly RgbImage[], shares: readonly Mask[]): RgbImage {
  const [first] = pictures;
  if (!first) throw new RangeError('Expected at least one picture, got none');
  const area = first.width * first.height;
  const data = first.data.map((_, i) =>
    pictures.reduce((sum, picture, index) => {
      return sum + (shares[index]?.data[i % area] ?? Number.NaN) * (picture.data[i] as number);
    }, 0),
  );
  return { ...first, data };
}
