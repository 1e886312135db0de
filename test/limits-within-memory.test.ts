import { expect, it } from 'vitest';
import { limitsWithinMemory } from '../src/limits-within-memory.js';

const limits = { epochsMax: 1000, sizeMax: 2048, queueLength: 250 };

it('no server can allow pictures that there is no memory for', () => {
  const sizeMax = (megabytes: number) => limitsWithinMemory(limits, 1e6 * megabytes, 'vgg19-lite').sizeMax;
  expect(sizeMax(4000)).toBe(2048);
  expect(sizeMax(1000)).toBeLessThan(2048);
  expect(sizeMax(1000)).toBeGreaterThan(1024);
  expect(sizeMax(75)).toBe(64);
});
