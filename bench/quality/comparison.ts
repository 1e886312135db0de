/** A mean of measured values, with its uncertainty. */
export interface Estimate {
  readonly mean: number;
  /** Standard error of the mean; NaN for a single value. */
  readonly standardError: number;
  readonly count: number;
}

/** How two settings compare on the same pairs of content and style. */
export interface PairedComparison {
  /** The geometric mean of value / reference: 0.9 if values are a tenth lower than the reference. */
  readonly ratio: number;
  /** Student's t of the logarithms of value / reference. For 12 pairs, chance exceeds ±2.2 once in 20 times. */
  readonly t: number;
  /** Number of pairs in which the value is lower than the reference. */
  readonly lower: number;
  readonly pairs: number;
}

export function estimate(values: readonly number[]): Estimate {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standardError: Math.sqrt(squares / (count - 1) / count), count };
}

/**
 * Compares two settings on the same pairs of content and style. Most of the variance of such scores comes from the
 * style (Yeh et al., "Improving Style Transfer with Calibrated Metrics", 2019), and it cancels here. Ratios are
 * compared, because distances differ between styles by factors.
 *
 * @param pairs - what was measured with the setting and with the reference for each pair, both above 0.
 */
export function comparePaired(pairs: readonly (readonly [value: number, reference: number])[]): PairedComparison {
  const { mean, standardError } = estimate(pairs.map(([value, reference]) => Math.log(value / reference)));
  return {
    ratio: Math.exp(mean),
    t: mean / standardError,
    lower: pairs.filter(([value, reference]) => value < reference).length,
    pairs: pairs.length,
  };
}
