import { PlainPlanes } from './plain-planes.js';
import type { PlaneArithmetic, PlaneLayout } from './plane-arithmetic.js';
import { WebAssemblyPlanes } from './webassembly-planes.js';

/**
 * Makes room for planes: in WebAssembly where it has room, else in plain JavaScript. WebAssembly can't start where a
 * process has little address space or a processor no SIMD, and its memory ends at 4 GiB.
 *
 * @param planes - the most planes that can be asked for.
 * @throws `engine/out-of-memory` where the system doesn't give memory for so many.
 */
export function openPlanes(layout: PlaneLayout, planes: number): PlaneArithmetic {
  try {
    return new WebAssemblyPlanes(layout, planes);
  } catch {
    return new PlainPlanes(layout, planes);
  }
}
