import type { WeightMap } from '../../engine/engine.js';
import { halved } from '../../imaging/plane.js';
import type { RgbImage } from '../../imaging/rgb-image.js';
import { addShares, addValues, placeMeans } from './halving.js';
import { openPlanes } from './open-planes.js';
import { opponentColors } from './opponent-colors.js';
import { autocovarianceAt, colorPairs, covarianceAt, lags, statisticCount } from './patch-statistics.js';
import { type PlaneArithmetic, planeLayout, type Tap } from './plane-arithmetic.js';

/** The roots of the weights, and three for the picture's colours, opponent colours and their gradients, in turn. */
const planeCount = 7;

/** Returns the bytes that a {@link Resolution} takes for each pixel. */
export const bytesPerPixel = planeCount * Float32Array.BYTES_PER_ELEMENT;

/**
 * A picture at one resolution, in opponent colours, for its patch statistics and their gradient. With weights w of the
 * pixels, a pair of pixels counts √(w·w'), so that the variance of a colour is the weighted one.
 */
export class Resolution {
  readonly #size: { readonly width: number; readonly height: number };
  readonly #side: 1 | 2;
  readonly #planes: PlaneArithmetic;
  readonly #weights: WeightMap | undefined;
  /** Roots of the pixels' weights. */
  readonly #roots: Float32Array;
  readonly #weightSum: number;
  /** For each lag, how far apart the two pixels lie in a plane. */
  readonly #shifts: readonly number[];
  /** For each lag, 1 / the sum of its pairs' weights; 0 where no two pixels lie so far apart. */
  readonly #scales: readonly number[];
  /** Red, green and blue, times the roots of the weights; after {@link pullBack} the gradients of the opponent colours. */
  readonly #rgb: readonly Float32Array[];
  /**
   * The opponent colours: each pixel's difference from the weighted mean, times the root of its weight; after
   * {@link pullBack} the gradients of red, green and blue.
   */
  readonly #colors: readonly Float32Array[];

