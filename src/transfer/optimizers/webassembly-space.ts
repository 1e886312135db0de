import { vectorKernels } from './vector-kernels.js';
import {
  type PackedVector,
  packedBlock,
  packedBytes,
  type Vector,
  type VectorCapacity,
  type VectorSpace,
} from './vector-space.js';

/** The functions that vector-kernels.wat exports. Vectors are given by their offsets, lengths in bytes. */
interface Kernels {
  dot(a: number, b: number, bytes: number): number;
  addScaled(out: number, x: number, scale: number, d: number, bytes: number): void;
  packDifference(values: number, scales: number, a: number, b: number, blocks: number): void;
  dotPacked(values: number, scales: number, x: number, blocks: number): number;
  addScaledPacked(y: number, scale: number, values: number, scales: number, blocks: number): void;
}

const pageBytes = 65_536;

/**
 * Vectors in a memory of WebAssembly. The speed of an optimiser between two evaluations depends on passes over memory;
 * WebAssembly's SIMD does them in a third of JavaScript's time.
 */
export class WebAssemblySpace implements VectorSpace {
  readonly #length: number;
  readonly #blocks: number;
  /** Number of bytes of a vector with its padding. */
  readonly #bytes: number;
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: Kernels;
  #allocated = 0;

  /** @throws RangeError where the vectors don't fit into a memory of 4 GiB, or where there is no room for a memory. */
  constructor(length: number, { vectors, packed }: VectorCapacity) {
    this.#length = length;
    this.#blocks = Math.max(1, Math.ceil(length / packedBlock));
    this.#bytes = 4 * packedBlock * this.#blocks;
    const pages = Math.ceil((this.#bytes * vectors + this.#packedBytes * packed) / pageBytes);
    // The memory never grows, which would detach the arrays. The system provides it only where it is written to.
    this.#memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const instance = new WebAssembly.Instance(kernelModule(), { vectors: { memory: this.#memory } });
    this.#kernels = instance.exports as unknown as Kernels;
  }

  vector(values?: Float32Array): Vector {
    const vector = new Float32Array(this.#memory.buffer, this.#allocate(this.#bytes), this.#length);
    if (values) vector.set(values);
    return vector;
  }

  packed(): PackedVector {
    const offset = this.#allocate(this.#packedBytes);
    const valueBytes = packedBlock * this.#blocks;
    return {
      values: new Int8Array(this.#memory.buffer, offset, valueBytes),
      scales: new Float32Array(this.#memory.buffer, offset + valueBytes, this.#blocks),
    };
  }

  dot(a: Vector, b: Vector): number {
    return this.#kernels.dot(a.byteOffset, b.byteOffset, this.#bytes);
  }

  addScaled(out: Vector, x: Vector, scale: number, d: Vector): void {
    this.#kernels.addScaled(out.byteOffset, x.byteOffset, scale, d.byteOffset, this.#bytes);
  }

  packDifference({ values, scales }: PackedVector, a: Vector, b: Vector): void {
    this.#kernels.packDifference(values.byteOffset, scales.byteOffset, a.byteOffset, b.byteOffset, this.#blocks);
  }

  dotPacked({ values, scales }: PackedVector, b: Vector): number {
    return this.#kernels.dotPacked(values.byteOffset, scales.byteOffset, b.byteOffset, this.#blocks);
  }

  addScaledPacked(y: Vector, scale: number, { values, scales }: PackedVector): void {
    this.#kernels.addScaledPacked(y.byteOffset, scale, values.byteOffset, scales.byteOffset, this.#blocks);
  }

  /** Number of bytes of a packed vector, a multiple of what SIMD likes to have values aligned to. */
  get #packedBytes(): number {
    return Math.ceil(packedBytes(this.#length) / 16) * 16;
  }

  #allocate(bytes: number): number {
    const offset = this.#allocated;
    if (offset + bytes > this.#memory.buffer.byteLength)
      throw new RangeError('Expected fewer vectors: the space is full');
    this.#allocated += bytes;
    return offset;
  }
}

let compiled: WebAssembly.Module | undefined;

function kernelModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(Buffer.from(vectorKernels, 'base64'));
  return compiled;
}
