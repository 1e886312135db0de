/** A content and a style, by name. */
export interface Pair {
  readonly content: string;
  readonly style: string;
}

/** One picture to be painted. */
export interface Trial extends Pair {
  readonly setting: string;
  readonly styleWeight: number;
}

/**
 * Pairs in which every content meets as many styles as any other, and every style as many contents: diagonals of the table of
 * both. As many as there are styles make all pairs; fewer are the fairest part of them.
 */
export function diagonalPairs(contents: readonly string[], styles: readonly string[], diagonals: number): Pair[] {
  return Array.from({ length: Math.min(diagonals, styles.length) }, (_, diagonal) =>
    contents.flatMap((content, row) => {
      const style = styles[(row + diagonal) % styles.length];
      return style === undefined ? [] : [{ content, style }];
    }),
  ).flat();
}

/** All pictures of a comparison: pair by pair, so that what is there of an unfinished one can be compared. */
export function trialsOf(
  pairs: readonly Pair[],
  settings: readonly string[],
  styleWeights: readonly number[],
): readonly Trial[] {
  return pairs.flatMap((pair) =>
    settings.flatMap((setting) => styleWeights.map((styleWeight) => ({ ...pair, setting, styleWeight }))),
  );
}
