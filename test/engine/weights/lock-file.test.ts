import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acquireLock } from '../../../src/engine/weights/lock-file.js';

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whitewalker-lock-'));
  path = join(folder, 'vgg19.lock');
});
afterAll(() => rm(folder, { recursive: true }));

/** The id of a process that is gone. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid ?? expect.fail('no process');
}

describe('a lock file', () => {
  it('lets one go on after the other, and leaves nothing', async () => {
    const order: string[] = [];
    const work = async (name: string) => {
      const lock = await acquireLock(path);
      order.push(`${name} in`);
      await new Promise((resolve) => setImmediate(resolve));
      order.push(`${name} out`);
      await lock.release();
    };
    await Promise.all(['a', 'b', 'c'].map(work));
    const names = order.map((entry) => entry[0]);
    expect(order.filter((_, at) => at % 2 === 0).every((entry) => entry.endsWith('in'))).toBe(true);
    expect(names[0]).toBe(names[1]);
    expect(names[2]).toBe(names[3]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('says once who holds it, and can be given up waiting for', async () => {
    const lock = await acquireLock(path);
    const waitedFor: (number | undefined)[] = [];
    const controller = new AbortController();
    const waiting = acquireLock(path, {
      signal: controller.signal,
      onWait: (pid) => {
        waitedFor.push(pid);
        controller.abort();
      },
    });
    await expect(waiting).rejects.toThrow();
    expect(waitedFor).toEqual([process.pid]);
    await lock.release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('of a process that is gone is taken over at once, by one of several', async () => {
    await writeFile(path, JSON.stringify({ pid: await deadPid(), host: hostname() }));
    let holders = 0;
    let most = 0;
    const work = async () => {
      const lock = await acquireLock(path, { onWait: () => {} });
      most = Math.max(most, ++holders);
      await new Promise((resolve) => setImmediate(resolve));
      holders--;
      await lock.release();
    };
    await Promise.all([work(), work(), work()]);
    expect(most).toBe(1);
    expect(await readdir(folder)).toEqual([]);
  });

  it('that nobody touches is taken over, whoever its process seems to be', async () => {
    // After a restart, or in another container, an id can be anybody's.
    await writeFile(path, JSON.stringify({ pid: process.pid, host: hostname() }));
    const lock = await acquireLock(path, { abandonedMs: 600 });
    await lock.release();
    await writeFile(path, '');
    const another = await acquireLock(path, { abandonedMs: 600 });
    await another.release();
  });

  it('tells its holder when it is lost', async () => {
    const lock = await acquireLock(path, { abandonedMs: 100 });
    await writeFile(path, JSON.stringify({ pid: 1, host: 'elsewhere' }));
    if (!lock.lost.aborted) await once(lock.lost, 'abort');
    expect(lock.lost.reason).toMatchObject({ code: 'busy' });
    await lock.release();
    // It isn't ours any more.
    expect(await readdir(folder)).toEqual(['vgg19.lock']);
    await rm(path);
  });
});
