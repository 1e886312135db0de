import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { holderOf, tryLock, type WaitOptions, waitForLock } from '../../src/files/exclusive-lock.js';
import { packageRoot } from '../../src/package-root.js';
import { requireBuild } from '../command-line/program.js';

let folder: string;
let path: string;
beforeAll(async () => {
  requireBuild();
  folder = await mkdtemp(join(tmpdir(), 'whitewalker-lock-'));
  path = join(folder, 'vgg19.lock');
});
afterAll(() => rm(folder, { recursive: true }));

const locked = (options: WaitOptions = {}) => waitForLock(path, { isTemporary: true, ...options });

/** Starts another process, which takes the lock and keeps it. */
async function otherHolder(): Promise<ChildProcess> {
  const room = join(packageRoot(), 'dist', 'src', 'files', 'exclusive-lock.js');
  const program = `
    import { tryLock } from ${JSON.stringify(room)};
    console.log(tryLock(${JSON.stringify(path)}, { isTemporary: true }) ? 'locked' : 'refused');
    setInterval(() => {}, 1000);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
  expect(line).toBe('locked\n');
  return child;
}

async function killed(child: ChildProcess): Promise<number | undefined> {
  child.kill('SIGKILL');
  await once(child, 'exit');
  return child.pid;
}

/** Has three tasks take the lock at once; returns the largest number that held it at the same time. */
async function mostHolders(): Promise<number> {
  let holders = 0;
  let most = 0;
  const work = async () => {
    const lock = await locked();
    most = Math.max(most, ++holders);
    await new Promise((resolve) => setImmediate(resolve));
    holders--;
    lock.release();
  };
  await Promise.all([work(), work(), work()]);
  return most;
}

describe('a lock', () => {
  it('lets one go on after the other, and leaves nothing', async () => {
    const order: string[] = [];
    const work = async (name: string) => {
      const lock = await locked();
      order.push(`${name} in`);
      await new Promise((resolve) => setImmediate(resolve));
      order.push(`${name} out`);
      lock.release();
    };
    await Promise.all(['a', 'b', 'c'].map(work));
    const names = order.map((entry) => entry[0]);
    expect(order.filter((_, at) => at % 2 === 0).every((entry) => entry.endsWith('in'))).toBe(true);
    expect(names[0]).toBe(names[1]);
    expect(names[2]).toBe(names[3]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('says once who holds it, and can be given up waiting for', async () => {
    const lock = await locked();
    const waitedFor: (number | undefined)[] = [];
    const controller = new AbortController();
    const waiting = locked({
      signal: controller.signal,
      onWait: (holder) => {
        waitedFor.push(holder?.pid);
        controller.abort();
      },
    });
    await expect(waiting).rejects.toThrow();
    expect(waitedFor).toEqual([process.pid]);
    lock.release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('of a process that was killed is taken over at once, by one of several', async () => {
    const pid = await killed(await otherHolder());
    expect(holderOf(path)?.pid).toBe(pid);
    expect(await mostHolders()).toBe(1);
    expect(await readdir(folder)).toEqual([]);
  });

  it('goes on to one that waits when its process is killed', async () => {
    const child = await otherHolder();
    const waitedFor: (number | undefined)[] = [];
    const lock = await locked({
      onWait: (holder) => {
        waitedFor.push(holder?.pid);
        child.kill('SIGKILL');
      },
    });
    expect(waitedFor).toEqual([child.pid]);
    lock.release();
    expect(await readdir(folder)).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('is not lost by a process that stands still', async () => {
    const child = await otherHolder();
    child.kill('SIGSTOP');
    const controller = new AbortController();
    const waiting = locked({ signal: controller.signal });
    waiting.catch(() => {});
    await wait(1000);
    expect(tryLock(path)).toBeUndefined();
    controller.abort();
    await expect(waiting).rejects.toThrow();
    await killed(child);
    (await locked()).release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('that nobody holds is free, whoever its process seems to be', async () => {
    // After a restart, or in another container, the holder's process id can belong to any process.
    const holder = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
    await writeFile(path, '');
    await writeFile(`${path}.json`, JSON.stringify(holder));
    (await locked({ onWait: () => expect.fail('it waited') })).release();
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    ['a few bytes', '{"pid":1,"host":"elsewhere"}'],
    ['many bytes', 'x'.repeat(10_000)],
  ])('of an earlier version, with %s in its file, is taken over', async (_, text) => {
    await writeFile(path, text);
    expect(await mostHolders()).toBe(1);
    expect(await readdir(folder)).toEqual([]);
  });

  it('is not taken for held where somebody has put another file in its place', async () => {
    const lock = tryLock(path);
    await rm(path);
    const another = tryLock(path, { isTemporary: true });
    expect(another).toBeDefined();
    another?.release();
    lock?.release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('stays as an empty file where it is not temporary', async () => {
    const lock = tryLock(path);
    expect(tryLock(path)).toBeUndefined();
    lock?.release();
    lock?.release();
    expect(await readdir(folder)).toEqual(['vgg19.lock']);
    await rm(path);
  });

  it('fails as the file system does where its file cannot be made', async () => {
    const missing = join(folder, 'missing', 'vgg19.lock');
    expect(() => tryLock(missing)).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  });

  it.skipIf(process.getuid?.() === 0)('fails where it may not write (not as root)', async () => {
    const readOnly = join(folder, 'read-only');
    await mkdir(readOnly);
    await chmod(readOnly, 0o500);
    expect(() => tryLock(join(readOnly, 'vgg19.lock'))).toThrow(expect.objectContaining({ code: 'EACCES' }));
    await rm(readOnly, { recursive: true });
  });
});
