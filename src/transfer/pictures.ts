import type { RgbImage } from '../imaging/rgb-image.js';
import type { Mask } from './area/mask.js';

/** The pictures that a transfer is made from. */
export interface TransferPictures {
  /** The picture that is painted, of any size. */
  readonly content: RgbImage;
  /** The picture in whose style it is painted, or several that are blended; none where there are zones. */
  readonly styles: readonly WeightedStyle[];
  /**
   * How visible each pixel of the content is, of any size, not below 0: what isn't counts in no statistics, and becomes anything.
   * Only ratios count. Default: all is.
   */
  readonly visible?: Mask | undefined;
  /** The mask of where the style goes; without one it goes everywhere. */
  readonly mask?: Mask | undefined;
  /** Parts of the picture with styles of their own, instead of styles and mask. What is in none stays as it is. */
  readonly zones?: readonly Zone[] | undefined;
}

/** A part of a picture with a style of its own, or a blend. */
export interface Zone {
  /** The mask of where it is, of the same size for all zones; where several are 1, each has an equal share. */
  readonly mask: Mask;
  readonly styles: readonly WeightedStyle[];
}

/** A style and its share in a blend. */
export interface WeightedStyle {
  /** The style's picture, of any size. */
  readonly picture: RgbImage;
  /** The style's weight, from 0 up. Only ratios count: 2 to 1 is the same as 1 to 0.5. */
  readonly weight: number;
}

/** Makes a picture the only style. */
export function singleStyle(picture: RgbImage): readonly WeightedStyle[] {
  return [{ picture, weight: 1 }];
}

/**
 * Returns the styles with weights above 0, scaled to add up to 1. A style of weight 0 is left out, so that it costs
 * nothing, and a blend with it is exactly the one without.
 * @throws RangeError for a weight that isn't a number from 0 up, and where no weight is above 0.
 */
export function normalisedStyles(styles: readonly WeightedStyle[]): readonly WeightedStyle[] {
  for (const { weight } of styles) {
    if (!(weight >= 0 && Number.isFinite(weight))) {
      throw new RangeError(`Expected the weight of a style to be a number from 0 up, got ${weight}`);
    }
  }
  const counting = styles.filter(({ weight }) => weight > 0);
  if (counting.length === 0) throw new RangeError('Expected at least one style with a weight above 0, got none');
  const sum = counting.reduce((total, { weight }) => total + weight, 0);
  return counting.map(({ picture, weight }) => ({ picture, weight: weight / sum }));
}
