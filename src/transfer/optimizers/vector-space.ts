/** A vector that belongs to a {@link VectorSpace}. Its values may be read and written. */
export type Vector = Float32Array;

/**
 * Vectors of one length and fast arithmetic on them: float32 values, sums in double precision. The order of additions
 * is fixed, so that results are the same on every run, and whatever computes them.
 */
export interface VectorSpace {
  /** Returns a vector of zeros, or of the given values. @throws RangeError where all vectors have been given out. */
  vector(values?: Float32Array): Vector;
  /** Returns the inner product aᵀb. */
  dot(a: Vector, b: Vector): number;
  /** Computes out ← x + scale · d; out may be x or d. */
  addScaled(out: Vector, x: Vector, scale: number, d: Vector): void;
  /** Computes y ← y + scale · x, and returns yᵀb for the new y, in one pass. */
  addScaledThenDot(y: Vector, scale: number, x: Vector, b: Vector): number;
}
