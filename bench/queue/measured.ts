/** Returns the middle one of some numbers, or of two in the middle the larger one. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Returns how long an action takes, in milliseconds. */
export async function timed(action: () => unknown): Promise<number> {
  const begin = performance.now();
  await action();
  return performance.now() - begin;
}

/** Returns the bytes on the heap after a garbage collection. Needs `--expose-gc`. */
export function heapBytes(): number {
  if (globalThis.gc === undefined) throw new Error('Run this with node --expose-gc');
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}
