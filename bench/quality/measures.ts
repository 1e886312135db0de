import type { RgbImage } from '../../src/imaging/rgb-image.js';
import { type BorderStatistics, borderStatistics } from './border.js';
import { highFrequencyEnergy } from './high-frequency.js';

/** What can be told of a painting without a network. */
export interface PixelMeasures {
  /** High-frequency energy, relative to the style's at the same scale. */
  readonly detail: number;
  readonly border: BorderStatistics;
}

/** @param style - as the finest scale saw it. */
export function measurePixels(painting: RgbImage, style: RgbImage): PixelMeasures {
  return {
    detail: highFrequencyEnergy(painting) / highFrequencyEnergy(style),
    border: borderStatistics(painting),
  };
}
