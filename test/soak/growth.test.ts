import { expect, it } from 'vitest';
import { growthOf } from './growth.js';

it('tells growth after warming up, whatever goes up and down', () => {
  const saw = Array.from({ length: 100 }, (_, index) => 100 + (index % 5));
  expect(growthOf(saw)?.share).toBe(0);
  const warming = saw.map((value, index) => (index < 15 ? value / 2 : value));
  expect(growthOf(warming)?.share).toBe(0);
  const leaking = saw.map((value, index) => value + index / 5);
  expect(growthOf(leaking)?.share).toBeGreaterThan(0.05);
  expect(growthOf(saw.slice(0, 10))).toBeUndefined();
});
