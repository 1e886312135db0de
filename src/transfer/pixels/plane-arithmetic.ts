/** How planes lie in memory: row by row, with zeros around them that shifts by up to two pixels run into. */
export interface PlaneLayout {
  readonly width: number;
  readonly height: number;
  /** Number of values from a pixel to the one below it. */
  readonly pitch: number;
  /** Index of the first pixel. */
  readonly origin: number;
  /** Number of values from the origin on that arithmetic goes over: the pixels, and zeros up to a whole block. */
  readonly extent: number;
  /** Number of all values. */
  readonly length: number;
}

/** The farthest that planes are shifted against one another, in pixels, across and down. */
export const farthestShift = 2;

/** Number of values that arithmetic on planes takes at a time. */
export const blockLength = 128;

/** Returns how planes of a size lie in memory. */
export function planeLayout({ width, height }: { readonly width: number; readonly height: number }): PlaneLayout {
  // What lies right of a row is left of the next one.
  const pitch = width + farthestShift;
  const around = 4 * Math.ceil((farthestShift * pitch + farthestShift) / 4);
  const extent = blockLength * Math.ceil((pitch * height) / blockLength);
  return { width, height, pitch, origin: around, extent, length: extent + 2 * around };
}

/** A plane that a filter reads: it takes `factor` times the value that lies `shift` values behind each one. */
export interface Tap {
  readonly plane: Float32Array;
  readonly shift: number;
  readonly factor: number;
}

/** The most taps of a filter. */
export const mostTaps = 32;

/** Arithmetic on planes of one layout. */
export interface PlaneArithmetic {
  readonly layout: PlaneLayout;
  /** Returns a new plane of zeros. @throws RangeError where there are as many planes as were asked for. */
  plane(): Float32Array;
  /** Returns Σ a[i] · b[i + shift] over the extent. */
  product(a: Float32Array, b: Float32Array, shift: number): number;
  /** Sets out[i] to Σ factor · plane[i + shift] over the extent; `out` is none of the taps' planes. */
  filter(out: Float32Array, taps: readonly Tap[]): void;
}
