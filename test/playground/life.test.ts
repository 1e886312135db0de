import { readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPage } from '../../src/playground/page-files.js';
import { until } from '../patience.js';
import { newFolder, processesIn, RunningPlayground } from './running-playground.js';

/** Waits until no process is left that names a folder. */
async function untilNobodyIn(folder: string): Promise<void> {
  await until(
    async () => (await processesIn(folder)).length === 0,
    () => `no process is left in ${folder}`,
  );
}

describe('a playground', () => {
  it('says what is wrong where its port is taken, with exit code 2, and leaves nothing behind', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const address = other.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const playground = await RunningPlayground.launch(['--port', String(port)]);
    expect(await playground.ended).toBe(2);
    expect(playground.output).toMatch(/^whitewalker: Port \d+ is in use\. Choose another with --port/m);
    await untilNobodyIn(playground.folder);
    expect(await readdir(playground.folder)).toEqual([]);
    other.close();
    await playground.stop();
  });

  it('says so where another one works in its folder, with exit code 2', async () => {
    const data = await newFolder();
    const first = await RunningPlayground.start(['--data', data]);
    const second = await RunningPlayground.launch(['--data', data]);
    expect(await second.ended).toBe(2);
    expect(second.output).toMatch(
      /^whitewalker: Another playground \(process \d+, since .*\) works in .*choose another --data\.$/m,
    );
    await second.stop();
    expect(await first.stop()).toBe(0);
    await rm(data, { recursive: true });
  });

  it('says so where its page was not built', async () => {
    const folder = await newFolder();
    await expect(readPage(folder)).rejects.toMatchObject({ domain: 'config', code: 'no-page' });
    await rm(folder, { recursive: true });
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('ends with all its processes at %s', async (signal) => {
    const playground = await RunningPlayground.start();
    const { folder } = playground;
    await until(
      async () => (await processesIn(folder)).length >= 3,
      () => `three processes run in ${folder}`,
    );
    playground.child.kill(signal);
    expect(await playground.ended).toBe(signal === 'SIGKILL' ? 'SIGKILL' : 0);
    await untilNobodyIn(folder);
    // Only one that is killed can't remove its temporary folder.
    if (signal !== 'SIGKILL') expect(await readdir(folder)).toEqual([]);
    await rm(join(folder), { recursive: true });
  });
});
