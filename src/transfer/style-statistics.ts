import type { Engine, Moments, StyleTarget } from '../engine/engine.js';
import type { WeightedStyle } from './pictures.js';

/** The statistics by which style can be compared: Gram matrices, or mean and covariance. */
export const styleStatistics = ['gram', 'moments'] as const;
export type StyleStatistic = (typeof styleStatistics)[number];

/**
 * Factors for each statistic's errors, so that a style weight paints about as strongly by either. Covariances are
 * farther from the style's than Gram matrices are, which consist mostly of the activations' means, alike in all
 * pictures. Chosen by looking: with 0.25 the content's loss comes to what it is with Gram matrices.
 */
export const statisticShares = { gram: 1, moments: 0.25 } as const satisfies Record<StyleStatistic, number>;

/**
 * Computes the target statistics of several styles, the mean of theirs. Gram matrices are linear in patches, so that
 * their mean is that of a picture made of patches of all styles. Means and covariances are blended apart, which leaves
 * out the covariance between the styles: the picture gets one mixed style, not patches.
 *
 * @param styles - the styles, with weights that add up to 1.
 * @returns the targets by layer.
 * @throws `engine/…` for layers that the network lacks and for too small pictures.
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
