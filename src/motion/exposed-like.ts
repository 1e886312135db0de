import type { RgbImage } from '../imaging/rgb-image.js';

/** The most that contrast is changed, as a factor: beyond it, one of two pictures shows next to nothing. */
const largestGain = 2;

/**
 * Returns a picture in the light of another one, so that both can be compared across a flash, a fade or a light that gets
 * warmer: each of its channels gets that one's mean and standard deviation. Values may leave [0, 1].
 */
export function exposedLike(picture: RgbImage, other: RgbImage): RgbImage {
  const pixels = picture.width * picture.height;
  const data = new Float32Array(3 * pixels);
  for (let from = 0; from < data.length; from += pixels) {
    const channel = picture.data.subarray(from, from + pixels);
    const [own, wanted] = [exposure(channel), exposure(other.data.subarray(from, from + pixels))];
    const ratio = own.deviation > 0 ? wanted.deviation / own.deviation : 1;
    const gain = Math.min(Math.max(ratio, 1 / largestGain), largestGain);
    for (let i = 0; i < pixels; i++) data[from + i] = wanted.mean + gain * ((channel[i] as number) - own.mean);
  }
  return { ...picture, data };
}

/** Share of two pictures' difference, by its squares, that another exposure leaves at most where it is what changed. */
const leftByExposure = 0.5;

/**
 * Returns the earlier of two pictures in the exposure of the later one where that is most of their difference, else as it
 * is: flows take it for granted that what moves stays as bright as it was.
 */
export function asExposedLater(earlier: RgbImage, later: RgbImage): RgbImage {
  const exposed = exposedLike(earlier, later);
  return squaredDifference(exposed, later) < leftByExposure * squaredDifference(earlier, later) ? exposed : earlier;
}

function squaredDifference({ data: one }: RgbImage, { data: other }: RgbImage): number {
  return one.reduce((sum, value, i) => sum + (value - (other[i] as number)) ** 2, 0);
}

/** Returns the mean and the standard deviation of a channel. */
function exposure(channel: Float32Array): { readonly mean: number; readonly deviation: number } {
  const mean = channel.reduce((sum, value) => sum + value, 0) / channel.length;
  const variance = channel.reduce((sum, value) => sum + (value - mean) ** 2, 0) / channel.length;
  return { mean, deviation: Math.sqrt(variance) };
}
