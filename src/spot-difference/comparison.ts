import type { RgbImage } from '../imaging/rgb-image.js';
import { type AlignedPair, align } from './alignment.js';
import { differenceMap } from './difference-map.js';
import { noiseLevel } from './noise.js';
import { type DifferingRegion, differingRegions, inReadingOrder } from './regions.js';

/**
 * How like two pictures are:
 * - `identical`: the same pixels, to the last one;
 * - `alike`: other pixels, but no difference that a person would see;
 * - `different`: the same picture with differences;
 * - `unlike`: two pictures that have nothing in common, or that differ nearly everywhere: there are no regions to tell.
 */
export const likenesses = ['identical', 'alike', 'different', 'unlike'] as const;
export type Likeness = (typeof likenesses)[number];

/** What two pictures have in common, and where they differ. */
export interface Comparison {
  readonly likeness: Likeness;
  /** The first picture, cut to what both show. */
  readonly first: RgbImage;
  /** The second picture, cut in the same way: of the same size, with its content at the same positions. */
  readonly second: RgbImage;
  /** The second picture's content lies at (x, y) where the first one's lies at (x + shiftX, y + shiftY); in pixels. */
  readonly shiftX: number;
  readonly shiftY: number;
  /** The most conspicuous differences, up to `mostRegions`, in reading order; in pixels of `first` and `second`. */
  readonly regions: readonly DifferingRegion[];
  /** Number of all differing regions, those beyond `regions` included. */
  readonly found: number;
  /** The share of the pixels that differ visibly, in [0, 1]. */
  readonly share: number;
}

/** Largest number of regions that are told: more circles hide the picture. */
export const mostRegions = 30;

/** Share of differing pixels above which pictures are unlike: people would rather look for what is the same. */
const unlikeShare = 0.5;

/**
 * Share of differing pixels above which pictures are unlike where nothing of the first was found in the second. It is
 * not 0: mere noise has nothing to be found either, and no colour to differ in.
 */
const unrelatedShare = 0.2;

/**
 * Compares two pictures as somebody who solves a puzzle would: a shift of some pixels, another size and the noise of
 * JPEG are no differences.
 * @param size - the longer side at which they are compared at most, in pixels; they are never enlarged.
 */
export function compare(first: RgbImage, second: RgbImage, size: number): Comparison {
  const pair: AlignedPair = align(first, second, size);
  const map = differenceMap(pair.first, pair.second);
  const { regions, share } = differingRegions(map, noiseLevel(map, pair.first, pair.second));
  const likeness = likenessOf(first, second, { ...pair, found: regions.length, share });
  const told = likeness === 'different' ? regions : [];
  return {
    likeness,
    first: pair.first,
    second: pair.second,
    shiftX: pair.shiftX,
    shiftY: pair.shiftY,
    regions: inReadingOrder(told.slice(0, mostRegions), map.height),
    found: told.length,
    share,
  };
}

function likenessOf(
  first: RgbImage,
  second: RgbImage,
  { unrelated, found, share }: { readonly unrelated: boolean; readonly found: number; readonly share: number },
): Likeness {
  if (isIdentical(first, second)) return 'identical';
  if (share > (unrelated ? unrelatedShare : unlikeShare)) return 'unlike';
  return found > 0 ? 'different' : 'alike';
}

function isIdentical(first: RgbImage, second: RgbImage): boolean {
  const isSameSize = first.width === second.width && first.height === second.height;
  return isSameSize && first.data.every((value, i) => value === second.data[i]);
}
