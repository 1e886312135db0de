import { engineError } from '../../engine/engine-error.js';
import type { PlaneArithmetic, PlaneLayout, Tap } from './plane-arithmetic.js';

/** Planes in plain JavaScript, each with memory of its own. */
export class PlainPlanes implements PlaneArithmetic {
  readonly layout: PlaneLayout;
  readonly #free: Float32Array[];

  /** @throws `engine/out-of-memory` where the system doesn't give memory for so many planes. */
  constructor(layout: PlaneLayout, planes: number) {
    this.layout = layout;
    try {
      this.#free = Array.from({ length: planes }, () => new Float32Array(layout.length));
    } catch (cause) {
      const gigabytes = ((4 * layout.length * planes) / 1e9).toFixed(1);
      throw engineError(
        'out-of-memory',
        `There is no memory for the ${gigabytes} GB in which a picture's own pixels are compared. Take a smaller size, ` +
          'or a pixel weight of 0.',
        {},
        cause,
      );
    }
  }

  plane(): Float32Array {
    const plane = this.#free.pop();
    if (!plane) throw new RangeError('Expected fewer planes: the memory is full');
    return plane;
  }

  product(a: Float32Array, b: Float32Array, shift: number): number {
    const { origin, extent } = this.layout;
    let sum = 0;
    for (let i = origin; i < origin + extent; i++) sum += (a[i] as number) * (b[i + shift] as number);
    return sum;
  }

  filter(out: Float32Array, taps: readonly Tap[]): void {
    const { origin, extent } = this.layout;
    out.fill(0, origin, origin + extent);
    for (const { plane, shift, factor } of taps) {
      for (let i = origin; i < origin + extent; i++) {
        out[i] = (out[i] as number) + factor * (plane[i + shift] as number);
      }
    }
  }
}
