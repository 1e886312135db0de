/**
 * Returns the longer side at which to read a picture that is painted at a size, in pixels: twice as large, as it is shrunk
 * better in floating point, but not where that takes hundreds of megabytes.
 */
export function decodedSide(size: number): number {
  return Math.max(size, Math.min(2 * size, 2048));
}
