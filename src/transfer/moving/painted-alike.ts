import { boxMean, channels, type Plane } from '../../imaging/plane.js';
import type { RgbImage } from '../../imaging/rgb-image.js';

/** Radius of the surroundings that are looked at, as a share of the longer side. */
const reach = 1 / 8;

/** Variance up to which surroundings count as even: what is beside them in brightness tells nothing there. */
const evenVariance = 1e-3;

/** The least that is to be known of a pixel's surroundings, as a share of them. */
const leastKnown = 1e-2;

/**
 * Returns a picture as it would have been painted, told by its surroundings: in each, by the line that comes closest to
 * how the colours of the picture were painted where that is known (He, Sun and Tang, "Guided image filtering", 2010).
 * @param picture - what is to be changed, and from which everything was painted.
 * @param painted - what it was painted as, in the same size.
 * @param weights - how much each pixel of `painted` tells; 0 where it is not known. Where nothing is known around a pixel,
 *   the picture stays as it is.
 */
export function paintedAlike(picture: RgbImage, painted: RgbImage, weights: Plane): RgbImage {
  const { width, height } = picture;
  const radius = Math.max(1, Math.round(reach * Math.max(width, height)));
  const around = (value: (pixel: number) => number): Float32Array =>
    boxMean({ width, height, data: weights.data.map((weight, i) => weight * value(i)) }, radius).data;
  const known = around(() => 1);
  const data = picture.data.slice();
  const paintedChannels = channels(painted);
  for (const [index, { data: from }] of channels(picture).entries()) {
    const to = (paintedChannels[index] as Plane).data;
    const sums = {
      from: around((i) => from[i] as number),
      to: around((i) => to[i] as number),
      squares: around((i) => (from[i] as number) ** 2),
      products: around((i) => (from[i] as number) * (to[i] as number)),
    };
    const start = index * from.length;
    for (let i = 0; i < from.length; i++) {
      const weight = known[i] as number;
      if (weight < leastKnown) continue;
      const [meanFrom, meanTo] = [(sums.from[i] as number) / weight, (sums.to[i] as number) / weight];
      const variance = (sums.squares[i] as number) / weight - meanFrom ** 2;
      const covariance = (sums.products[i] as number) / weight - meanFrom * meanTo;
      const slope = covariance / (Math.max(variance, 0) + evenVariance);
      data[start + i] = Math.min(Math.max(meanTo + slope * ((from[i] as number) - meanFrom), 0), 1);
    }
  }
  return { width, height, data };
}
