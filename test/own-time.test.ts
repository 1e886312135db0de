import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { afterOwnTime } from '../src/own-time.js';

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
    const starved = await start('nice', ['-n', '10', 'taskset', ...pin]);
    await start('taskset', pin);
    const waited = () => Number(readFileSync(`/proc/${starved}/schedstat`, 'utf8').split(' ')[1]) / 1e6;
    const before = waited();
    const passed = await waitFor(starved, 250);
    // Linux tells of a thread's waiting when the thread gets its next turn, so that some of it may not be told yet.
    expect(passed - (waited() - before)).toBeGreaterThan(120);
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

  it('is not counted any more once that was stopped', async () => {
    const stop = afterOwnTime(process.pid, 50, () => expect.fail('It was stopped'));
    stop();
    await waitFor(undefined, 100);
  });
});
