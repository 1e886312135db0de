/** A vector that belongs to a {@link VectorSpace}. Its values may be read and written. */
export type Vector = Float32Array;

/**
 * A vector in about a quarter of the memory: in blocks of {@link packedBlock} values, each of them a multiple from −127 to
 * 127 of what the block's largest value is 127 times.
 */
export interface PackedVector {
  readonly values: Int8Array;
  /** What 1 is worth in each block. */
  readonly scales: Float32Array;
}

/** Number of values in a block of packed vectors; all vectors are padded to it with zeros. */
export const packedBlock = 64;

/** The number of bytes of a packed vector of so many values. */
export function packedBytes(length: number): number {
  return Math.max(1, Math.ceil(length / packedBlock)) * (packedBlock + Float32Array.BYTES_PER_ELEMENT);
}

/** How many vectors of each kind can be asked for; those that never are cost nothing. */
export interface VectorCapacity {
  readonly vectors: number;
  readonly packed: number;
}

/**
 * Vectors of one length and fast arithmetic on them: float32 values, sums in double precision. The order of additions
 * is fixed, so that results are the same on every run, and whatever computes them.
 */
export interface VectorSpace {
  /** Returns a vector of zeros, or of the given values. @throws RangeError where all vectors have been given out. */
  vector(values?: Float32Array): Vector;
  /** Returns a packed vector of zeros. @throws RangeError where all of them have been given out. */
  packed(): PackedVector;
  /** Returns the inner product aᵀb. */
  dot(a: Vector, b: Vector): number;
  /** Computes out ← x + scale · d; out may be x or d. */
  addScaled(out: Vector, x: Vector, scale: number, d: Vector): void;
  /** Computes out ← a − b, packed. */
  packDifference(out: PackedVector, a: Vector, b: Vector): void;
  /** Returns the inner product aᵀb. */
  dotPacked(a: PackedVector, b: Vector): number;
  /** Computes y ← y + scale · x. */
  addScaledPacked(y: Vector, scale: number, x: PackedVector): void;
}
