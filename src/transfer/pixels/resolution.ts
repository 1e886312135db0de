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
  /** Roots of the pixels' weights. */
  readonly #roots: Float32Array;
  readonly #weightSum: number;
  /** For each lag, how far apart the two pixels lie in a plane. */
  readonly #shifts: readonly number[];
  /** For each lag, 1 / the sum of its pairs' weights; 0 where no two pixels lie so far apart. */
  readonly #scales: readonly number[];
  /** The colours: each pixel's difference from the weighted mean, times the root of its weight. */
  readonly #colors: readonly Float32Array[];
  readonly #out: Float32Array;

  /**
   * @param weights - weights of the pixels; without them all count the same.
   * @throws `engine/out-of-memory` where there is none for the planes.
   */
  constructor({ width, height }: { readonly width: number; readonly height: number }, weights?: WeightMap) {
    this.#planes = openPlanes(planeLayout({ width, height }), 5);
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
    this.#colors = opponentColors.map(() => this.#planes.plane());
    this.#out = this.#planes.plane();
  }

  /** Returns the patch statistics of a picture of this size, which is the one that {@link pullBack} speaks of. */
  statistics({ data }: RgbImage): Float64Array {
    const { width, height, pitch, origin } = this.#planes.layout;
    const pixels = width * height;
    const [roots, out] = [this.#roots, this.#out];
    // A filter leaves values between the rows, where there must be zeros.
    out.fill(0);
    for (const [color, [red, green, blue]] of opponentColors.entries()) {
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const [pixel, at] = [y * width + x, origin + y * pitch + x];
          const value =
            red * (data[pixel] as number) +
            green * (data[pixels + pixel] as number) +
            blue * (data[2 * pixels + pixel] as number);
          out[at] = value * (roots[at] as number);
        }
      }
      const mean = this.#planes.product(out, roots, 0) / this.#weightSum;
      this.#planes.filter(this.#color(color), [
        { plane: out, shift: 0, factor: 1 },
        { plane: roots, shift: 0, factor: -mean },
      ]);
    }
    const statistics = new Float64Array(statisticCount);
    for (let color = 0; color < 3; color++) {
      const plane = this.#color(color);
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
    const { width, height, pitch, origin } = this.#planes.layout;
    const pixels = width * height;
    const [roots, out] = [this.#roots, this.#out];
    for (const [color, [red, green, blue]] of opponentColors.entries()) {
      this.#planes.filter(out, this.#taps(color, slope));
      // A pixel moves the mean, too, which is taken from all others.
      const mean = this.#planes.product(out, roots, 0) / this.#weightSum;
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const [pixel, at] = [y * width + x, origin + y * pitch + x];
          const root = roots[at] as number;
          const value = root * ((out[at] as number) - mean * root);
          gradient[pixel] = (gradient[pixel] as number) + red * value;
          gradient[pixels + pixel] = (gradient[pixels + pixel] as number) + green * value;
          gradient[2 * pixels + pixel] = (gradient[2 * pixels + pixel] as number) + blue * value;
        }
      }
    }
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
