import type { WeightMap } from '../../engine/engine.js';
import type { RgbImage } from '../../imaging/rgb-image.js';
import { openPlanes } from './open-planes.js';
import { opponentColors } from './opponent-colors.js';
import { autocovarianceAt, colorPairs, covarianceAt, lags, statisticCount } from './patch-statistics.js';
import { type PlaneArithmetic, planeLayout, type Tap } from './plane-arithmetic.js';

/**
 * A picture at one resolution, in opponent colours, for its patch statistics and their gradient. With weights w of the
 * pixels, a pair of pixels counts √(w·w'), so that the variance of a colour is the weighted one.
 */
export class Resolution {
  readonly #planes: PlaneArithmetic;
  readonly #weights: WeightMap | undefined;
  /** Roots of the pixels' weights. */
  readonly #roots: Float32Array;
  readonly #weightSum: number;
  /** For each lag, how far apart the two pixels lie in a plane. */
  readonly #shifts: readonly number[];
  /** For each lag, 1 / the sum of its pairs' weights; 0 where no two pixels lie so far apart. */
  readonly #scales: readonly number[];
  /** Red, green and blue, times the roots of the weights; after {@link pullBack} their gradients. */
  readonly #rgb: readonly Float32Array[];
  /** The opponent colours: each pixel's difference from the weighted mean, times the root of its weight. */
  readonly #colors: readonly Float32Array[];
  /** The gradients of the opponent colours. */
  readonly #gradients: readonly Float32Array[];

  /**
   * @param weights - weights of the pixels; without them all count the same.
   * @throws `engine/out-of-memory` where there is none for the planes.
   */
  constructor({ width, height }: { readonly width: number; readonly height: number }, weights?: WeightMap) {
    this.#planes = openPlanes(planeLayout({ width, height }), 10);
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
    [this.#rgb, this.#colors, this.#gradients] = [three(), three(), three()];
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
   * Adds the gradient of a function of the last picture's statistics to a gradient of pixels, planar RGB.
   * @param slope - the function's derivative with respect to each statistic.
   */
  pullBack(slope: Float64Array, gradient: Float32Array): void {
    for (const [color, plane] of this.#gradients.entries()) this.#planes.filter(plane, this.#taps(color, slope));
    for (const [channel, plane] of this.#rgb.entries()) {
      // A pixel moves the mean, too, which is taken from all others: the gradient's own mean goes out of it.
      this.#mix(
        plane,
        this.#gradients,
        opponentColors.map((shares) => shares[channel] as number),
      );
      this.#addTo(gradient, channel, plane);
    }
  }

  /** Copies a channel of a picture into a plane, times the roots of the weights. */
  #place({ data }: RgbImage, channel: number, plane: Float32Array): void {
    const { width, height, pitch, origin } = this.#planes.layout;
    // What a filter left between the rows goes away.
    plane.fill(0);
    for (let y = 0; y < height; y++) {
      const [from, to] = [(channel * height + y) * width, origin + y * pitch];
      plane.set(data.subarray(from, from + width), to);
      if (!this.#weights) continue;
      for (let i = to; i < to + width; i++) plane[i] = (plane[i] as number) * (this.#roots[i] as number);
    }
  }

  /** Adds a plane, times the roots of the weights, to a channel of a gradient. */
  #addTo(gradient: Float32Array, channel: number, plane: Float32Array): void {
    const { width, height, pitch, origin } = this.#planes.layout;
    const roots = this.#roots;
    for (let y = 0; y < height; y++) {
      const to = (channel * height + y) * width;
      const from = origin + y * pitch;
      for (let x = 0; x < width; x++) {
        gradient[to + x] = (gradient[to + x] as number) + (plane[from + x] as number) * (roots[from + x] as number);
      }
    }
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
