import { describe, expect, it } from 'vitest';
import { normalNumbers } from '../../../src/random-numbers.js';
import { openPlanes } from '../../../src/transfer/pixels/open-planes.js';
import { PlainPlanes } from '../../../src/transfer/pixels/plain-planes.js';
import { mostTaps, planeLayout } from '../../../src/transfer/pixels/plane-arithmetic.js';
import { WebAssemblyPlanes } from '../../../src/transfer/pixels/webassembly-planes.js';
import { relativeError } from '../../numbers.js';

describe.each([
  { name: 'WebAssembly', Planes: WebAssemblyPlanes },
  { name: 'JavaScript', Planes: PlainPlanes },
])('planes in $name', ({ Planes }) => {
  it.each([
    { width: 1, height: 1 },
    { width: 7, height: 5 },
    { width: 64, height: 33 },
  ])('multiply and filter with what lies up to two pixels away, at $width×$height', ({ width, height }) => {
    const layout = planeLayout({ width, height });
    const planes = new Planes(layout, 3);
    const [a, b, out] = [planes.plane(), planes.plane(), planes.plane()];
    const normal = normalNumbers(width);
    const index = (x: number, y: number) => layout.origin + y * layout.pitch + x;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        a[index(x, y)] = normal();
        b[index(x, y)] = 1 + normal();
      }
    }
    const inside = (x: number, y: number) => x >= 0 && x < width && y >= 0 && y < height;
    const at = (plane: Float32Array, x: number, y: number) => (inside(x, y) ? (plane[index(x, y)] ?? Number.NaN) : 0);
    for (const [across, down] of [
      [0, 0],
      [2, 1],
      [-2, 2],
      [1, -2],
    ] as const) {
      const shift = down * layout.pitch + across;
      planes.filter(out, [
        { plane: a, shift, factor: 2 },
        ...Array.from({ length: mostTaps - 1 }, () => ({ plane: b, shift: 0, factor: 0.125 })),
      ]);
      let [sum, size] = [0, 1e-9];
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const product = at(a, x, y) * at(b, x + across, y + down);
          sum += product;
          size += Math.abs(product);
          const filtered = 2 * at(a, x + across, y + down) + ((mostTaps - 1) / 8) * at(b, x, y);
          expect(out[index(x, y)]).toBeCloseTo(filtered, 4);
        }
      }
      expect(Math.abs(planes.product(a, b, shift) - sum) / size).toBeLessThan(1e-6);
    }
  });

  it('add up many products so well that small differences of the sums can be believed', () => {
    const layout = planeLayout({ width: 500, height: 400 });
    const planes = new Planes(layout, 1);
    const plane = planes.plane();
    let exact = 0;
    const normal = normalNumbers(1);
    for (let y = 0; y < 400; y++) {
      for (let x = 0; x < 500; x++) {
        const value = Math.fround(1 + 0.1 * normal());
        plane[layout.origin + y * layout.pitch + x] = value;
        exact += value * value;
      }
    }
    expect(relativeError(planes.product(plane, plane, 0), exact)).toBeLessThan(3e-8);
  });

  it('are no more than were asked for', () => {
    const planes = new Planes(planeLayout({ width: 40, height: 40 }), 50);
    for (let i = 0; i < 50; i++) planes.plane();
    expect(() => {
      for (let i = 0; i < 12; i++) planes.plane();
    }).toThrow(/full/);
  });
});

describe('planes', () => {
  it('are the same to the bit in WebAssembly and in JavaScript', () => {
    const layout = planeLayout({ width: 61, height: 37 });
    const results = [new WebAssemblyPlanes(layout, 3), new PlainPlanes(layout, 3)].map((planes) => {
      const [a, b, out] = [planes.plane(), planes.plane(), planes.plane()];
      const normal = normalNumbers(3);
      for (let y = 0; y < layout.height; y++) {
        for (let x = 0; x < layout.width; x++) {
          a[layout.origin + y * layout.pitch + x] = normal();
          b[layout.origin + y * layout.pitch + x] = 1 + normal();
        }
      }
      planes.filter(out, [
        { plane: a, shift: layout.pitch - 2, factor: 0.1 },
        { plane: b, shift: 0, factor: -1.7 },
        { plane: a, shift: -1, factor: 2 / 3 },
      ]);
      return [planes.product(a, b, 1), planes.product(out, a, -layout.pitch), ...out];
    });
    expect(results[1]).toEqual(results[0]);
  });

  it('are in WebAssembly, where arithmetic is fast, unless that has no room', () => {
    expect(openPlanes(planeLayout({ width: 30, height: 20 }), 5)).toBeInstanceOf(WebAssemblyPlanes);
  });

  it('say what to do where no memory has room', () => {
    const layout = { ...planeLayout({ width: 10, height: 10 }), length: 2 ** 45 };
    expect(() => openPlanes(layout, 5)).toThrow(
      expect.objectContaining({ key: 'engine/out-of-memory', message: expect.stringMatching(/pixel weight of 0/) }),
    );
  });
});
