import type { RgbImage } from '../imaging/rgb-image.js';

/**
 * Smooths a picture by the binomial kernel of 3×3 pixels, beyond whose reach the border's pixels go on. Differences between
 * neighbours then tell slopes well, and noise and the dots of a GIF's few colours less.
 */
export function smoothed({ width, height, data }: RgbImage): RgbImage {
  const across = new Float32Array(data.length);
  for (let row = 0; row < data.length; row += width) {
    for (let x = 0; x < width; x++) {
      const left = data[row + Math.max(0, x - 1)] as number;
      const right = data[row + Math.min(width - 1, x + 1)] as number;
      across[row + x] = 0.25 * (left + right) + 0.5 * (data[row + x] as number);
    }
  }
  const result = new Float32Array(data.length);
  const pixels = width * height;
  for (let plane = 0; plane < data.length; plane += pixels) {
    for (let y = 0; y < height; y++) {
      const row = plane + y * width;
      const above = plane + Math.max(0, y - 1) * width;
      const below = plane + Math.min(height - 1, y + 1) * width;
      for (let x = 0; x < width; x++) {
        result[row + x] =
          0.25 * ((across[above + x] as number) + (across[below + x] as number)) + 0.5 * (across[row + x] as number);
      }
    }
  }
  return { width, height, data: result };
}
