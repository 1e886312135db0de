import type { RgbImage } from '../imaging/rgb-image.js';
import type { Mask } from './area/mask.js';

/** The array that a pixel loss adds its gradient to, and the weight that it multiplies the gradient by. */
export interface GradientSink {
  /** The gradient to add to, planar RGB as the picture. */
  readonly gradient: Float32Array;
  readonly weight: number;
}

/** The size of the picture that a part belongs to. */
type WholeSize = Pick<RgbImage, 'width' | 'height'>;

/**
 * Computes the total variation, which is small for smooth pictures: mean(dx²) + mean(dy²), the mean squared difference
 * between horizontal and between vertical neighbours.
 *
 * @param sink - the sink to whose gradient weight · ∂TV/∂pixel is added.
 * @param whole - the size of the picture over which means are taken, where this is a part of it. Default: it is all.
 * @returns the unweighted loss, with values in [0, 1] squared as its unit; of a part, its share in the whole's.
 */
export function totalVariation(
  picture: RgbImage,
  { gradient, weight }: GradientSink,
  whole: WholeSize = picture,
): number {
  const { width, height, data } = picture;
  const pairsAcross = 3 * whole.height * Math.max(1, whole.width - 1);
  const pairsDown = 3 * Math.max(1, whole.height - 1) * whole.width;
  const acrossScale = (2 * weight) / pairsAcross;
  const downScale = (2 * weight) / pairsDown;
  let across = 0;
  let down = 0;
  for (let channel = 0; channel < 3; channel++) {
    for (let y = 0; y < height; y++) {
      const row = (channel * height + y) * width;
      // Differences from the left and upper neighbours pull a pixel back, those from the right and lower ones, forth.
      const above = y > 0 ? width : 0;
      const below = y < height - 1 ? width : 0;
      const last = row + width - 1;
      let left = 0;
      let value = data[row] as number;
      // The last pixel of a row has no right neighbour. Asked for each, that takes longer than all the rest.
      for (let i = row; i < last; i++) {
        const next = data[i + 1] as number;
        const right = next - value;
        const upper = value - (data[i - above] as number);
        const lower = (data[i + below] as number) - value;
        across += right * right;
        down += lower * lower;
        gradient[i] = (gradient[i] as number) + acrossScale * (left - right) + downScale * (upper - lower);
        left = right;
        value = next;
      }
      const upper = value - (data[last - above] as number);
      const lower = (data[last + below] as number) - value;
      down += lower * lower;
      gradient[last] = (gradient[last] as number) + acrossScale * left + downScale * (upper - lower);
    }
  }
  return across / pairsAcross + down / pairsDown;
}

/**
 * Computes the box penalty, the mean squared distance to [0, 1], which is zero for a picture that can be shown. It
 * keeps pixels in range. Clamping them between evaluations would falsify the curvature that L-BFGS learns.
 *
 * @param sink - the sink to whose gradient weight · ∂penalty/∂pixel is added.
 * @param whole - the size of the picture over which the mean is taken, where this is a part of it. Default: it is all.
 * @returns the unweighted penalty; of a part, its share in the whole's.
 */
export function boxPenalty(picture: RgbImage, { gradient, weight }: GradientSink, whole: WholeSize = picture): number {
  const { data } = picture;
  const count = 3 * whole.width * whole.height;
  const scale = (2 * weight) / count;
  let sum = 0;
  for (let i = 0; i < data.length; i++) {
    const value = data[i] as number;
    if (value >= 0 && value <= 1) continue;
    const outside = value < 0 ? value : value - 1;
    sum += outside * outside;
    gradient[i] = (gradient[i] as number) + scale * outside;
  }
  return sum / count;
}

/** A picture that another one is to look like, as far as it counts at each pixel. */
export interface TemporalTarget {
  /** The frame before, moved to where things are now. */
  readonly picture: RgbImage;
  /** Weights of the pixels in [0, 1], in the picture's size: 0 where nothing is known of the frame before. */
  readonly map: Mask;
}

/**
 * Returns a function that computes how much a frame differs from the one before where that is known: Σ m(x − w)²/Σ w², with
 * the map m and the moved frame w (Ruder, Dosovitskiy and Brox 2016, equation 7, in a relative form). All pixels are in the
 * denominator, so that a pixel's part doesn't depend on how many others count. The function adds weight · ∂error/∂pixel to
 * its sink's gradient, and returns the unweighted error.
 */
export function temporalError({ picture: { data: before }, map }: TemporalTarget) {
  let size = 0;
  for (const value of before) size += value * value;
  // A frame that was black has no size to measure by; a hundredth of the brightest takes its place.
  size = Math.max(size, 0.01 * before.length);
  const pixels = map.data.length;
  return ({ data }: RgbImage, { gradient, weight }: GradientSink): number => {
    const scale = (2 * weight) / size;
    let error = 0;
    for (let channel = 0; channel < data.length; channel += pixels) {
      for (let pixel = 0, i = channel; pixel < pixels; pixel++, i++) {
        const difference = (data[i] as number) - (before[i] as number);
        const counted = (map.data[pixel] as number) * difference;
        error += counted * difference;
        gradient[i] = (gradient[i] as number) + scale * counted;
      }
    }
    return error / size;
  };
}
