import type { RgbImage } from '../../src/imaging/rgb-image.js';
import { type BorderStatistics, borderStatistics } from './border.js';
import { highFrequencyEnergy } from './high-frequency.js';

/** Measures of a painting that need no network. */
export interface PixelMeasures {
  /** The painting's high-frequency energy, divided by that of the style at the same scale. */
  readonly detail: number;
  readonly border: BorderStatistics;
}

/** Measures a painting without a network. @param style - the style as the finest scale saw it. */
export function measurePixels(painting: RgbImage, style: RgbImage): PixelMeasures {
  return {
    detail: highFrequencyEnergy(painting) / highFrequencyEnergy(style),
    border: borderStatistics(painting),
  };
}
