import { boxMean, type Plane } from '../../imaging/plane.js';
import type { RgbImage } from '../../imaging/rgb-image.js';

/** Radius of the surroundings that are looked at, as a share of the longer side. */
const reach = 1 / 8;

/** Longer side up to which surroundings are looked at pixel by pixel; in larger pictures, by blocks of pixels. */
const largestSide = 64;

/** Variance up to which surroundings count as even: what is beside them in colour tells nothing there. */
const evenVariance = 1e-3;

/** The least that is to be known of a pixel's surroundings, as a share of them. */
const leastKnown = 1e-3;

/** What is known of a picture that was painted. */
export interface Knowledge {
  /** How much each pixel tells of how its surroundings were painted; 0 where it is not known. */
  readonly told: Plane;
  /** How far each pixel is to be told by its surroundings, from 0 to 1; 1 where it is not known. */
  readonly lost: Plane;
}

/**
 * Returns what was painted, and as far as that is lost, what the picture would have been painted as: told by its
 * surroundings, by the linear map of colours that comes closest to how they were painted (He, Sun and Tang, "Guided image
 * filtering", 2010; by blocks, He and Sun, "Fast guided filter", 2015).
 * @param picture - the picture from which everything was painted.
 * @param painted - what it was painted as, in the same size.
 * @param knowledge - what of `painted` is known, and what is lost. Where nothing is known around a lost pixel, it has the
 *   picture's colour.
 */
export function paintedAlike(picture: RgbImage, painted: RgbImage, { told, lost }: Knowledge): RgbImage {
  if (!lost.data.some((share) => share > 0)) return painted;
  const { width, height } = picture;
  const pixels = width * height;
  const shrink = Math.min(1, largestSide / Math.max(width, height));
  const size = { width: Math.ceil(shrink * width), height: Math.ceil(shrink * height) };
  const radius = Math.max(1, Math.round(reach * Math.max(size.width, size.height)));
  const columns = Int32Array.from({ length: width }, (_, x) => Math.floor((x * size.width) / width));
  const blockOf = (i: number) =>
    Math.floor((Math.floor(i / width) * size.height) / height) * size.width + (columns[i % width] as number);
  // Of a block, two pixels across and down tell as much as all.
  const step = Math.max(1, Math.floor(0.5 / shrink));
  const sums = productSums(picture, painted, told, { blockOf, blocks: size.width * size.height, step });
  const around = sums.map((data) => boxMean({ ...size, data }, radius).data);
  const maps = new Map<number, ColorMapWithin>();
  const data = painted.data.slice();
  for (let i = 0; i < pixels; i++) {
    const share = lost.data[i] as number;
    if (share === 0) continue;
    const block = blockOf(i);
    const told = maps.get(block) ?? toldBy(around.map((sum) => (step * shrink) ** 2 * (sum[block] as number)));
    maps.set(block, told);
    const { map, least, most } = told;
    for (let channel = 0; channel < 3; channel++) {
      let value = 0;
      for (let from = 0; from < inputs; from++) {
        const input = from === 0 ? 1 : (picture.data[(from - 1) * pixels + i] as number);
        const known = Math.min(Math.max(input, least[from] as number), most[from] as number);
        value += (map[from * 3 + channel] as number) * known;
      }
      const at = channel * pixels + i;
      data[at] = (1 - share) * (painted.data[at] as number) + share * Math.min(Math.max(value, 0), 1);
    }
  }
  return { width, height, data };
}

/** What a colour is told from: 1 and the picture's three channels. */
const inputs = 4;

/** Inputs and, behind them, the three channels that are told. */
const terms = inputs + 3;

/** Three numbers for each input: by how much it counts in each channel. */
type ColorMap = Float64Array;

/** A map of colours, and the least and the most of each input that it is known for. */
interface ColorMapWithin {
  readonly map: ColorMap;
  readonly least: readonly number[];
  readonly most: readonly number[];
}

