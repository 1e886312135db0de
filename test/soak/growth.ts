/** How something changed over a run, once it was warm. */
export interface Growth {
  /** Medians of what was measured in the first and in the last part after warming up. */
  readonly early: number;
  readonly late: number;
  /** late / early − 1. */
  readonly share: number;
}

/** The part of a run that is warming up, and the parts after it that are compared. */
const warmUp = 0.2;
const part = 0.2;

/**
 * The growth of what was measured at equal distances over a run. Medians are compared, because memory goes up and down with what
 * is collected when.
 * @returns undefined where there are not five measurements in each part.
 */
export function growthOf(values: readonly number[]): Growth | undefined {
  const size = Math.floor(part * values.length);
  if (size < 5) return undefined;
  const start = Math.floor(warmUp * values.length);
  const early = median(values.slice(start, start + size));
  const late = median(values.slice(-size));
  return { early, late, share: late / early - 1 };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
