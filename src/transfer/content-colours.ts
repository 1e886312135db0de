import { resample } from '../imaging/resample.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import { colourStatistics, recolour } from './colour-statistics.js';

/** How much red, green and blue count in luma (ITU-R BT.601). */
const lumaWeights = [0.299, 0.587, 0.114] as const;

/**
 * A style's strokes in the content's colours (Gatys, Bethge, Hertzmann and Shechtman, "Preserving Color in Neural Artistic
 * Style Transfer", 2016). They match the style's colours to the content's before the transfer, or transfer luminance only.
 * Here it is both: after matching alone, colours that are the content's on the whole appear where they don't belong, a red
 * suit's on the wall behind it; without matching, light and dark are distributed as in the style, and too hard.
 */
export class ContentColours {
  readonly #content: RgbImage;
  /** At the size of the picture that was asked for last: a scale has many. */
  #scaled: RgbImage;

  constructor(content: RgbImage) {
    this.#content = content;
    this.#scaled = content;
  }

  /** The style to make the transfer with, in the mean and covariance of the content's colours. */
  style(style: RgbImage): RgbImage {
    return recolour(style, colourStatistics(this.#content));
  }

  /**
   * A picture that a transfer came to, of any size, with the chroma of the content (Cb and Cr) and its own luma. Values are
   * clamped to [0, 1].
   */
  restore(picture: RgbImage): RgbImage {
    const { width, height, data } = picture;
    const { data: content } = this.#contentAt(width, height);
    const area = width * height;
    const restored = new Float32Array(3 * area);
    for (let pixel = 0; pixel < area; pixel++) {
      // The same step in red, green and blue moves luma by as much, and leaves chroma.
      const step = lumaAt(data, area, pixel) - lumaAt(content, area, pixel);
      for (let i = pixel; i < 3 * area; i += area) {
        restored[i] = Math.min(Math.max((content[i] as number) + step, 0), 1);
      }
    }
    return { width, height, data: restored };
  }

  #contentAt(width: number, height: number): RgbImage {
    if (this.#scaled.width !== width || this.#scaled.height !== height) {
      this.#scaled = resample(this.#content, width, height);
    }
    return this.#scaled;
  }
}

function lumaAt(data: Float32Array, area: number, pixel: number): number {
  const [red, green, blue] = lumaWeights;
  return (
    red * (data[pixel] as number) + green * (data[area + pixel] as number) + blue * (data[2 * area + pixel] as number)
  );
}
