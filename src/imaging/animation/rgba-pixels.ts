import type { ColorEncoding } from '../colors/color-encoding.js';
import { layerOf, type Samples } from '../decode-samples.js';
import { liftedOff, type Opacity, paper } from '../opacity.js';
import { toBytes } from '../rgb-bytes.js';
import type { RgbImage } from '../rgb-image.js';

/** Pixels as red, green, blue and opacity, a byte each, the colours not multiplied by the opacity. */
export type RgbaPixels = Uint8Array;

/** Makes pixels of sRGB of what a decoder gave. @param encoding - what is still to be converted. */
export function rgbaOf(samples: Samples, encoding: ColorEncoding | undefined): RgbaPixels {
  if (encoding === undefined && samples.data instanceof Uint8Array) return expanded(samples.data, samples.channels);
  const { image, opacity } = layerOf(samples, encoding);
  return joined(image, opacity);
}

/** Makes pixels of a picture that lies on {@link paper}, which is lifted off where the picture isn't opaque. */
export function rgbaOfPicture(picture: RgbImage, opacity: Opacity | undefined): RgbaPixels {
  return joined(opacity ? liftedOff(picture, opacity, paper) : picture, opacity);
}

/** Returns the colours of pixels: three bytes each. */
export function rgbOf(pixels: RgbaPixels): Uint8Array {
  const colors = new Uint8Array((3 * pixels.length) / 4);
  for (let from = 0, to = 0; to < colors.length; from += 4, to += 3) {
    colors[to] = pixels[from] as number;
    colors[to + 1] = pixels[from + 1] as number;
    colors[to + 2] = pixels[from + 2] as number;
  }
  return colors;
}

function joined(image: RgbImage, opacity: Opacity | undefined): RgbaPixels {
  const rgba = expanded(toBytes(image), 3);
  if (opacity) for (const [pixel, share] of opacity.data.entries()) rgba[4 * pixel + 3] = Math.round(255 * share);
  return rgba;
}

function expanded(bytes: Uint8Array, channels: number): RgbaPixels {
  if (channels === 4) return bytes;
  const hasAlpha = channels === 2;
  const [green, blue] = channels < 3 ? [0, 0] : [1, 2];
  const rgba = new Uint8Array((4 * bytes.length) / channels);
  for (let from = 0, to = 0; to < rgba.length; from += channels, to += 4) {
    rgba[to] = bytes[from] as number;
    rgba[to + 1] = bytes[from + green] as number;
    rgba[to + 2] = bytes[from + blue] as number;
    rgba[to + 3] = hasAlpha ? (bytes[from + 1] as number) : 255;
  }
  return rgba;
}
