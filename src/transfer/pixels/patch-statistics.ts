/**
 * Statistics of a picture's patches of 3×3 pixels in three colours that are nearly independent of one another: the
 * covariance of all pairs of a patch's values. As two values of the same colour covary alike wherever they lie at the
 * same distance, 13 numbers a colour say all of it: the autocovariance at distances of up to two pixels. Of different
 * colours, values of the same pixel are compared only.
 */

/** A distance between two pixels of a patch; the opposite one is the same. */
interface Lag {
  readonly across: number;
  readonly down: number;
}

/** The distances at which autocovariances are taken; the first is none, whose autocovariance is the variance. */
export const lags: readonly Lag[] = [
  ...[0, 1, 2].map((across) => ({ across, down: 0 })),
  ...[1, 2].flatMap((down) => [-2, -1, 0, 1, 2].map((across) => ({ across, down }))),
];

/** The pairs of different colours. */
export const colorPairs = [
  [0, 1],
  [0, 2],
  [1, 2],
] as const;

/** Index of a colour's autocovariance at a lag, among the statistics. */
export function autocovarianceAt(color: number, lag: number): number {
  return color * lags.length + lag;
}

/** Index of a pair's covariance among the statistics. */
export function covarianceAt(pair: number): number {
  return 3 * lags.length + pair;
}

/** Number of statistics of a picture. */
export const statisticCount = 3 * lags.length + colorPairs.length;

/** How often each statistic is there among the covariances of all ordered pairs of a patch's values. */
const multiplicities = Float64Array.from({ length: statisticCount }, (_, i) => {
  const { across, down } = lags[i % lags.length] ?? { across: 0, down: 0 };
  if (i >= 3 * lags.length) return 2 * 9;
  return (across === 0 && down === 0 ? 1 : 2) * (3 - Math.abs(across)) * (3 - down);
});

/** The colours that have no brightness. */
const chromaColors = [1, 2];

/** What a 3×3 binomial blur takes away, as a filter: the finest detail. */
const finest = [-1, -2, -1, -2, 12, -2, -1, -2, -1].map((value) => value / 16);

/** The energy of what {@link finest} leaves of a colour is the sum of its autocovariances, each times one of these. */
const finestShares = lags.map(({ across, down }) => {
  let share = 0;
  for (const [i, value] of finest.entries()) {
    const [x, y] = [(i % 3) + across, Math.floor(i / 3) + down];
    if (x >= 0 && x < 3 && y < 3) share += value * (finest[3 * y + x] as number);
  }
  return across === 0 && down === 0 ? share : 2 * share;
});

/** The variance that rounding to whole steps of 255 leaves in a picture: energies below it are nothing. */
export const roundingVariance = 1 / (12 * 255 ** 2);

/** How much too fine chroma counts beside the covariances. Chosen by looking, as the weight of all of it was. */
const chromaShare = 1 / 15;

/** How far a picture's statistics are from a style's, with the slope of that. */
export interface PatchError {
  /**
   * The relative error of the covariances, Σ (C − Cs)² / Σ Cs², and for each chroma colour whose finest detail has more
   * energy than the style's, a share of the squared logarithm of their ratio. Less is no fault: a blurred edge has less.
   */
  readonly error: number;
  /** The error's derivative with respect to each statistic. */
  readonly slope: Float64Array;
}

/** Compares a picture's statistics with a style's. */
export function patchError(statistics: Float64Array, target: Float64Array): PatchError {
  const slope = new Float64Array(statisticCount);
  let [squares, targetSquares] = [0, roundingVariance ** 2];
  for (let i = 0; i < statisticCount; i++) {
    const [times, value, wanted] = [multiplicities[i] as number, statistics[i] as number, target[i] as number];
    squares += times * (value - wanted) ** 2;
    targetSquares += times * wanted ** 2;
    slope[i] = 2 * times * (value - wanted);
  }
  for (let i = 0; i < statisticCount; i++) slope[i] = (slope[i] as number) / targetSquares;
  let error = squares / targetSquares;
  for (const color of chromaColors) {
    const energy = finestEnergy(statistics, color) + roundingVariance;
    const excess = Math.log(energy / (finestEnergy(target, color) + roundingVariance));
    if (!(excess > 0)) continue;
    error += chromaShare * excess ** 2;
    for (const [lag, share] of finestShares.entries()) {
      const at = autocovarianceAt(color, lag);
      slope[at] = (slope[at] as number) + (chromaShare * 2 * excess * share) / energy;
    }
  }
  return { error, slope };
}

/** Returns the energy of a colour's finest detail. Sums of it may come out below 0, where there is none. */
function finestEnergy(statistics: Float64Array, color: number): number {
  const energy = finestShares.reduce(
    (sum, share, lag) => sum + share * (statistics[autocovarianceAt(color, lag)] as number),
    0,
  );
  return Math.max(energy, 0);
}
