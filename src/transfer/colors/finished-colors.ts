import type { RgbImage } from '../../imaging/rgb-image.js';
import type { Mask } from '../area/mask.js';
import type { WeightedStyle } from '../pictures.js';
import {
  blend,
  type ColorStatistics,
  colorDistance,
  colorMap,
  colorStatistics,
  withColorsMoved,
} from './color-statistics.js';

/** The value that is added to variances: a step of 255, squared. Directions in which colours spread less have no colours. */
const leastVariance = 1 / 255 ** 2;

/** A picture, and how much each of its pixels counts; without a map all count the same. */
interface CountedPicture {
  readonly picture: RgbImage;
  readonly map?: Mask | undefined;
}

/**
 * Gives a painted picture the mean and covariance of its styles' colours, which it nearly has: what differs is mostly
 * colours that the styles lack, and some contrast. Relative errors are made of what the styles have most of, so that a
 * loss hardly sees a little green in a picture of browns.
 *
 * Where painting has brought colours only part of the way from the content's to the styles', because style weighs little,
 * they go as large a part of what is left.
 *
 * @param painted - the picture, and how much each pixel counts and changes.
 * @param styles - in the size in which the picture is compared with them, with weights that add up to 1.
 * @param content - the content, of any size. Without one, colours go all of the way.
 * @returns a picture of the same size, with values clamped to [0, 1].
 */
export function withColorsOfStyles(
  { picture, map }: CountedPicture,
  styles: readonly WeightedStyle[],
  content?: CountedPicture,
): RgbImage {
  if (map && !hasCounted(map)) return picture;
  const colors = colorStatistics(picture, map, leastVariance);
  const wanted = blend(
    styles.map((style) => ({
      statistics: colorStatistics(style.picture, undefined, leastVariance),
      weight: style.weight,
    })),
  );
  const part = content ? partOfTheWay(colors, wanted, content) : 1;
  return withColorsMoved(picture, colorMap(colors, wanted), (i) => part * (map ? (map.data[i] as number) : 1));
}

/** Returns how much of the way from the content's colours to the wanted ones is done, from 0 to 1. */
function partOfTheWay(colors: ColorStatistics, wanted: ColorStatistics, { picture, map }: CountedPicture): number {
  if (map && !hasCounted(map)) return 0;
  const whole = colorDistance(colorStatistics(picture, map, leastVariance), wanted);
  return whole > 0 ? Math.max(0, 1 - colorDistance(colors, wanted) / whole) : 0;
}

function hasCounted({ data }: Mask): boolean {
  return data.some((value) => value > 0);
}
