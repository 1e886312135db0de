import { describe, expect, it } from 'vitest';
import { Priorities, wholeSteps } from '../../../src/jobs/redis/bot/priorities.js';

describe('priorities', () => {
  it('order as start tags do, whatever whole steps they lie apart', () => {
    const priorities = new Priorities();
    priorities.rebase(1000, 1000);
    const tags = [0, 1.3, 1.4, 2.7, 15, 3600].map((seconds) => 1000 + wholeSteps(seconds));
    const order = tags.map((tag) => priorities.of(tag) ?? Number.NaN);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(new Set(order).size).toBe(new Set(tags).size);
  });

  it('say where a tag doesn’t fit, and take it once the base was moved', () => {
    const priorities = new Priorities();
    expect(priorities.of(300_000)).toBeUndefined();
    expect(priorities.of(-1)).toBeUndefined();
    priorities.rebase(299_000, 300_000);
    expect(priorities.of(299_000)).toBe(priorities.first);
    expect(priorities.of(300_000)).toBe(priorities.first + 8000);
    priorities.rebase(0, 10_000_000);
    expect(priorities.of(10_000_000)).toBeLessThan(priorities.last);
  });
});
