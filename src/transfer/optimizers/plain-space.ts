import { engineError } from '../../engine/engine-error.js';
import type { Vector, VectorSpace } from './vector-space.js';

/** Number of sums that inner products are kept in, as vector-kernels.wat does: the same input gives the same result. */
const lanes = 8;

/** Vectors in plain JavaScript, each with memory of its own, with the arithmetic of vector-kernels.wat to the bit. */
export class PlainSpace implements VectorSpace {
  readonly #length: number;
  readonly #free: ArrayBuffer[];

  /** @throws `engine/out-of-memory` where the system doesn't give memory for so many vectors. */
  constructor(length: number, capacity: number) {
    this.#length = length;
    const bytes = 4 * lanes * Math.ceil(length / lanes);
    try {
      // All are asked for at once: the system provides memory only where it is written to, and what fails, fails early.
      this.#free = Array.from({ length: capacity }, () => new ArrayBuffer(bytes));
    } catch (cause) {
      const gigabytes = ((bytes * capacity) / 1e9).toFixed(1);
      throw engineError(
        'out-of-memory',
        `There is no memory for the optimiser's ${capacity} vectors of ${gigabytes} GB together. Take a smaller size, a ` +
          'shorter history of L-BFGS, or Adam, which needs 4 vectors.',
        {},
        cause,
      );
    }
  }

  vector(values?: Float32Array): Vector {
    const buffer = this.#free.pop();
    if (!buffer) throw new RangeError('Expected fewer vectors: the space is full');
    const vector = new Float32Array(buffer, 0, this.#length);
    if (values) vector.set(values);
    return vector;
  }

  dot(a: Vector, b: Vector): number {
    const [u, v] = [padded(a), padded(b)];
    let [s0, s1, s2, s3, s4, s5, s6, s7] = [0, 0, 0, 0, 0, 0, 0, 0];
    for (let i = 0; i < u.length; i += lanes) {
      s0 += (u[i] as number) * (v[i] as number);
      s1 += (u[i + 1] as number) * (v[i + 1] as number);
      s2 += (u[i + 2] as number) * (v[i + 2] as number);
      s3 += (u[i + 3] as number) * (v[i + 3] as number);
      s4 += (u[i + 4] as number) * (v[i + 4] as number);
      s5 += (u[i + 5] as number) * (v[i + 5] as number);
      s6 += (u[i + 6] as number) * (v[i + 6] as number);
      s7 += (u[i + 7] as number) * (v[i + 7] as number);
    }
    return s0 + s2 + (s4 + s6) + (s1 + s3 + (s5 + s7));
  }

  addScaled(out: Vector, x: Vector, scale: number, d: Vector): void {
    const factor = Math.fround(scale);
    for (let i = 0; i < out.length; i++) out[i] = (x[i] as number) + Math.fround(factor * (d[i] as number));
  }

  addScaledThenDot(y: Vector, scale: number, x: Vector, b: Vector): number {
    this.addScaled(y, y, scale, x);
    return this.dot(y, b);
  }
}

/** Returns a vector with the zeros behind it, which make its length a multiple of {@link lanes}. */
function padded({ buffer }: Vector): Float32Array {
  return new Float32Array(buffer);
}
