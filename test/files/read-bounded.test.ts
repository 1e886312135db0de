import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readBounded } from '../../src/files/read-bounded.js';

it.skipIf(process.platform === 'win32')(
  'a pipe and a device are read whole, or not at all where they have more',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'whitewalker-read-bounded-'));
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    // More than is read at a time, and no whole number of that.
    const bytes = Uint8Array.from({ length: 2_500_000 }, (_, index) => (index * 2_654_435_761) >>> 24);
    for (const [most, read] of [
      [bytes.length, bytes],
      [bytes.length - 1, undefined],
    ] as const) {
      // Who reads a part only leaves before all is written.
      const written = writeFile(pipe, bytes).catch(() => {});
      const found = await readBounded(pipe, most);
      expect(found && Buffer.compare(found, bytes)).toBe(read && 0);
      await written;
    }
    expect(await readBounded('/dev/zero', 1_000_000)).toBeUndefined();
    await rm(folder, { recursive: true });
  },
);
