import type { CodedError } from '../coded-error.js';
import { imageError } from './image-error.js';
import type { RgbImage } from './rgb-image.js';

/**
 * Converts a picture to interleaved bytes, red, green and blue of a pixel side by side: 3 · width · height bytes.
 * Values are clamped to [0, 1] and rounded to the nearest of 256 steps.
 * @throws `image/not-finite` if a value is not a finite number, as happens when an optimisation diverges: turning it
 *   into black would hide that.
 */
export function toBytes(image: RgbImage): Uint8Array {
  const { data } = image;
  const pixels = image.width * image.height;
  const bytes = new Uint8Array(3 * pixels);
  for (let channel = 0; channel < 3; channel++) {
    const plane = channel * pixels;
    for (let pixel = 0; pixel < pixels; pixel++) {
      const value = data[plane + pixel] as number;
      if (!Number.isFinite(value)) throw notFinite(value, channel, pixel, image.width);
      // The assignment cuts the fraction off, so adding a half makes it round.
      bytes[3 * pixel + channel] = value <= 0 ? 0 : value >= 1 ? 255 : value * 255 + 0.5;
    }
  }
  return bytes;
}

/**
 * Converts interleaved bytes to a picture with values in [0, 1].
 * @param channels - bytes of a pixel: 3 for RGB, 1 for grey; more bytes behind these, such as alpha, are left out.
 * @throws RangeError if there are not exactly width · height · channels bytes.
 */
export function fromBytes(bytes: Uint8Array, width: number, height: number, channels = 3): RgbImage {
  const pixels = width * height;
  if (bytes.length !== pixels * channels) {
    throw new RangeError(`Expected ${width}×${height}×${channels} = ${pixels * channels} bytes, got ${bytes.length}`);
  }
  const data = new Float32Array(3 * pixels);
  for (let channel = 0; channel < 3; channel++) {
    const plane = channel * pixels;
    const first = channels < 3 ? 0 : channel;
    for (let pixel = 0; pixel < pixels; pixel++) {
      data[plane + pixel] = (bytes[pixel * channels + first] as number) / 255;
    }
  }
  return { width, height, data };
}

function notFinite(value: number, channel: number, pixel: number, width: number): CodedError {
  return imageError(
    'not-finite',
    'The picture went astray while it was being computed; please try again with other settings.',
    { value, channel, x: pixel % width, y: Math.floor(pixel / width) },
  );
}
