import type { RgbImage } from '../../src/imaging/rgb-image.js';

/**
 * Returns the energy of a picture's finest detail: the mean square of what a 3×3 binomial blur takes away, over inner
 * pixels and channels. Colour noise and checkerboards raise it, blur lowers it.
 */
export function highFrequencyEnergy({ width, height, data }: RgbImage): number {
  let sum = 0;
  for (let channel = 0; channel < 3; channel++) {
    for (let y = 1; y < height - 1; y++) {
      for (let x = 1; x < width - 1; x++) {
        const i = (channel * height + y) * width + x;
        const at = (offset: number) => data[i + offset] as number;
        const edges = at(-1) + at(1) + at(-width) + at(width);
        const corners = at(-width - 1) + at(-width + 1) + at(width - 1) + at(width + 1);
        sum += (at(0) - (4 * at(0) + 2 * edges + corners) / 16) ** 2;
      }
    }
  }
  return sum / (3 * (width - 2) * (height - 2));
}
