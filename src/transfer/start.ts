import { resample } from '../imaging/resample.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import { normalNumbers } from '../random-numbers.js';
import { recolour } from './colour-statistics.js';

/** What the optimiser begins with. */
export const starts = ['recolored', 'content', 'noise', 'style'] as const;
export type Start = (typeof starts)[number];

/**
 * The picture that a transfer begins with, of the content's size: the content in the style's colours, the content as it is,
 * grey noise, or the style stretched over it.
 * @param seed - of the noise.
 */
export function startingPicture(start: Start, content: RgbImage, style: RgbImage, seed: number): RgbImage {
  switch (start) {
    case 'recolored':
      return recolour(content, style);
    case 'content':
      return content;
    case 'style':
      return resample(style, content.width, content.height);
    case 'noise': {
      const normal = normalNumbers(seed);
      const data = Float32Array.from(content.data, () => Math.min(Math.max(0.5 + 0.15 * normal(), 0), 1));
      return { width: content.width, height: content.height, data };
    }
  }
}
