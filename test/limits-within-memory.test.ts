import { expect, it } from 'vitest';
import { limitsWithinMemory } from '../src/limits-within-memory.js';

const limits = { epochsMax: 1000, sizeMax: 2048, queueLength: 250 };

it('no server can allow pictures that each slot has no memory for', () => {
  const sizeMax = (memoryMegabytes: number, computeSlots: number) =>
    limitsWithinMemory({ limits, memoryMegabytes, computeSlots }, 'vgg19-lite').sizeMax;
  expect(sizeMax(4000, 1)).toBe(2048);
  expect(sizeMax(4000, 4)).toBeLessThan(2048);
  expect(sizeMax(4000, 4)).toBeGreaterThan(1024);
  expect(sizeMax(300, 4)).toBe(64);
});
