import { resample } from '../../imaging/resample.js';
import type { RgbImage } from '../../imaging/rgb-image.js';
import type { Mask } from '../area/mask.js';
import type { TransferPictures } from '../pictures.js';
import { colorStatistics, recolor } from './color-statistics.js';

/** The ways to keep the content's colours, see {@link withKeptColors}. */
export const colorKeepings = ['luminance', 'match'] as const;
export type ColorKeeping = (typeof colorKeepings)[number];

/**
 * The one for people who only say that colours are to be kept. Matched colours are the content's on the whole, but appear where
 * they don't belong: a red suit's on the wall behind it.
 */
export const bestColorKeeping: ColorKeeping = 'luminance';

/** A transfer that keeps colours. */
export interface KeptColors {
  /** What it is made from, instead of the pictures themselves. */
  readonly pictures: TransferPictures;
  /** What is to be seen of a picture that it came to, of any size; a new picture with values in [0, 1]. */
  readonly restore: (picture: RgbImage) => RgbImage;
}

/**
 * The styles' strokes in the content's colours (Gatys, Bethge, Hertzmann and Shechtman, "Preserving Color in Neural Artistic
 * Style Transfer", 2016):
 * - `luminance`: only luma is transferred, of grey pictures, the styles' moved to the mean and deviation of the content's;
 *   the chroma (Cb and Cr) of the content is put back;
 * - `match`: the styles' colours are moved to the mean and covariance of the content's, by a linear map.
 *
 * @param keeping - undefined: nothing is kept, and the pictures stay what they are.
 * @param area - where the picture is styled, of the content's size: whose colours the styles' are moved to. Default: everywhere.
 */
export function withKeptColors(
  keeping: ColorKeeping | undefined,
  pictures: TransferPictures,
  area?: Mask | undefined,
): KeptColors {
  const { content } = pictures;
  const withStyles = (change: (style: RgbImage) => RgbImage) => ({
    ...pictures,
    styles: pictures.styles.map(({ picture, weight }) => ({ picture: change(picture), weight })),
  });
  switch (keeping) {
    case undefined:
      return { pictures, restore: (picture) => picture };
    case 'match': {
      const palette = colorStatistics(content, area);
      return { pictures: withStyles((style) => recolor(style, palette)), restore: (picture) => picture };
    }
    case 'luminance': {
      const grey = greyPicture(content);
      const like = spreadOf(grey, area);
      return {
        pictures: { ...withStyles((style) => levelled(greyPicture(style), like)), content: grey },
        restore: chromaRestorer(content),
      };
    }
  }
}

/** How much red, green and blue count in luma (ITU-R BT.601). */
const lumaWeights = [0.299, 0.587, 0.114] as const;

/** A function that gives pictures the content's chroma, and leaves them their own luma. */
function chromaRestorer(content: RgbImage): KeptColors['restore'] {
  /** At the size of the picture that was asked for last: a scale has many. */
  let scaled = content;
  return (picture) => {
    const { width, height, data } = picture;
    if (scaled.width !== width || scaled.height !== height) scaled = resample(content, width, height);
    const area = width * height;
    const restored = new Float32Array(3 * area);
    for (let pixel = 0; pixel < area; pixel++) {
      // The same step in red, green and blue moves luma by as much, and leaves chroma.
      const step = lumaAt(data, area, pixel) - lumaAt(scaled.data, area, pixel);
      for (let i = pixel; i < 3 * area; i += area) restored[i] = clamped((scaled.data[i] as number) + step);
    }
    return { width, height, data: restored };
  };
}

function greyPicture({ width, height, data }: RgbImage): RgbImage {
  const area = width * height;
  return { width, height, data: data.map((_, i) => lumaAt(data, area, i % area)) };
}

/** Mean and standard deviation of values. */
interface Spread {
  readonly mean: number;
  readonly deviation: number;
}

function spreadOf({ data }: RgbImage, area?: Mask): Spread {
  const weight = (i: number) => (area ? (area.data[i % area.data.length] as number) : 1);
  const weightSum = data.reduce((sum, _, i) => sum + weight(i), 0);
  const mean = data.reduce((sum, value, i) => sum + weight(i) * value, 0) / weightSum;
  const variance = data.reduce((sum, value, i) => sum + weight(i) * (value - mean) ** 2, 0) / weightSum;
  return { mean, deviation: Math.sqrt(variance) };
}

/** A picture with its values moved to a mean and a deviation; a flat one stays flat. */
function levelled(picture: RgbImage, to: Spread): RgbImage {
  const from = spreadOf(picture);
  const contrast = from.deviation > 0 ? to.deviation / from.deviation : 1;
  return { ...picture, data: picture.data.map((value) => clamped(to.mean + contrast * (value - from.mean))) };
}

function clamped(value: number): number {
  return Math.min(Math.max(value, 0), 1);
}

function lumaAt(data: Float32Array, area: number, pixel: number): number {
  const [red, green, blue] = lumaWeights;
  return (
    red * (data[pixel] as number) + green * (data[area + pixel] as number) + blue * (data[2 * area + pixel] as number)
  );
}
