import type { Engine, Moments, StyleTarget } from '../engine/engine.js';
import type { WeightedStyle } from './pictures.js';

/** What style is compared by: Gram matrices, or mean and covariance. */
export const styleStatistics = ['gram', 'moments'] as const;
export type StyleStatistic = (typeof styleStatistics)[number];

/**
 * How much errors of each count, so that a style weight paints about as strongly by either. Covariances are farther from the
 * style's than Gram matrices are, of which the means of the activations, alike in all pictures, are the greater part. Chosen by
 * looking: with 0.25 the content's loss comes to what it is with Gram matrices.
 */
export const statisticShares = { gram: 1, moments: 0.25 } as const satisfies Record<StyleStatistic, number>;

/**
 * What a picture in these styles is to have: the mean of their statistics. Gram matrices are linear in patches, so that it is
 * what a picture made of patches of all of them would have; of moments, means and covariances are blended apart, which leaves
 * out the covariance between the styles: a picture of one mixed style, not of patches.
 *
 * @param styles - with weights that add up to 1.
 * @returns by layer.
 */
export async function blendedTargets(
  engine: Engine,
  styles: readonly WeightedStyle[],
  layers: readonly string[],
  statistic: StyleStatistic,
): Promise<ReadonlyMap<string, StyleTarget>> {
  const blended = new Map<string, StyleTarget>();
  for (const { picture, weight } of styles) {
    const request = statistic === 'gram' ? { grams: layers } : { moments: layers };
    const { grams, moments } = await engine.features(picture, request);
    for (const [layer, target] of [...grams, ...moments]) {
      blended.set(layer, withShare(blended.get(layer), target, weight));
    }
  }
  return blended;
}

function withShare(sum: StyleTarget | undefined, target: StyleTarget, weight: number): StyleTarget {
  const { channels } = target;
  if (!isMoments(target)) {
    return { channels, data: added(sum && !isMoments(sum) ? sum.data : undefined, target.data, weight) };
  }
  const { mean, covariance } = sum && isMoments(sum) ? sum : {};
  return {
    channels,
    mean: added(mean, target.mean, weight),
    covariance: added(covariance, target.covariance, weight),
  };
}

function isMoments(target: StyleTarget): target is Moments {
  return 'covariance' in target;
}

function added(sum: Float32Array | undefined, values: Float32Array, weight: number): Float32Array {
  return values.map((value, i) => (sum?.[i] ?? 0) + weight * value);
}
