import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { controlGroupLimit } from '../../src/engine/control-group.js';
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
    // Only who has set it can raise it.
    expect(limit.remedy.includes('MEMORY_MB')).toBe(megabytes !== undefined);
  });

  it.each<[string, Readonly<Record<string, string>>, number | undefined]>([
    ['its own group’s', { 'proc/self/cgroup': '0::/bot\n', 'sys/fs/cgroup/bot/memory.max': '5000000000\n' }, 5e9],
    [
      'that of a container around its service, as the least',
      {
        'proc/self/cgroup': '0::/system.slice/bot.service\n',
        'sys/fs/cgroup/memory.max': '1200000000\n',
        'sys/fs/cgroup/system.slice/memory.max': 'max\n',
        'sys/fs/cgroup/system.slice/bot.service/memory.max': 'max\n',
        'sys/fs/cgroup/system.slice/bot.service/memory.high': '3000000000\n',
      },
      1.2e9,
    ],
    [
      'that of version 1, in a container that sees only its own top',
      {
        'proc/self/cgroup': '5:cpu,cpuacct:/docker/ab\n4:memory:/docker/ab\n0::/\n',
        'sys/fs/cgroup/memory/memory.limit_in_bytes': '2000000000\n',
      },
      2e9,
    ],
    [
      'none without limits',
      {
        'proc/self/cgroup': '4:memory:/\n0::/user.slice\n',
        'sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
        'sys/fs/cgroup/unified/user.slice/memory.max': 'max\n',
      },
      undefined,
    ],
    ['none where there are no such files', {}, undefined],
  ])('by control groups is %s', async (_what, files, bytes) => {
    const root = await mkdtemp(join(tmpdir(), 'whitewalker-cgroup-'));
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    }
    expect(controlGroupLimit(root)).toBe(bytes);
    await rm(root, { recursive: true });
  });

  it('is found out on this machine', () => {
    expect(memoryLimit(undefined).bytes).toBeGreaterThan(100e6);
  });
});
