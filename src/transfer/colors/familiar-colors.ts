import type { RgbImage } from '../../imaging/rgb-image.js';
import type { Mask } from '../area/mask.js';
import { opponentColors } from '../pixels/opponent-colors.js';
import { colorStatistics } from './color-statistics.js';
import { power } from './matrix3.js';

const [lumaWeights] = opponentColors;

/** The value that is added to variances: two steps of 255, squared. */
const leastVariance = (2 / 255) ** 2;

/** How far, in standard deviations, a colour may be from those that are as bright and still be one of them. */
const mostDeviations = 2;

/**
 * Takes colours out of a part of a picture that the rest hasn't: each that is farther from the rest's colours of its brightness
 * than most of them are comes as near as that. Brightness stays. Painting hardly sees a little green in a picture of
 * browns, least of all in few epochs and in a small place.
 * @param familiar - how much each pixel tells of the picture's colours; some must.
 * @param part - how far each pixel's colour is changed, from 0 to 1.
 */
export function withFamiliarColors(picture: RgbImage, familiar: Mask, part: Mask): RgbImage {
  const { mean, covariance } = colorStatistics(picture, familiar, leastVariance);
  const withLuma = covariance.map((row) => dot(row, lumaWeights));
  const variance = dot(withLuma, lumaWeights);
  /** By how much each channel changes with luma, and what is left of its variance. */
  const slopes = withLuma.map((value) => value / variance);
  const rest = covariance.map((row, a) =>
    row.map((value, b) => value - (slopes[a] ?? 0) * (withLuma[b] ?? 0) + (a === b ? leastVariance : 0)),
  );
  const inverse = power(rest, -1);
  const pixels = part.data.length;
  const data = picture.data.slice();
  for (let i = 0; i < pixels; i++) {
    const share = part.data[i] as number;
    if (share === 0) continue;
    const off = [0, 1, 2].map((channel) => (data[channel * pixels + i] as number) - (mean[channel] ?? 0));
    const brighter = dot(off, lumaWeights);
    const foreign = off.map((value, channel) => value - (slopes[channel] ?? 0) * brighter);
    const distance = Math.sqrt(
      dot(
        inverse.map((row) => dot(row, foreign)),
        foreign,
      ),
    );
    if (distance <= mostDeviations) continue;
    for (const [channel, value] of foreign.entries()) {
      const at = channel * pixels + i;
      data[at] = (data[at] as number) - share * (1 - mostDeviations / distance) * value;
    }
  }
  return { ...picture, data };
}

function dot(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, value, i) => sum + value * (other[i] ?? 0), 0);
}
