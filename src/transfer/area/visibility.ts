import { type Mask, resizeMask } from './mask.js';

/**
 * Returns how visible each pixel of a picture is beside the most visible one, from 0 to 1: a picture that is half transparent
 * everywhere is painted as if it were opaque.
 *
 * @param area - where the picture is styled, in its size. Default: everywhere.
 * @param visible - how visible its pixels are, of any size; it is stretched over the picture.
 * @returns undefined where nothing that is styled is visible: all of it counts then, so that there is something to paint.
 */
export function visibilityWithin(
  area: Mask | undefined,
  visible: Mask,
  { width, height }: { readonly width: number; readonly height: number },
): Mask | undefined {
  const { data } = resizeMask(visible, width, height);
  const most = data.reduce((greatest, value, i) => (area?.data[i] === 0 ? greatest : Math.max(greatest, value)), 0);
  return most > 0 ? { width, height, data: data.map((value) => Math.min(value / most, 1)) } : undefined;
}
