import type { RgbImage } from '../../src/imaging/rgb-image.js';

/** Draws a picture by a function of the pixel's coordinates, which returns red, green and blue in [0, 1]. */
export function draw(
  width: number,
  height: number,
  color: (x: number, y: number) => readonly [number, number, number],
): RgbImage {
  const data = new Float32Array(3 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (const [channel, value] of color(x, y).entries()) data[(channel * height + y) * width + x] = value;
    }
  }
  return { width, height, data };
}

/** Draws a smooth picture, different in every direction, corner and channel, so that turned or swapped ones differ. */
export function gradient(width: number, height: number): RgbImage {
  return draw(width, height, (x, y) => [x / (width - 1), y / (height - 1), (0.5 * (x + 2 * y)) / (width + 2 * height)]);
}

/** Draws blocks of 4×4 pixels in colours of noise; the same seed gives the same picture. */
export function mosaic(width: number, height: number, seed = 1): RgbImage {
  const noise = (value: number) => (((Math.sin(value * 12.9898 + seed * 78.233) * 43_758.5453) % 1) + 1) % 1;
  return draw(width, height, (x, y) => {
    const tile = (x >> 2) + 1000 * (y >> 2);
    return [noise(tile), noise(tile + 0.3), noise(tile + 0.6)];
  });
}

export function pixelAt(image: RgbImage, x: number, y: number): readonly number[] {
  return [0, 1, 2].map((channel) => image.data[(channel * image.height + y) * image.width + x] ?? Number.NaN);
}

/** Returns the mean absolute difference of all values; infinite if the sizes differ. */
export function meanDifference(a: RgbImage, b: RgbImage): number {
  if (a.width !== b.width || a.height !== b.height) return Number.POSITIVE_INFINITY;
  return a.data.reduce((sum, value, index) => sum + Math.abs(value - (b.data[index] ?? 0)), 0) / a.data.length;
}

/** Returns the largest absolute difference of all values; infinite if the sizes differ. */
export function largestDifference(a: RgbImage, b: RgbImage): number {
  if (a.width !== b.width || a.height !== b.height) return Number.POSITIVE_INFINITY;
  return a.data.reduce((largest, value, index) => Math.max(largest, Math.abs(value - (b.data[index] ?? 0))), 0);
}

export function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
