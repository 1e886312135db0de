/** How a figure changed between two parts of a run, once the program had warmed up. */
export interface Growth {
  /** Medians of what was measured in the first and in the last part after warming up. */
  readonly early: number;
  readonly late: number;
  /** Relative growth: late / early − 1. */
  readonly share: number;
}

/** Shares of the run: the part that is warming up, and each of the two parts after it that are compared. */
const warmUp = 0.2;
const part = 0.2;

/**
 * Returns how a figure that was measured at equal distances grew over a run. Medians are compared, because memory goes
 * up and down with every garbage collection.
 * @returns undefined where a part has fewer than five measurements.
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
