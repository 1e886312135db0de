import { vectorKernels } from './vector-kernels.js';
import type { Vector, VectorSpace } from './vector-space.js';

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
 * Vectors in a memory of WebAssembly. The speed of an optimiser between two evaluations depends on passes over memory;
 * WebAssembly's SIMD does them in a third of JavaScript's time.
 */
export class WebAssemblySpace implements VectorSpace {
  readonly #length: number;
  readonly #bytes: number;
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: Kernels;
  #allocated = 0;

  /** @throws RangeError where the vectors don't fit into a memory of 4 GiB, or where there is no room for a memory. */
  constructor(length: number, capacity: number) {
    this.#length = length;
    this.#bytes = Math.max(1, Math.ceil((4 * length) / blockBytes)) * blockBytes;
    const pages = Math.ceil((this.#bytes * capacity) / pageBytes);
    // The memory never grows, which would detach the arrays. The system provides it only where it is written to.
    this.#memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const instance = new WebAssembly.Instance(kernelModule(), { vectors: { memory: this.#memory } });
    this.#kernels = instance.exports as unknown as Kernels;
  }

  vector(values?: Float32Array): Vector {
    const offset = this.#allocated;
    if (offset + this.#bytes > this.#memory.buffer.byteLength)
      throw new RangeError('Expected fewer vectors: the space is full');
    this.#allocated += this.#bytes;
    const vector = new Float32Array(this.#memory.buffer, offset, this.#length);
    if (values) vector.set(values);
    return vector;
  }

  dot(a: Vector, b: Vector): number {
    return this.#kernels.dot(a.byteOffset, b.byteOffset, this.#bytes);
  }

  addScaled(out: Vector, x: Vector, scale: number, d: Vector): void {
    this.#kernels.addScaled(out.byteOffset, x.byteOffset, scale, d.byteOffset, this.#bytes);
  }

  addScaledThenDot(y: Vector, scale: number, x: Vector, b: Vector): number {
    return this.#kernels.addScaledThenDot(y.byteOffset, scale, x.byteOffset, b.byteOffset, this.#bytes);
  }
}

let compiled: WebAssembly.Module | undefined;

function kernelModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(Buffer.from(vectorKernels, 'base64'));
  return compiled;
}
