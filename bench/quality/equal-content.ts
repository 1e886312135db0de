/** Distances that a setting came to with one style weight. */
export interface TradeOff {
  readonly content: number;
  readonly style: number;
}

/**
 * Returns the style distance that a setting would have at a given content distance. More style weight buys a lower
 * style distance for a higher content distance, so a setting can look better only because it sits elsewhere on that
 * curve; at equal content it can't. Between measured points the logarithms are interpolated linearly.
 *
 * @param curve - the setting's distances at several style weights, in any order.
 * @param content - the content distance at which the style distance is wanted.
 * @returns undefined where the curve doesn't reach that content distance: nothing is extrapolated.
 */
export function styleAtContent(curve: readonly TradeOff[], content: number): number | undefined {
  const sorted = curve.toSorted((a, b) => a.content - b.content);
  for (const [i, right] of sorted.entries()) {
    if (right.content === content) return right.style;
    const left = sorted[i - 1];
    if (!left || content < left.content || content > right.content) continue;
    const share = Math.log(content / left.content) / Math.log(right.content / left.content);
    return Math.exp((1 - share) * Math.log(left.style) + share * Math.log(right.style));
  }
  return undefined;
}
