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
 * Converts interleaved bytes, or numbers of 16 bits, to a picture with values in [0, 1].
 * @param channels - numbers of a pixel: 3 for RGB, 1 for grey; more behind these, such as alpha, are left out.
 * @throws RangeError if there are not exactly width · height · channels numbers.
 */
export function fromBytes(bytes: Uint8Array | Uint16Array, width: number, height: number, channels = 3): RgbImage {
  const pixels = width * height;
  if (bytes.length !== pixels * channels) {
    throw new RangeError(`Expected ${width}×${height}×${channels} = ${pixels * channels} bytes, got ${bytes.length}`);
  }
  const data = new Float32Array(3 * pixels);
  for (let channel = 0; channel < 3; channel++) {
    data.set(channelOf(bytes, channels, channels < 3 ? 0 : channel), channel * pixels);
  }
  return { width, height, data };
}

/** Returns one channel of interleaved bytes, or of numbers of 16 bits, as values in [0, 1]. */
export function channelOf(bytes: Uint8Array | Uint16Array, channels: number, channel: number): Float32Array {
  const full = bytes instanceof Uint16Array ? 65_535 : 255;
  const values = new Float32Array(bytes.length / channels);
  for (let pixel = 0; pixel < values.length; pixel++) {
    values[pixel] = (bytes[pixel * channels + channel] as number) / full;
  }
  return values;
}

function notFinite(value: number, channel: number, pixel: number, width: number): CodedError {
  return imageError(
    'not-finite',
    'The picture went astray while it was being computed; please try again with other settings.',
    { value, channel, x: pixel % width, y: Math.floor(pixel / width) },
  );
}
