import { PlainSpace } from './plain-space.js';
import type { VectorCapacity, VectorSpace } from './vector-space.js';
import { WebAssemblySpace } from './webassembly-space.js';

/**
 * Makes a space: in WebAssembly where it has room, else in plain JavaScript. WebAssembly can't start where a process
 * has little address space or a processor no SIMD, and its memory ends at 4 GiB.
 *
 * @param length - the number of values of each vector.
 * @throws `engine/out-of-memory` where the system doesn't give memory for so many.
 */
export function openVectorSpace(length: number, capacity: VectorCapacity): VectorSpace {
  try {
    return new WebAssemblySpace(length, capacity);
  } catch {
    return new PlainSpace(length, capacity);
  }
}