/** The map that leaves colours as they are. */
const identity: ColorMapWithin = {
  map: Float64Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1),
  least: [1, 0, 0, 0],
  most: [1, 1, 1, 1],
};

/**
 * How far from their mean, in standard deviations, colours are told by a map. Beyond that it would make up colours that
 * nothing around has.
 */
const mostDeviations = 3;

/**
 * Sums up, in each block, the weighted products of each input with the terms from itself on.
 * @param options.step - distance between the rows and columns that are looked at.
 */
function productSums(
  picture: RgbImage,
  painted: RgbImage,
  weights: Plane,
  {
    blockOf,
    blocks,
    step,
  }: { readonly blockOf: (pixel: number) => number; readonly blocks: number; readonly step: number },
): readonly Float32Array[] {
  const pixels = weights.data.length;
  const sums: Float32Array[] = [];
  for (let a = 0; a < inputs; a++) for (let b = a; b < terms; b++) sums.push(new Float32Array(blocks));
  const values = new Float64Array(terms).fill(1);
  for (let i = 0; i < pixels; i++) {
    const weight = weights.data[i] as number;
    if (weight === 0 || (i % weights.width) % step > 0 || Math.floor(i / weights.width) % step > 0) continue;
    for (let channel = 0; channel < 3; channel++) {
      values[1 + channel] = picture.data[channel * pixels + i] as number;
      values[inputs + channel] = painted.data[channel * pixels + i] as number;
    }
    const block = blockOf(i);
    for (let a = 0, at = 0; a < inputs; a++) {
      const weighted = weight * (values[a] as number);
      for (let b = a; b < terms; b++, at++) {
        const sum = sums[at] as Float32Array;
        sum[block] = (sum[block] as number) + weighted * (values[b] as number);
      }
    }
  }
  return sums;
}

/** Finds the map that comes closest to what products say. @param products - see {@link productSums}. */
function toldBy(products: readonly number[]): ColorMapWithin {
  const [known = 0] = products;
  if (known < leastKnown) return identity;
  const means = Array.from({ length: inputs }, (_, input) => (products[input] ?? 0) / known);
  const deviations = means.map((mean, input) => {
    // Rows of products begin at the diagonal, and each is one shorter.
    const square = (products[input * terms - (input * (input - 1)) / 2] ?? 0) / known;
    return input === 0 ? 0 : Math.sqrt(Math.max(square - mean ** 2, 0) + evenVariance);
  });
  return {
    map: leastSquares(products, known),
    least: means.map((mean, input) => mean - mostDeviations * (deviations[input] ?? 0)),
    most: means.map((mean, input) => mean + mostDeviations * (deviations[input] ?? 0)),
  };
}

function leastSquares(products: readonly number[], known: number): ColorMap {
  const equations = new Float64Array(inputs * terms);
  for (let a = 0, at = 0; a < inputs; a++) {
    for (let b = a; b < terms; b++, at++) {
      const value = (products[at] ?? 0) + (a === b && a > 0 ? evenVariance * known : 0);
      equations[a * terms + b] = value;
      if (b < inputs) equations[b * terms + a] = value;
    }
  }
  // The matrix is positive definite, so that Gauss and Jordan's elimination needs no other order.
  for (let pivot = 0; pivot < inputs; pivot++) {
    const start = pivot * terms;
    const scale = equations[start + pivot] as number;
    for (let b = pivot; b < terms; b++) equations[start + b] = (equations[start + b] as number) / scale;
    for (let row = 0; row < inputs * terms; row += terms) {
      const factor = equations[row + pivot] as number;
      if (row === start) continue;
      for (let b = pivot; b < terms; b++) {
        equations[row + b] = (equations[row + b] as number) - factor * (equations[start + b] as number);
      }
    }
  }
  return Float64Array.from({ length: 3 * inputs }, (_, i) => {
    return equations[Math.floor(i / 3) * terms + inputs + (i % 3)] as number;
  });
}
