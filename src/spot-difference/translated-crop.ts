import { crop } from '../imaging/reflect-pad.js';
import type { RgbImage } from '../imaging/rgb-image.js';

/**
 * Cuts out the part of a picture that begins at (left, top), `width` by `height` pixels. The corner may lie between
 * pixels: then values are interpolated with Catmull-Rom splines, with the border repeated, and may leave [0, 1] a
 * little next to edges.
 */
export function translatedCrop(image: RgbImage, left: number, top: number, width: number, height: number): RgbImage {
  if (Number.isInteger(left) && Number.isInteger(top)) return crop(image, left, top, width, height);
  const column = Math.floor(left);
  const row = Math.floor(top);
  const across = catmullRomWeights(left - column);
  const down = catmullRomWeights(top - row);
  const data = new Float32Array(3 * width * height);
  /** The weighted sum of four rows of the picture. */
  const line = new Float32Array(image.width);
  for (let channel = 0; channel < 3; channel++) {
    for (let y = 0; y < height; y++) {
      line.fill(0);
      for (const [tap, weight] of down) {
        const source = (channel * image.height + clamp(row + y + tap, image.height)) * image.width;
        for (let x = 0; x < image.width; x++) {
          line[x] = (line[x] as number) + weight * (image.data[source + x] as number);
        }
      }
      const target = (channel * height + y) * width;
      for (let x = 0; x < width; x++) {
        let sum = 0;
        for (const [tap, weight] of across) sum += weight * (line[clamp(column + x + tap, image.width)] as number);
        data[target + x] = sum;
      }
    }
  }
  return { width, height, data };
}

/** Weights of the samples at −1, 0, 1 and 2 for a value at `t`, between 0 and 1; weights of 0 are left out. */
function catmullRomWeights(t: number): readonly (readonly [tap: number, weight: number])[] {
  const weights = [
    ((-0.5 * t + 1) * t - 0.5) * t,
    (1.5 * t - 2.5) * t * t + 1,
    ((-1.5 * t + 2) * t + 0.5) * t,
    (0.5 * t - 0.5) * t * t,
  ];
  return weights.flatMap((weight, index) => (weight === 0 ? [] : [[index - 1, weight] as const]));
}

function clamp(index: number, length: number): number {
  return Math.min(Math.max(index, 0), length - 1);
}
