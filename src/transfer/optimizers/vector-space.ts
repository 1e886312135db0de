import { vectorKernels } from './vector-kernels.js';

/** A vector that belongs to a {@link VectorSpace}. */
export interface Vector {
  /** The vector's values, which may be read and written. */
  readonly values: Float32Array;
  /** Position of the vector in the space's memory, in bytes. */
  readonly offset: number;
}

/** The functions that vector-kernels.wat exports. Vectors are given by their offsets, lengths in bytes. */
interface Kernels {
  dot(a: number, b: number, bytes: number): number;
  addScaled(out: number, x: number, scale: number, d: number, bytes: number): void;
  addScaledThenDot(y: number, scale: number, x: number, b: number, bytes: number): number;
}

/** Number of bytes that the kernels take at a time: eight values. */
const blockBytes = 32;
const pageBytes = 65_536;

/**
 * Vectors of one length and fast arithmetic on them: float32 values, sums in double precision. The speed of an
 * optimiser between two evaluations depends on such passes over memory; WebAssembly's SIMD does them in a third of
 * JavaScript's time. The order of additions is fixed, so that results are the same on every run.
 */
export class VectorSpace {
  readonly length: number;
  readonly #bytes: number;
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: Kernels;
  #allocated = 0;

  /**
   * @param capacity - the most vectors that can be allocated; those that never are cost nothing.
   * @throws RangeError where the vectors don't fit into a WebAssembly memory of 4 GiB.
   */
  constructor(length: number, capacity: number) {
    this.length = length;
    this.#bytes = Math.max(1, Math.ceil((4 * length) / blockBytes)) * blockBytes;
    const pages = Math.ceil((this.#bytes * capacity) / pageBytes);
    if (pages > 65_536) throw new RangeError(`Expected at most 4 GiB of vectors, got ${capacity} of ${length} values`);
    // The memory never grows, which would detach the arrays. The system provides it only where it is written to.
    this.#memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const instance = new WebAssembly.Instance(kernelModule(), { vectors: { memory: this.#memory } });
    this.#kernels = instance.exports as unknown as Kernels;
  }

  /** Allocates a vector of zeros, or of the given values. @throws RangeError where the space is full. */
  vector(values?: Float32Array): Vector {
    const offset = this.#allocated;
    if (offset + this.#bytes > this.#memory.buffer.byteLength)
      throw new RangeError('Expected fewer vectors: the space is full');
    this.#allocated += this.#bytes;
    const vector = { values: new Float32Array(this.#memory.buffer, offset, this.length), offset };
    if (values) vector.values.set(values);
    return vector;
  }

  /** Returns the inner product aᵀb. */
  dot(a: Vector, b: Vector): number {
    return this.#kernels.dot(a.offset, b.offset, this.#bytes);
  }

  /** Computes out ← x + scale · d; out may be x or d. */
  addScaled(out: Vector, x: Vector, scale: number, d: Vector): void {
    this.#kernels.addScaled(out.offset, x.offset, scale, d.offset, this.#bytes);
  }

  /** Computes y ← y + scale · x, and returns yᵀb for the new y, in one pass. */
  addScaledThenDot(y: Vector, scale: number, x: Vector, b: Vector): number {
    return this.#kernels.addScaledThenDot(y.offset, scale, x.offset, b.offset, this.#bytes);
  }

  /** Tells whether every value of a vector is a finite number. */
  isFinite(a: Vector): boolean {
    // Squares of float32 values can't overflow a double.
    return Number.isFinite(this.dot(a, a));
  }
}

let compiled: WebAssembly.Module | undefined;

function kernelModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(Buffer.from(vectorKernels, 'base64'));
  return compiled;
}
