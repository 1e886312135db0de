/** What a setting came to with one style weight. */
export interface TradeOff {
  readonly content: number;
  readonly style: number;
}

/**
 * The style distance that a setting has where its content distance is that one. More style weight buys a lower style distance
 * for a higher content distance, so that a setting can look better only because it sits elsewhere on that curve; at equal
 * content it can't. Straight lines between the logarithms of what was measured.
 *
 * @param curve - in any order.
 * @returns undefined where the curve doesn't reach there: what lies outside is not guessed.
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
