import { resample } from './resample.js';
import type { RgbImage } from './rgb-image.js';

/** How opaque each pixel of a picture is, beside its colours. */
export interface Opacity {
  readonly width: number;
  readonly height: number;
  /** From 0 for transparent to 1 for opaque, width · height values, row by row. */
  readonly data: Float32Array;
}

/** A colour as red, green and blue in [0, 1]. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** What is laid below transparency: drawings with transparency are mostly made for paper and light pages. */
export const paper: Rgb = [1, 1, 1];

/** Opacity from which on a pixel is shown where it can only be shown or not, as in a GIF. */
export const leastShown = 0.5;

/** Opacity below which a pixel's colour can't be told from what shows through: bytes are too coarse. */
const leastTold = 0.02;

/** Resamples an opacity to another size, as {@link resample} does colours, and keeps it in [0, 1]. */
export function resampleOpacity(opacity: Opacity, width: number, height: number): Opacity {
  const { data } = resample(opacity, width, height);
  return { width, height, data: data.map((value) => Math.min(Math.max(value, 0), 1)) };
}

/** Lays a picture with transparency over a colour: y = a·x + (1 − a)·c. */
export function laidOver(picture: RgbImage, opacity: Opacity, color: Rgb): RgbImage {
  return mapped(picture, opacity, color, (value, share, below) => below + (value - below) * share);
}

/**
 * Takes the colour away again that shows through a picture which was laid over it: x = (y − (1 − a)·c)/a, in [0, 1]. Else
 * soft edges would have a rim of that colour wherever the picture is shown on another one.
 */
export function liftedOff(picture: RgbImage, opacity: Opacity, color: Rgb): RgbImage {
  return mapped(picture, opacity, color, (value, share, below) => {
    if (share < leastTold) return value;
    return Math.min(Math.max(below + (value - below) / share, 0), 1);
  });
}

function mapped(
  { width, height, data }: RgbImage,
  opacity: Opacity,
  color: Rgb,
  change: (value: number, share: number, below: number) => number,
): RgbImage {
  const area = width * height;
  if (opacity.data.length !== area) {
    throw new RangeError(`Expected an opacity of ${width}×${height}, got one of ${opacity.width}×${opacity.height}`);
  }
  const changed = data.map((value, i) => {
    return change(value, opacity.data[i % area] as number, color[Math.floor(i / area)] as number);
  });
  return { width, height, data: changed };
}
