import { mostTaps, type PlaneArithmetic, type PlaneLayout, type Tap } from './plane-arithmetic.js';
import { planeKernels } from './plane-kernels.js';

/** The functions that plane-kernels.wat exports. Planes are given by offsets, lengths in bytes. */
interface Kernels {
  product(a: number, b: number, bytes: number): number;
  filter(out: number, taps: number, tapsEnd: number, bytes: number): void;
}

const pageBytes = 65_536;
const tapBytes = 8;

/** Planes in a memory of WebAssembly, whose SIMD is ten times as fast as JavaScript at this. */
export class WebAssemblyPlanes implements PlaneArithmetic {
  readonly layout: PlaneLayout;
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: Kernels;
  /** The taps of the filter that runs, at the beginning of the memory. */
  readonly #taps: DataView;
  #allocated = tapBytes * mostTaps;

  /**
   * @param planes - the most planes that can be asked for.
   * @throws RangeError where they don't fit into a memory of 4 GiB, or where there is no room for a memory.
   */
  constructor(layout: PlaneLayout, planes: number) {
    this.layout = layout;
    const pages = Math.ceil((this.#allocated + 4 * layout.length * planes) / pageBytes);
    this.#memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    this.#taps = new DataView(this.#memory.buffer, 0, this.#allocated);
    const instance = new WebAssembly.Instance(kernelModule(), { planes: { memory: this.#memory } });
    this.#kernels = instance.exports as unknown as Kernels;
  }

  plane(): Float32Array {
    const offset = this.#allocated;
    if (offset + 4 * this.layout.length > this.#memory.buffer.byteLength) {
      throw new RangeError('Expected fewer planes: the memory is full');
    }
    this.#allocated += 4 * this.layout.length;
    return new Float32Array(this.#memory.buffer, offset, this.layout.length);
  }

  product(a: Float32Array, b: Float32Array, shift: number): number {
    return this.#kernels.product(this.#offset(a, 0), this.#offset(b, shift), 4 * this.layout.extent);
  }

  filter(out: Float32Array, taps: readonly Tap[]): void {
    for (const [i, { plane, shift, factor }] of taps.entries()) {
      this.#taps.setInt32(tapBytes * i, this.#offset(plane, shift), true);
      this.#taps.setFloat32(tapBytes * i + 4, factor, true);
    }
    this.#kernels.filter(this.#offset(out, 0), 0, tapBytes * taps.length, 4 * this.layout.extent);
  }

  #offset(plane: Float32Array, shift: number): number {
    return plane.byteOffset + 4 * (this.layout.origin + shift);
  }
}

let compiled: WebAssembly.Module | undefined;

function kernelModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(Buffer.from(planeKernels, 'base64'));
  return compiled;
}
