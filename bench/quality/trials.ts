/** Names of a content and a style that are painted together. */
export interface Pair {
  readonly content: string;
  readonly style: string;
}

/** One picture to be painted: a pair with a setting and a style weight. */
export interface Trial extends Pair {
  readonly setting: string;
  readonly styleWeight: number;
}

/**
 * Returns diagonals of the table of contents and styles: pairs in which every content meets as many styles as any
 * other, and every style as many contents.
 * @param diagonals - how many diagonals to take: as many as there are styles make all pairs, fewer the fairest part of
 *   them.
 */
export function diagonalPairs(contents: readonly string[], styles: readonly string[], diagonals: number): Pair[] {
  return Array.from({ length: Math.min(diagonals, styles.length) }, (_, diagonal) =>
    contents.flatMap((content, row) => {
      const style = styles[(row + diagonal) % styles.length];
      return style === undefined ? [] : [{ content, style }];
    }),
  ).flat();
}

/** Returns all pictures of a comparison, pair by pair, so that even an unfinished comparison has comparable ones. */
export function trialsOf(
  pairs: readonly Pair[],
  settings: readonly string[],
  styleWeights: readonly number[],
): readonly Trial[] {
  return pairs.flatMap((pair) =>
    settings.flatMap((setting) => styleWeights.map((styleWeight) => ({ ...pair, setting, styleWeight }))),
  );
}
