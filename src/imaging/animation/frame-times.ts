/** How a format counts how long frames are shown. */
export interface TimeUnit {
  /** Length of a unit in milliseconds. */
  readonly ms: number;
  /** The fewest units that browsers keep to: what is shorter they show for 100 ms. */
  readonly least: number;
  /** The most units that the format can count. */
  readonly most: number;
}

/** A frame that is shown, and for how many units. */
export interface TimedFrame {
  readonly index: number;
  readonly units: number;
}

/**
 * Counts times in a format's units: each frame begins at the unit next to when it should, so that rounding never adds up.
 * One for which too little time would be left is not shown, and the frame before stands for longer.
 */
export function framesInUnits(delaysMs: readonly number[], { ms, least, most }: TimeUnit): readonly TimedFrame[] {
  const begun: { index: number; start: number }[] = [];
  let time = 0;
  for (const [index, delayMs] of delaysMs.entries()) {
    const start = Math.round(time / ms);
    time += delayMs;
    const before = begun.at(-1);
    if (before === undefined || start - before.start >= least) begun.push({ index, start });
  }
  const end = Math.round(time / ms);
  while (begun.length > 1 && end - (begun.at(-1)?.start ?? 0) < least) begun.pop();
  return begun.map(({ index, start }, position) => {
    const units = (begun[position + 1]?.start ?? end) - start;
    return { index, units: Math.min(Math.max(units, least), most) };
  });
}
