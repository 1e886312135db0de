import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { afterOwnTime, withinOwnTime } from '../src/own-time.js';

/** A program that uses all the time that it gets, and says when it has begun. */
const endless = 'process.stdout.write("begun"); for (;;);';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function start(command: string, args: readonly string[]): Promise<number> {
  const child = spawn(command, [...args, process.execPath, '-e', endless], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  if (child.stdout) await once(child.stdout, 'data');
  return child.pid ?? expect.fail(`${command} could not be started`);
}

/** Waits until a process has had so much time of its own, and returns what passed in all. */
async function waitFor(pid: number | undefined, ms: number): Promise<number> {
  const begin = performance.now();
  await new Promise<void>((resolve) => afterOwnTime(pid, ms, resolve));
  return performance.now() - begin;
}

/** Returns how long a process has computed, in milliseconds. */
function computedMs(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
}

/** A processor that this process may use. */
function someProcessor(): string {
  return /^Cpus_allowed_list:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
}

function canPin(): boolean {
  try {
    execFileSync('taskset', ['--version']);
    return process.platform === 'linux';
  } catch {
    return false;
  }
}

describe('time of a process’s own', () => {
  it.skipIf(!canPin())('is not what it waits for a processor, which others have', async () => {
    const pin = ['-c', someProcessor()];
    const starved = await start('taskset', pin);
    await start('taskset', pin);
    // From now on it gets a few milliseconds at a time, and has to wait thirty times as long for the next ones.
    setPriority(starved, 15);
    const before = computedMs(starved);
    await waitFor(starved, 100);
    expect(computedMs(starved) - before).toBeGreaterThan(50);
  });

  it('passes for one that computes, is stopped or is gone', async () => {
    const pid = await start('nice', []);
    await waitFor(pid, 50);
    process.kill(pid, 'SIGSTOP');
    await waitFor(pid, 50);
    for (const child of children) child.kill('SIGKILL');
    await waitFor(pid, 50);
    await waitFor(undefined, 50);
  });

  it('is what work may take that is waited for no longer', async () => {
    await withinOwnTime(20, new Promise(() => {}));
    await withinOwnTime(3_600_000, Promise.resolve());
    await expect(withinOwnTime(3_600_000, Promise.reject(new Error('lost')))).rejects.toThrow('lost');
  });

  it('is not counted any more once that was stopped', async () => {
    const stop = afterOwnTime(process.pid, 50, () => expect.fail('It was stopped'));
    stop();
    await waitFor(undefined, 100);
  });
});
