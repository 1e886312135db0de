import type { WeightMap } from '../../engine/engine.js';
import type { RgbImage } from '../../imaging/rgb-image.js';
import type { ColorKeeping } from '../colors/content-colors.js';
import type { WeightedStyle } from '../pictures.js';
import { finestDetail } from './finest-detail.js';
import { opponentColors } from './opponent-colors.js';
import { roundingVariance } from './patch-statistics.js';

/** Brightness, and the two colours that have none. */
const [brightness, ...chromaColors] = opponentColors;

/** What a picture is red, green and blue of, by what it is of the two chroma colours; brightness stays as it is. */
const rgbOfChroma = [
  [0, -0.344136, 1.772],
  [1.402, -0.714136, 0],
] as const;

/**
 * Takes noise of colours out of a painted picture: where the finest detail of a chroma colour has more energy beside
 * that of brightness than the styles have, so much of it goes that it has as much. Where brightness has more than the
 * styles, it is no excuse for more colour. A loss term for this would have to be strong where a style has next to no
 * colour in its finest detail, and optimisers would see little else.
 *
 * @param styles - in the size in which the picture is compared with them, with weights that add up to 1.
 * @param map - how much each pixel counts and changes; without it all do.
 * @returns a new picture, whose values may leave [0, 1]; brightness is the same to rounding.
 */
export function withoutChromaNoise(picture: RgbImage, styles: readonly WeightedStyle[], map?: WeightMap): RgbImage {
  const ofStyles = (color: Shares) =>
    styles.reduce((sum, style) => sum + style.weight * energyOf(style.picture, color), roundingVariance);
  const share = Math.min(1, (energyOf(picture, brightness, map) + roundingVariance) / ofStyles(brightness));
  const data = picture.data.slice();
  const pixels = picture.width * picture.height;
  for (const [index, color] of chromaColors.entries()) {
    const detail = finestDetail(mixed(picture, color));
    const finer = finestDetail(detail);
    const part = partToTake(
      {
        constant: meanProduct(detail, detail, map) + roundingVariance,
        linear: -2 * meanProduct(detail, finer, map),
        square: meanProduct(finer, finer, map),
      },
      share * ofStyles(color),
    );
    if (part === 0) continue;
    for (const [channel, amount] of (rgbOfChroma[index] ?? []).entries()) {
      for (let i = 0; i < pixels; i++) {
        const counts = map ? (map.data[i] as number) : 1;
        const at = channel * pixels + i;
        data[at] = (data[at] as number) - part * amount * counts * (detail.data[i] as number);
      }
    }
  }
  return { ...picture, data };
}

/** Tells whether a transfer paints colours that may have noise: only brightness is kept where the content's come back. */
export function hasPaintedColors({
  weights,
  keepColors,
}: {
  readonly weights: { readonly style: number; readonly pixels: number };
  readonly keepColors?: ColorKeeping | undefined;
}): boolean {
  return weights.style > 0 && weights.pixels > 0 && keepColors !== 'luminance';
}

/** How much red, green and blue are in a colour. */
type Shares = readonly [number, number, number];

/** Returns one colour of a picture. */
function mixed({ width, height, data }: RgbImage, [red, green, blue]: Shares): WeightMap {
  const pixels = width * height;
  const plane = new Float32Array(pixels);
  for (let i = 0; i < pixels; i++) {
    const ofGreenAndBlue = green * (data[pixels + i] as number) + blue * (data[2 * pixels + i] as number);
    plane[i] = red * (data[i] as number) + ofGreenAndBlue;
  }
  return { width, height, data: plane };
}

function energyOf(picture: RgbImage, color: Shares, map?: WeightMap): number {
  const detail = finestDetail(mixed(picture, color));
  return meanProduct(detail, detail, map);
}

/** Returns the mean of the products of two planes' values, in which each pixel counts as the map says. */
function meanProduct(a: WeightMap, b: WeightMap, map: WeightMap | undefined): number {
  let sum = 0;
  let counted = 0;
  for (let i = 0; i < a.data.length; i++) {
    const counts = map ? (map.data[i] as number) : 1;
    sum += counts * (a.data[i] as number) * (b.data[i] as number);
    counted += counts;
  }
  return counted > 0 ? sum / counted : 0;
}

/** The energy that is left when a part of the finest detail is taken away: constant + linear · part + square · part². */
interface LeftEnergy {
  readonly constant: number;
  readonly linear: number;
  readonly square: number;
}

/** Returns the least part, from 0 to 1, that leaves no more energy than wanted, or as little as can be. */
function partToTake({ constant, linear, square }: LeftEnergy, wanted: number): number {
  if (constant <= wanted || square === 0) return 0;
  const discriminant = linear ** 2 - 4 * square * (constant - wanted);
  return Math.min(1, (-linear - Math.sqrt(Math.max(0, discriminant))) / (2 * square));
}
