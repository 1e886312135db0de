import { describe, expect, it } from 'vitest';
import { crop } from '../../src/imaging/reflect-pad.js';
import { resample } from '../../src/imaging/resample.js';
import { foldMargins, recut, resampleTile, wrapPad } from '../../src/imaging/tile.js';
import { noisePicture } from '../engine/random-pictures.js';

const margins = { left: 3, top: 9, right: 1, bottom: 20 };

function product(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? Number.NaN), 0);
}

describe('a tile', () => {
  it('goes on in its margins, however wide they are', () => {
    const row = { width: 4, height: 1, data: Float32Array.from([0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3]) };
    const { width, height, data } = wrapPad(row, { left: 2, right: 7, top: 0, bottom: 1 });
    expect([width, height]).toEqual([13, 2]);
    expect([...data.slice(0, 13)]).toEqual([2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2]);
    expect(data.slice(13, 26)).toEqual(data.slice(0, 13));
  });

  it('takes back from its margins what belongs to the pixels that they are copies of', () => {
    const tile = noisePicture(7, 5, 1);
    const padded = wrapPad(tile, margins);
    const derivatives = noisePicture(padded.width, padded.height, 2).data;
    // Folding is the adjoint of padding: ⟨pad(x), y⟩ = ⟨x, fold(y)⟩ for all x and y.
    expect(product(tile.data, foldMargins(derivatives, tile, margins))).toBeCloseTo(
      product(padded.data, derivatives),
      3,
    );
  });

  it.each([
    [16, 32],
    [17, 31],
    [40, 24],
    [12, 5],
    [8, 8],
  ])('of %d pixels becomes one of %d as a wall of them would', (from, to) => {
    const tile = noisePicture(from, from, 3);
    const wall = wrapPad(tile, { left: 2 * from, right: 2 * from, top: 2 * from, bottom: 2 * from });
    const expected = crop(resample(wall, 5 * to, 5 * to), 2 * to, 2 * to, to, to);
    const resized = resampleTile(tile, to, to);
    expect([resized.width, resized.height]).toEqual([to, to]);
    const errors = resized.data.map((value, i) => Math.abs(value - (expected.data[i] ?? Number.NaN)));
    expect(Math.max(...errors)).toBeLessThan(1e-5);
  });

  it('can be cut where it is even, and makes the same wall', () => {
    // The tile is even at x = 4 and y = 2 only: everywhere else neighbours differ.
    const data = Float32Array.from({ length: 3 * 7 * 5 }, (_, i) => {
      const [x, y] = [i % 7, Math.floor(i / 7) % 5];
      return ((x < 4 ? x : x - 1) % 2) + ((y < 2 ? y : y - 1) % 2);
    });
    const tile = { width: 7, height: 5, data };
    const expected = crop(wrapPad(tile, { left: 0, top: 0, right: 7, bottom: 5 }), 4, 2, 7, 5);
    expect(recut(tile, 4)).toEqual(expected);
    // A search three pixels to each side finds the same cut, three columns to the left and three rows up.
    expect(recut(tile, 3)).toEqual(expected);
    // A cut that is too far away is not tried.
    expect(recut(tile, 0)).toEqual(tile);
  });
});
