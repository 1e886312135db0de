import { describe, expect, it } from 'vitest';
import { normalNumbers } from '../../../src/random-numbers.js';
import { openVectorSpace } from '../../../src/transfer/optimizers/open-vector-space.js';
import { PlainSpace } from '../../../src/transfer/optimizers/plain-space.js';
import { WebAssemblySpace } from '../../../src/transfer/optimizers/webassembly-space.js';

describe('a space of vectors', () => {
  it.each([1, 7, 8, 1000, 4099])(
    'computes the same to the bit in WebAssembly and in JavaScript: %i values',
    (length) => {
      const results = [WebAssemblySpace, PlainSpace].map((Space) => {
        const normal = normalNumbers(length);
        const space = new Space(length, 4);
        const [a, b, c] = [0, 0, 0].map(() => space.vector(Float32Array.from({ length }, normal)));
        const out = space.vector();
        if (!a || !b || !c) return expect.fail('a vector is missing');
        const dot = space.dot(a, b);
        space.addScaled(out, a, 1 / 3, b);
        const sum = out.slice();
        const fused = space.addScaledThenDot(out, -0.7, c, out);
        space.addScaled(a, a, 0.1, a);
        return { dot, sum, fused, out: out.slice(), a: a.slice() };
      });
      expect(results[0]).toEqual(results[1]);
      expect(results[0]?.dot).not.toBe(0);
    },
  );

  it('is in WebAssembly, where arithmetic is fast, unless that has no room', () => {
    expect(openVectorSpace(1000, 10)).toBeInstanceOf(WebAssemblySpace);
    // More than 4 GiB, which no memory of WebAssembly has. None of it is written to, so none of it is taken.
    expect(openVectorSpace(2 ** 27, 9)).toBeInstanceOf(PlainSpace);
  });

  it('says what to do where no memory has room', () => {
    expect(() => openVectorSpace(2 ** 45, 28)).toThrow(
      expect.objectContaining({
        key: 'engine/out-of-memory',
        message: expect.stringMatching(/28 vectors of \d+\.\d GB together\. Take a smaller size/),
      }),
    );
  });
});
