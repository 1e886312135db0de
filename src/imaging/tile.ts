import { crop, type Margins } from './reflect-pad.js';
import { resample } from './resample.js';
import type { RgbImage } from './rgb-image.js';

/* A tile is a picture that goes on at each edge with the opposite edge, as the tiles of one wall do. */

/** Reach of the kernels of {@link resample} in samples of the coarser side, plus one sample. */
const kernelReach = 4;

/**
 * Adds margins in which a tile goes on (numpy's `wrap`). With two more values on either side, the row 0 1 2 3 is
 * 2 3 0 1 2 3 0 1. Margins may be larger than the tile.
 */
export function wrapPad(tile: RgbImage, margins: Margins): RgbImage {
  const { width, height, sources } = copies(tile, margins);
  const data = new Float32Array(sources.length);
  for (let i = 0; i < data.length; i++) data[i] = tile.data[sources[i] as number] as number;
  return { width, height, data };
}

/**
 * Folds derivatives in the margins back into the tile: each is added to that of the pixel which the margin copies
 * there. This is the adjoint of {@link wrapPad}.
 * @param padded - planar RGB, of the size of the tile with margins.
 * @returns planar RGB, of the tile's size.
 */
export function foldMargins(
  padded: Float32Array,
  tile: { readonly width: number; readonly height: number },
  margins: Margins,
): Float32Array {
  const { sources } = copies(tile, margins);
  const folded = new Float32Array(3 * tile.width * tile.height);
  for (let i = 0; i < sources.length; i++) {
    const source = sources[i] as number;
    folded[source] = (folded[source] as number) + (padded[i] as number);
  }
  return folded;
}

/** Resamples a tile to another size in pixels. The result goes on at its edges as the tile does. */
export function resampleTile(tile: RgbImage, width: number, height: number): RgbImage {
  const across = wholeMargins(tile.width, width);
  const down = wholeMargins(tile.height, height);
  const padded = wrapPad(tile, { left: across.from, right: across.from, top: down.from, bottom: down.from });
  const resampled = resample(padded, width + 2 * across.to, height + 2 * down.to);
  return crop(resampled, across.to, down.to, width, height);
}

/**
 * Cuts the same wall of tiles anew, a few pixels away, where neighbours across the border differ least. A border
 * through even areas is not found even after something that doesn't know the tile for one has scaled or compressed it.
 * @param reach - how many pixels away at most.
 */
export function recut(tile: RgbImage, reach: number): RgbImage {
  const { width, height, data } = tile;
  const at = (channel: number, y: number, x: number) => {
    return data[(channel * height + wrap(y, height)) * width + wrap(x, width)] as number;
  };
  const leftOf = (x: number) => {
    let sum = 0;
    for (let channel = 0; channel < 3; channel++) {
      for (let y = 0; y < height; y++) sum += Math.abs(at(channel, y, x) - at(channel, y, x - 1));
    }
    return sum;
  };
  const above = (y: number) => {
    let sum = 0;
    for (let channel = 0; channel < 3; channel++) {
      for (let x = 0; x < width; x++) sum += Math.abs(at(channel, y, x) - at(channel, y - 1, x));
    }
    return sum;
  };
  const [x, y] = [lowest(leftOf, reach), lowest(above, reach)];
  const margins = { left: Math.max(0, -x), right: Math.max(0, x), top: Math.max(0, -y), bottom: Math.max(0, y) };
  return crop(wrapPad(tile, margins), margins.right, margins.bottom, width, height);
}

/** Returns the whole number from −reach to reach for which a function is lowest; of several, the first. */
function lowest(of: (index: number) => number, reach: number): number {
  const values = Array.from({ length: 2 * reach + 1 }, (_, index) => of(index - reach));
  return values.indexOf(Math.min(...values)) - reach;
}

/** Finds a margin that is whole pixels both before and after resampling, and wider than the kernels reach. */
function wholeMargins(from: number, to: number): { readonly from: number; readonly to: number } {
  const divisor = greatestCommonDivisor(from, to);
  const [unitFrom, unitTo] = [from / divisor, to / divisor];
  const units = Math.ceil((kernelReach * Math.max(1, from / to)) / unitFrom);
  return { from: units * unitFrom, to: units * unitTo };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** Finds, for each value of a tile with margins, the index of the value in the tile that it is a copy of. */
function copies(tile: { readonly width: number; readonly height: number }, { left, top, right, bottom }: Margins) {
  const width = left + tile.width + right;
  const height = top + tile.height + bottom;
  const columns = Int32Array.from({ length: width }, (_, x) => wrap(x - left, tile.width));
  const sources = new Int32Array(3 * width * height);
  for (let channel = 0; channel < 3; channel++) {
    for (let y = 0; y < height; y++) {
      const source = (channel * tile.height + wrap(y - top, tile.height)) * tile.width;
      const target = (channel * height + y) * width;
      for (let x = 0; x < width; x++) sources[target + x] = source + (columns[x] as number);
    }
  }
  return { width, height, sources };
}

/** The index in [0, length) that `index` falls on when the range is repeated. */
function wrap(index: number, length: number): number {
  return ((index % length) + length) % length;
}
