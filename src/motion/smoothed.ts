import type { RgbImage } from '../imaging/rgb-image.js';

/**
 * Smooths a picture by the binomial kernel of 3×3 pixels, beyond whose reach the border's pixels go on. Differences between
 * neighbours then tell slopes well, and noise and the dots of a GIF's few colours less.
 */
export function smoothed({ width, height, data }: RgbImage): RgbImage {
  const across = new Float32Array(data.length);
  for (let row = 0; row < data.length; row += width) {
    let left = data[row] as number;
    let value = left;
    for (let i = row; i < row + width - 1; i++) {
      const right = data[i + 1] as number;
      across[i] = 0.25 * (left + right) + 0.5 * value;
      left = value;
      value = right;
    }
    across[row + width - 1] = 0.25 * left + 0.75 * value;
  }
  const result = new Float32Array(data.length);
  const pixels = width * height;
  for (let plane = 0; plane < data.length; plane += pixels) {
    for (let y = 0; y < height; y++) {
      const row = plane + y * width;
      const above = y > 0 ? width : 0;
      const below = y < height - 1 ? width : 0;
      for (let i = row; i < row + width; i++) {
        result[i] =
          0.25 * ((across[i - above] as number) + (across[i + below] as number)) + 0.5 * (across[i] as number);
      }
    }
  }
  return { width, height, data: result };
}