  /**
   * @param size - the size of the pictures.
   * @param map - weights of their pixels; without them all count the same.
   * @param side - the resolution: so many pixels a side, 1 or 2, are one. An odd last row or column is left out.
   * @throws `engine/out-of-memory` where there is none for the planes.
   */
  constructor(size: { readonly width: number; readonly height: number }, map?: WeightMap, side: 1 | 2 = 1) {
    const [width, height] = [Math.floor(size.width / side), Math.floor(size.height / side)];
    const weights = map && side === 2 ? halved(map) : map;
    this.#size = size;
    this.#side = side;
    this.#planes = openPlanes(planeLayout({ width, height }), planeCount);
    this.#weights = weights;
    const { pitch, origin } = this.#planes.layout;
    const roots = this.#planes.plane();
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        roots[origin + y * pitch + x] = weights ? Math.sqrt(weights.data[y * width + x] as number) : 1;
      }
    }
    this.#roots = roots;
    this.#weightSum = this.#planes.product(roots, roots, 0);
    this.#shifts = lags.map(({ across, down }) => down * pitch + across);
    this.#scales = this.#shifts.map((shift) => inverse(this.#planes.product(roots, roots, shift)));
    const three = () => opponentColors.map(() => this.#planes.plane());
    [this.#rgb, this.#colors] = [three(), three()];
  }

  /** Returns the patch statistics of a picture of this size, which is the one that {@link pullBack} speaks of. */
  statistics(picture: RgbImage): Float64Array {
    for (const [channel, plane] of this.#rgb.entries()) this.#place(picture, channel, plane);
    for (const [color, shares] of opponentColors.entries()) {
      this.#mix(this.#color(color), this.#rgb, shares);
    }
    const statistics = new Float64Array(statisticCount);
    for (const [color, plane] of this.#colors.entries()) {
      for (const [lag, shift] of this.#shifts.entries()) {
        statistics[autocovarianceAt(color, lag)] = this.#scale(lag) * this.#planes.product(plane, plane, shift);
      }
    }
    for (const [pair, [a, b]] of colorPairs.entries()) {
      statistics[covarianceAt(pair)] = this.#scale(0) * this.#planes.product(this.#color(a), this.#color(b), 0);
    }
    return statistics;
  }

  /**
   * Computes the gradient of a function of the last picture's statistics, for {@link addGradient}. It takes the place of
   * the picture.
   * @param slope - the function's derivative with respect to each statistic.
   */
  pullBack(slope: Float64Array): void {
    for (const [color, plane] of this.#rgb.entries()) this.#planes.filter(plane, this.#taps(color, slope));
    for (const [channel, plane] of this.#colors.entries()) {
      // A pixel moves the mean, too, which is taken from all others: the gradient's own mean goes out of it.
      this.#mix(
        plane,
        this.#rgb,
        opponentColors.map((shares) => shares[channel] as number),
      );
    }
  }

  /** Adds what {@link pullBack} computed to a gradient of pixels, planar RGB, once. */
  addGradient(gradient: Float32Array): void {
    for (const [channel, plane] of this.#colors.entries()) this.#addTo(gradient, channel, plane);
  }

  /** Puts a channel of a picture into a plane, at this resolution and times the roots of the weights. */
  #place({ data }: RgbImage, channel: number, plane: Float32Array): void {
    const { width, height, pitch, origin } = this.#planes.layout;
    // What a filter left between the rows goes away.
    plane.fill(0);
    for (let y = 0; y < height; y++) {
      const [from, to] = [this.#rowOf(channel, y), origin + y * pitch];
      if (this.#side === 1) plane.set(data.subarray(from, from + width), to);
      else placeMeans(data, from, this.#size.width, plane.subarray(to, to + width));
    }
    this.#weigh(plane);
  }

  /** Adds a plane, times the roots of the weights, to a channel of a gradient. */
  #addTo(gradient: Float32Array, channel: number, plane: Float32Array): void {
    const { width, height, pitch, origin } = this.#planes.layout;
    this.#weigh(plane);
    for (let y = 0; y < height; y++) {
      const [to, from] = [this.#rowOf(channel, y), origin + y * pitch];
      const values = plane.subarray(from, from + width);
      if (this.#side === 1) addValues(values, gradient, to);
      else addShares(values, gradient, to, this.#size.width);
    }
  }

  /** Returns where a row of this resolution begins in the planes of a picture. */
  #rowOf(channel: number, y: number): number {
    return (channel * this.#size.height + y * this.#side) * this.#size.width;
  }

  /** Multiplies a plane by the roots of the weights. */
  #weigh(plane: Float32Array): void {
    if (!this.#weights) return;
    for (let i = 0; i < plane.length; i++) plane[i] = (plane[i] as number) * (this.#roots[i] as number);
  }

  /** Sets a plane to a weighted sum of three planes, from which its weighted mean is taken. */
  #mix(out: Float32Array, planes: readonly Float32Array[], shares: readonly number[]): void {
    const taps = planes.map((plane, i) => ({ plane, shift: 0, factor: shares[i] as number }));
    const sum = taps.reduce((total, { plane, factor }) => {
      return total + factor * this.#planes.product(plane, this.#roots, 0);
    }, 0);
    this.#planes.filter(out, [...taps, { plane: this.#roots, shift: 0, factor: -sum / this.#weightSum }]);
  }

  /** Returns the filter that makes the gradient with respect to a colour. */
  #taps(color: number, slope: Float64Array): readonly Tap[] {
    const plane = this.#color(color);
    const own = this.#shifts.flatMap((shift, lag) => {
      const factor = this.#scale(lag) * (slope[autocovarianceAt(color, lag)] as number);
      return [shift, -shift].map((there) => ({ plane, shift: there, factor }));
    });
    const others = colorPairs.flatMap(([a, b], pair) => {
      if (a !== color && b !== color) return [];
      const factor = this.#scale(0) * (slope[covarianceAt(pair)] as number);
      return [{ plane: this.#color(a === color ? b : a), shift: 0, factor }];
    });
    return [...own, ...others];
  }

  #color(color: number): Float32Array {
    return this.#colors[color] as Float32Array;
  }

  #scale(lag: number): number {
    return this.#scales[lag] as number;
  }
}

function inverse(sum: number): number {
  return sum > 0 ? 1 / sum : 0;
}
