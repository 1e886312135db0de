/**
 * Returns how long to wait before something is tried again: twice as long after each attempt, up to a bound, and by
 * chance up to a third less, so that many who wait for the same thing don't all come at once. All in milliseconds.
 * @param attempt - how many attempts have failed, from 1.
 */
export function backoffMs(attempt: number, firstMs: number, longestMs: number): number {
  return Math.min(firstMs * 2 ** (attempt - 1), longestMs) * (1 - Math.random() / 3);
}
