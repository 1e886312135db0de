import { describe, expect, it } from 'vitest';
import { convolutionsOf, topologies } from '../../src/engine/topology.js';
import { largestSide, memoryForEvaluating, transferMemory } from '../../src/transfer/transfer-memory.js';

const square = (side: number) => ({ width: side, height: side });

describe('the memory of a transfer, known before it begins,', () => {
  it.each([
    ['vgg19-lite', 1024, 0.9e9],
    ['vgg19-lite', 2048, 1.5e9],
    ['vgg19-lite', 4096, 4e9],
    ['vgg19', 1024, 2e9],
  ] as const)('is bounded for %s at %i²: there are pieces small enough', (network, side, bytes) => {
    expect(transferMemory(network, square(side)).least).toBeLessThan(bytes);
  });

  it('is as large in one piece as pixels and network make it', () => {
    const [small, large] = [512, 2048].map((side) => transferMemory('vgg19-lite', square(side)).inOnePiece);
    expect(large).toBeGreaterThan(8 * (small ?? Number.NaN));
    expect(transferMemory('vgg19', square(512)).inOnePiece).toBeGreaterThan(2 * (small ?? Number.NaN));
  });

  it.each([0.6e9, 1e9, 2e9])('lets a picture be as large as %i bytes allow, and no larger', (bytes) => {
    const largest = largestSide('vgg19-lite', square(4096), bytes);
    expect(largest % 16).toBe(0);
    expect(transferMemory('vgg19-lite', square(largest)).least).toBeLessThanOrEqual(bytes);
    expect(transferMemory('vgg19-lite', square(largest + 16)).least).toBeGreaterThan(bytes);
  });

  it.each([
    [1024, 0.38, 0.7],
    [4096, 0.38, 0.63],
  ])('is less for a region of %i², by what is not evaluated', (side, inOnePiece, least) => {
    const region = { left: 34, top: 34, width: 31.6, height: 31.6 };
    const [part, whole, small] = [
      transferMemory('vgg19-lite', square(side), { styled: [region] }),
      transferMemory('vgg19-lite', square(side)),
      transferMemory('vgg19-lite', square(0.32 * side)),
    ];
    // Five pictures more are held around it, and one as large as the content is read.
    const around = 12 * (5 * (side + 16) ** 2 + Math.max(2048, side + 16) ** 2);
    expect(part.inOnePiece - around).toBeLessThan(inOnePiece * whole.inOnePiece);
    expect(part.least - around).toBeLessThan(least * whole.least);
    expect(part.least).toBeLessThan(0.9 * whole.least);
    expect(part.least - around).toBeGreaterThan(small.least);
  });

  it('counts the content of a large picture while coarser scales of it are painted', () => {
    const forEvaluating = (side: number) => {
      const evaluated = { shape: convolutionsOf(topologies['vgg19-lite']), layers: ['relu4_1'], pixels: 2048 ** 2 };
      return memoryForEvaluating(4e9)({ ...evaluated, wholePixels: 2048 ** 2, resultPixels: side ** 2 });
    };
    // A content of 4096 pixels a side in floating point has three times as many bytes more than one of 2048.
    expect(forEvaluating(2048) - forEvaluating(4096)).toBe(12 * (4096 ** 2 - 2048 ** 2));
  });

  it('is known for the layers that are looked at, as is the window around a region', () => {
    const region = { left: 34, top: 34, width: 31.6, height: 31.6 };
    const leastFor = (layer: string) =>
      transferMemory('vgg19-lite', square(1024), { styled: [region], layers: [layer] }).least;
    expect(leastFor('relu4_1')).toBeLessThan(leastFor('relu5_1'));
    expect(leastFor('relu3_1')).toBeLessThan(leastFor('relu4_1'));
  });

  it('lets nothing be painted where not even the process has room', () => {
    expect(largestSide('vgg19', square(512), 0.2e9)).toBe(0);
  });
});
