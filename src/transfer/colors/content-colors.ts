import { resample } from '../../imaging/resample.js';
import type { RgbImage } from '../../imaging/rgb-image.js';
import type { Mask } from '../area/mask.js';
import type { TransferPictures } from '../pictures.js';
import { colorStatistics, recolor } from './color-statistics.js';

/** The ways to keep the content's colours, which {@link withKeptColors} explains. */
export const colorKeepings = ['luminance', 'match'] as const;
export type ColorKeeping = (typeof colorKeepings)[number];

/**
 * The way of keeping colours for people who name none. Matched colours are the content's on the whole, but appear where
 * they don't belong: a red suit's on the wall behind it.
 */
export const bestColorKeeping: ColorKeeping = 'luminance';

/** The changes that make a transfer keep colours. */
export interface KeptColors {
  /** The pictures to make the transfer from, instead of the original ones. */
  readonly pictures: TransferPictures;
  /** Gives a picture of the transfer, of any size, the kept colours. Returns a picture with values in [0, 1]. */
  readonly restore: (picture: RgbImage) => RgbImage;
}

/**
 * Makes a transfer give the styles' strokes in the content's colours (Gatys, Bethge, Hertzmann and Shechtman,
 * "Preserving Color in Neural Artistic Style Transfer", 2016):
 * - `luminance`: only luma is transferred, by grey pictures, the styles' moved to the mean and deviation of the
 *   content's; the content's chroma (Cb and Cr) is put back;
 * - `match`: the styles' colours are moved to the mean and covariance of the content's, by a linear map.
 *
 * @param keeping - the way of keeping colours; undefined keeps none and leaves the pictures as they are.
 * @param area - where the picture is styled, in the content's size; the styles' colours are moved to those of the
 *   content there. Default: everywhere.
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

/** The weights of red, green and blue in luma (ITU-R BT.601). */
const lumaWeights = [0.299, 0.587, 0.114] as const;

/** Returns a function that gives pictures the content's chroma, and leaves them their own luma. */
function chromaRestorer(content: RgbImage): KeptColors['restore'] {
  /** The content at the size of the last picture; it is kept because a scale has many pictures. */
  let scaled = content;
  return (picture) => {
    const { width, height, data } = picture;
    if (scaled.width !== width || scaled.height !== height) scaled = resample(content, width, height);
    const area = width * height;
    const restored = new Float32Array(3 * area);
    for (let pixel = 0; pixel < area; pixel++) {
      // An equal step in red, green and blue moves luma by as much, and leaves chroma as it is.
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

/** The mean and standard deviation of a picture's values. */
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

/** Moves a picture's values to a mean and a deviation; a flat picture stays flat. */
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
