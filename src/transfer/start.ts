import { resample } from '../imaging/resample.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import { normalNumbers } from '../random-numbers.js';
import type { Mask } from './area/mask.js';
import { blend, colorStatistics, recolor } from './colors/color-statistics.js';
import type { WeightedStyle } from './pictures.js';

/** The kinds of pictures that the optimiser can begin with. */
export const starts = ['recolored', 'content', 'noise', 'style'] as const;
export type Start = (typeof starts)[number];

/**
 * Makes the picture that a transfer begins with, in the content's size: the content in the styles' colours, the content
 * as it is, grey noise, or the styles stretched to that size.
 * @param styles - the styles, with weights that add up to 1.
 * @param options.seed - the seed of the noise.
 * @param options.area - where the picture is styled, and so is to have the styles' colours. Default: everywhere.
 */
export function startingPicture(
  start: Start,
  content: RgbImage,
  styles: readonly WeightedStyle[],
  { seed, area }: { readonly seed: number; readonly area?: Mask | undefined },
): RgbImage {
  switch (start) {
    case 'recolored':
      return recolor(
        content,
        blend(styles.map(({ picture, weight }) => ({ statistics: colorStatistics(picture), weight }))),
        area,
      );
    case 'content':
      return content;
    case 'style':
      return stretched(styles, content);
    case 'noise':
      return greyNoise(content, seed);
  }
}

/** Makes noise around a middle grey, with values in [0, 1]; the same seed gives the same noise. */
export function greyNoise(
  { width, height }: { readonly width: number; readonly height: number },
  seed: number,
): RgbImage {
  const normal = normalNumbers(seed);
  const data = Float32Array.from({ length: 3 * width * height }, () => Math.min(Math.max(0.5 + 0.15 * normal(), 0), 1));
  return { width, height, data };
}

/** Stretches pictures to one size, and lays them over one another with their weights. */
function stretched(styles: readonly WeightedStyle[], { width, height }: RgbImage): RgbImage {
  const data = new Float32Array(3 * width * height);
  for (const { picture, weight } of styles) {
    const layer = resample(picture, width, height).data;
    for (let i = 0; i < data.length; i++) data[i] = (data[i] as number) + weight * (layer[i] as number);
  }
  return { width, height, data };
}
