import { describe, expect, it } from 'vitest';
import { normalNumbers } from '../../../src/random-numbers.js';
import { openVectorSpace } from '../../../src/transfer/optimizers/open-vector-space.js';
import { PlainSpace } from '../../../src/transfer/optimizers/plain-space.js';
import { packedBlock } from '../../../src/transfer/optimizers/vector-space.js';
import { WebAssemblySpace } from '../../../src/transfer/optimizers/webassembly-space.js';

describe('a space of vectors', () => {
  it.each([1, 7, 8, 1000, 4099])(
    'computes the same to the bit in WebAssembly and in JavaScript: %i values',
    (length) => {
      const results = [WebAssemblySpace, PlainSpace].map((Space) => {
        const normal = normalNumbers(length);
        const space = new Space(length, { vectors: 4, packed: 1 });
        const [a, b, c] = [0, 0, 0].map(() => space.vector(Float32Array.from({ length }, normal)));
        const out = space.vector();
        if (!a || !b || !c) return expect.fail('a vector is missing');
        const dot = space.dot(a, b);
        space.addScaled(out, a, 1 / 3, b);
        const sum = out.slice();
        const packed = space.packed();
        space.packDifference(packed, c, b);
        const packedDot = space.dotPacked(packed, out);
        space.addScaledPacked(out, -0.7, packed);
        space.addScaled(a, a, 0.1, a);
        return { dot, sum, packed: { ...packed }, packedDot, out: out.slice(), a: a.slice() };
      });
      expect(results[0]).toEqual(results[1]);
      expect(results[0]?.dot).not.toBe(0);
    },
  );

  it.each([1, 64, 1000])('packs vectors to within a 254th of the largest value of each block: %i values', (length) => {
    const normal = normalNumbers(length);
    const space = openVectorSpace(length, { vectors: 3, packed: 1 });
    // The first half is a million times smaller: blocks have scales of their own.
    const from = Float32Array.from({ length }, (_, i) => normal() * (i < length / 2 ? 1e-6 : 1));
    const packed = space.packed();
    space.packDifference(packed, space.vector(from), space.vector());
    const unpacked = space.vector();
    space.addScaledPacked(unpacked, 1, packed);
    for (let begin = 0; begin < length; begin += packedBlock) {
      const block = from.subarray(begin, begin + packedBlock);
      const largest = Math.max(...block.map(Math.abs));
      const errors = block.map((value, i) => Math.abs(value - (unpacked[begin + i] ?? Number.NaN)));
      expect(Math.max(...errors)).toBeLessThanOrEqual(largest / 253.9);
    }
  });

  it('packs zeros as zeros', () => {
    const space = openVectorSpace(100, { vectors: 3, packed: 1 });
    const packed = space.packed();
    space.packDifference(packed, space.vector(), space.vector());
    expect(packed.values.every((value) => value === 0)).toBe(true);
    expect(space.dotPacked(packed, space.vector(new Float32Array(100).fill(1)))).toBe(0);
  });

  it('is in WebAssembly, where arithmetic is fast, unless that has no room', () => {
    expect(openVectorSpace(1000, { vectors: 6, packed: 4 })).toBeInstanceOf(WebAssemblySpace);
    // More than 4 GiB, which no memory of WebAssembly has. None of it is written to, so none of it is taken.
    expect(openVectorSpace(2 ** 27, { vectors: 9, packed: 0 })).toBeInstanceOf(PlainSpace);
  });

  it('says what to do where no memory has room', () => {
    expect(() => openVectorSpace(2 ** 45, { vectors: 6, packed: 22 })).toThrow(
      expect.objectContaining({
        key: 'engine/out-of-memory',
        message: expect.stringMatching(/28 vectors of \d+\.\d GB together\. Take a smaller size/),
      }),
    );
  });
});
