import type { WeightMap } from '../../src/engine/engine.js';
import type { RgbImage } from '../../src/imaging/rgb-image.js';
import { uniformNumbers } from '../../src/random-numbers.js';

/** Makes a picture of noise, uniform in [0.05, 0.95]; the same seed gives the same picture. */
export function noisePicture(width: number, height: number, seed: number): RgbImage {
  const uniform = uniformNumbers(seed);
  return { width, height, data: Float32Array.from({ length: 3 * width * height }, () => 0.05 + 0.9 * uniform()) };
}

/**
 * Makes a picture of three waves a channel around 0.5, up to four periods across and down; a seed gives one picture.
 */
export function wavyPicture(width: number, height: number, seed: number): RgbImage {
  const uniform = uniformNumbers(seed);
  const data = new Float32Array(3 * width * height).fill(0.5);
  for (let channel = 0; channel < 3; channel++) {
    for (let wave = 0; wave < 3; wave++) {
      const [across, down, phase] = [4 * uniform(), 4 * uniform(), uniform()];
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const turns = (across * x) / width + (down * y) / height + phase;
          const i = (channel * height + y) * width + x;
          data[i] = (data[i] ?? 0) + 0.15 * Math.sin(2 * Math.PI * turns);
        }
      }
    }
  }
  return { width, height, data };
}

/** Makes a weight map of waves, in which the lower third of values is zero; the same seed gives the same map. */
export function wavyMap(width: number, height: number, seed: number): WeightMap {
  const { data } = wavyPicture(width, height, seed);
  return { width, height, data: data.slice(0, width * height).map((value) => Math.max(0, 3 * value - 1)) };
}
