import type { WeightMap } from '../engine/engine.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import { blurred } from './area/blur.js';
import type { Mask } from './area/mask.js';

/** The distance around structure that is protected with it, as a share of the picture's longer side. */
const reach = 0.015;

/**
 * Weighs the content: more at fine structure, such as faces, and less in flat parts, which are left to the style.
 *
 *     w = 1 − s + s·q    with    q = √e / mean(√e),    e = Σ_RGB dx² + dy², blurred
 *
 * for a strength s. It takes the root of the gradient's energy e: with e itself, a few hard edges would have all the
 * weight, and a face, which has soft ones, none. The mean of w is 1 at every strength, so that protection moves the
 * content's weight about without raising it.
 *
 * @param strength - the strength, from 0, which protects everything alike, to 1.
 * @param area - where the picture is styled. Means are taken over it, and w is multiplied by it. Default: everywhere.
 */
export function protectionMap(content: RgbImage, strength: number, area?: Mask): WeightMap {
  const { width, height } = content;
  const radius = Math.max(1, Math.round(reach * Math.max(width, height)));
  const roots = blurred(gradientEnergy(content), width, radius).map(Math.sqrt);
  const share = (i: number) => (area ? (area.data[i] as number) : 1);
  let [sum, shares] = [0, 0];
  for (let i = 0; i < roots.length; i++) {
    sum += share(i) * (roots[i] as number);
    shares += share(i);
  }
  const mean = sum / shares;
  const data = new Float32Array(roots.length).map((_, i) => {
    const relative = mean > 0 ? (roots[i] as number) / mean : 1;
    return share(i) * (1 - strength + strength * relative);
  });
  return { width, height, data };
}

/** Computes each pixel's squared differences to the next one, across and down, summed over the colours. */
function gradientEnergy({ width, height, data }: RgbImage): Float64Array {
  const area = width * height;
  const energy = new Float64Array(area);
  for (let channel = 0; channel < 3; channel++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const pixel = y * width + x;
        const i = channel * area + pixel;
        const value = data[i] as number;
        const across = x < width - 1 ? (data[i + 1] as number) - value : 0;
        const down = y < height - 1 ? (data[i + width] as number) - value : 0;
        energy[pixel] = (energy[pixel] as number) + across * across + down * down;
      }
    }
  }
  return energy;
}
