import { engineError } from '../../engine/engine-error.js';
import { blockLength, type PlaneArithmetic, type PlaneLayout, type Tap } from './plane-arithmetic.js';

const { fround } = Math;

/** Planes in plain JavaScript, each with memory of its own, with the arithmetic of plane-kernels.wat to the bit. */
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
    const lanes = new Float32Array(16);
    const lane = (i: number) =>
      fround(fround(at(lanes, i) + at(lanes, i + 4)) + fround(at(lanes, i + 8) + at(lanes, i + 12)));
    let [even, odd] = [0, 0];
    for (let block = origin; block < origin + extent; block += blockLength) {
      lanes.fill(0);
      for (let i = 0; i < blockLength; i++) {
        lanes[i % 16] = at(lanes, i % 16) + fround(at(a, block + i) * at(b, block + i + shift));
      }
      even += lane(0) + lane(2);
      odd += lane(1) + lane(3);
    }
    return even + odd;
  }

  filter(out: Float32Array, taps: readonly Tap[]): void {
    const { origin, extent } = this.layout;
    out.fill(0, origin, origin + extent);
    for (const { plane, shift, factor } of taps) {
      const single = fround(factor);
      for (let i = origin; i < origin + extent; i++) out[i] = at(out, i) + fround(single * at(plane, i + shift));
    }
  }
}

function at(plane: Float32Array, index: number): number {
  return plane[index] as number;
}
