import { describe, expect, it } from 'vitest';
import { memoryLimit } from '../../src/engine/memory-limit.js';

const facts = { available: 10e9, constrained: undefined, addressSpace: undefined, resident: 0.1e9 };

describe('the memory that a process may take', () => {
  it.each([
    ['what MEMORY_MB says, whatever there is', 1500, 1, facts, 1.5e9, /MEMORY_MB/],
    ['a share of MEMORY_MB for each process', 1500, 3, facts, 0.5e9, /MEMORY_MB/],
    ['most of what is free', undefined, 1, facts, 8.1e9, /free/],
    ['a share of what is free for each process', undefined, 4, facts, 2.1e9, /free/],
    ['most of what the control group allows', undefined, 1, { ...facts, constrained: 2e9 }, 1.8e9, /cgroup/],
    [
      'no more than is free, whatever the control group allows',
      undefined,
      1,
      { ...facts, constrained: 64e9 },
      8.1e9,
      /free/,
    ],
    [
      'what is not reserved for nothing of its address space',
      undefined,
      2,
      { ...facts, addressSpace: 3e9 },
      1.1e9,
      /ulimit/,
    ],
  ])('is %s', (_what, megabytes, processes, known, bytes, reason) => {
    const limit = memoryLimit(megabytes, processes, known);
    expect(limit.bytes).toBeCloseTo(bytes, -3);
    expect(limit.reason).toMatch(reason);
  });

  it('is found out on this machine', () => {
    expect(memoryLimit(undefined).bytes).toBeGreaterThan(100e6);
  });
});
