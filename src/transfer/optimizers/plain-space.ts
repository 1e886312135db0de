import { engineError } from '../../engine/engine-error.js';
import {
  type PackedVector,
  packedBlock,
  packedBytes,
  type Vector,
  type VectorCapacity,
  type VectorSpace,
} from './vector-space.js';

/** Number of sums that inner products are kept in, as vector-kernels.wat does: the same input gives the same result. */
const lanes = 8;

/** The largest multiple in a packed vector. */
const packedMost = 127;

/** Added to a float32 and taken away again, this rounds it to the nearest whole number, halves to even ones. */
const toWhole = 1.5 * 2 ** 23;

/** Vectors in plain JavaScript, each with memory of its own, with the arithmetic of vector-kernels.wat to the bit. */
export class PlainSpace implements VectorSpace {
  readonly #length: number;
  readonly #free: ArrayBuffer[];
  readonly #freePacked: PackedVector[];

  /** @throws `engine/out-of-memory` where the system doesn't give memory for so many vectors. */
  constructor(length: number, { vectors, packed }: VectorCapacity) {
    this.#length = length;
    const bytes = 4 * packedBlock * Math.ceil(length / packedBlock);
    try {
      // All are asked for at once: the system provides memory only where it is written to, and what fails, fails early.
      this.#free = Array.from({ length: vectors }, () => new ArrayBuffer(bytes));
      this.#freePacked = Array.from({ length: packed }, () => packedZeros(length));
    } catch (cause) {
      const gigabytes = ((bytes * vectors + packedBytes(length) * packed) / 1e9).toFixed(1);
      throw engineError(
        'out-of-memory',
        `There is no memory for the optimiser's ${vectors + packed} vectors of ${gigabytes} GB together. Take a smaller ` +
          'size, or a shorter history of L-BFGS.',
        {},
        cause,
      );
    }
  }

  vector(values?: Float32Array): Vector {
    const vector = new Float32Array(given(this.#free.pop()), 0, this.#length);
    if (values) vector.set(values);
    return vector;
  }

  packed(): PackedVector {
    return given(this.#freePacked.pop());
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

  packDifference({ values, scales }: PackedVector, a: Vector, b: Vector): void {
    const [u, v] = [padded(a), padded(b)];
    for (let block = 0; block < scales.length; block++) {
      const [begin, end] = [block * packedBlock, (block + 1) * packedBlock];
      let largest = 0;
      for (let i = begin; i < end; i++) {
        largest = Math.max(largest, Math.abs(Math.fround((u[i] as number) - (v[i] as number))));
      }
      scales[block] = largest / packedMost;
      const factor = largest > Math.fround(1e-30) ? Math.fround(packedMost / largest) : 0;
      for (let i = begin; i < end; i++) {
        const multiple = Math.fround(factor * Math.fround((u[i] as number) - (v[i] as number)));
        values[i] = Math.fround(multiple + toWhole) - toWhole;
      }
    }
  }

  dotPacked({ values, scales }: PackedVector, b: Vector): number {
    const v = padded(b);
    const sums = new Float32Array(4);
    const totals = new Float64Array(4);
    for (let block = 0; block < scales.length; block++) {
      const end = (block + 1) * packedBlock;
      sums.fill(0);
      for (let i = block * packedBlock; i < end; i++) {
        sums[i & 3] = (sums[i & 3] as number) + Math.fround((v[i] as number) * (values[i] as number));
      }
      for (let i = 0; i < 4; i++) {
        totals[i] = (totals[i] as number) + Math.fround((sums[i] as number) * (scales[block] as number));
      }
    }
    const [t0 = 0, t1 = 0, t2 = 0, t3 = 0] = totals;
    return t0 + t2 + (t1 + t3);
  }

  addScaledPacked(y: Vector, scale: number, { values, scales }: PackedVector): void {
    const factor = Math.fround(scale);
    for (let i = 0; i < y.length; i++) {
      const worth = Math.fround(factor * (scales[Math.floor(i / packedBlock)] as number));
      y[i] = (y[i] as number) + Math.fround(worth * (values[i] as number));
    }
  }
}

function packedZeros(length: number): PackedVector {
  const blocks = Math.ceil(length / packedBlock);
  return { values: new Int8Array(packedBlock * blocks), scales: new Float32Array(blocks) };
}

/** Returns what was given out. @throws RangeError where there was nothing left. */
function given<Kind>(one: Kind | undefined): Kind {
  if (one === undefined) throw new RangeError('Expected fewer vectors: the space is full');
  return one;
}

/** Returns a vector with the zeros behind it, which make its length a multiple of {@link packedBlock}. */
function padded({ buffer }: Vector): Float32Array {
  return new Float32Array(buffer);
}
