import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ProcessPool } from '../../src/compute/process-pool.js';
import { slowdownAmong, threadShares } from '../../src/compute/thread-shares.js';
import { Deferred } from '../../src/deferred.js';
import { requireBuild } from '../command-line/program.js';
import { PoolLog } from './pool-log.js';
import { endlessRequest, request } from './requests.js';

describe('threads are shared out', () => {
  it('as evenly as they can be, and nobody goes without', () => {
    expect([1, 2, 3, 4, 6].map((tasks) => threadShares(5, tasks))).toEqual([
      [5],
      [3, 2],
      [2, 2, 1],
      [2, 1, 1, 1],
      [1, 1, 1, 1, 1, 1],
    ]);
  });

  it('so that all together get more done than one after the other', () => {
    expect(slowdownAmong(undefined)).toBeUndefined();
    for (const threads of [2, 4, 16]) {
      const slowdown = slowdownAmong(threads) ?? expect.fail();
      expect(slowdown(1)).toBe(1);
      for (let tasks = 2; tasks <= Math.min(threads, 8); tasks++) {
        expect(slowdown(tasks)).toBeGreaterThanOrEqual(slowdown(tasks - 1));
        expect(tasks / slowdown(tasks)).toBeGreaterThan(1);
      }
    }
    expect(slowdownAmong(2)?.(2)).toBeCloseTo(1.5);
  });
});

describe('a pool whose tasks share their threads', () => {
  const log = new PoolLog();
  let pool: ProcessPool;
  beforeAll(async () => {
    requireBuild();
    pool = new ProcessPool({
      slots: 2,
      sharedThreads: 2,
      engine: { threads: 2 },
      hangMs: 60_000,
      recycleTasks: 100,
      recycleBytes: Number.POSITIVE_INFINITY,
      idleMs: 0,
      onEvent: log.onEvent,
    });
    await pool.warm();
  });
  beforeEach(() => log.forget());
  afterAll(() => pool.close());

  /** Begins a task that goes on until it is stopped. Settles at its first progress. */
  async function beginEndless() {
    const begun = new Deferred<void>();
    const controller = new AbortController();
    const task = pool.run(await endlessRequest(), { signal: controller.signal, onProgress: () => begun.resolve() });
    task.catch(begun.reject);
    await begun.promise;
    const stop = async () => {
      controller.abort('enough');
      await expect(task).rejects.toBe('enough');
    };
    return { stop };
  }

  it('gives a lone task all, two of them half each, and the one that is left all again', async () => {
    const { pid: first } = log;
    const alone = await pool.run(await request());
    expect(alone.aloneSeconds).toBeCloseTo(alone.seconds, 1);
    expect([...log.all('started'), ...log.all('threads')]).toEqual([]);

    const one = await beginEndless();
    const other = await beginEndless();
    const [started] = log.all('started');
    expect(log.all('threads')).toEqual([
      { kind: 'threads', pid: first, threads: 1 },
      { kind: 'threads', pid: started?.pid, threads: 1 },
    ]);
    await other.stop();
    await log.until('threads', 3);
    expect(log.all('threads')[2]).toEqual({ kind: 'threads', pid: first, threads: 2 });
    // Only as many processes are kept as are needed: here the one that works.
    await log.until('ended', 1);
    expect(log.all('recycled')).toEqual([{ kind: 'recycled', pid: started?.pid, reason: 'idle' }]);
    await one.stop();
    expect(await pool.run(await request())).toMatchObject({ epochs: 4 });
    expect(log.all('started')).toHaveLength(1);
    expect(log.all('ended')).toMatchObject([{ pid: started?.pid, expected: true }]);
  });

  it('paints the same picture beside another task, and tells how long it would have taken alone', async () => {
    const long = () => request({ transfer: { size: 128, epochs: 30 } });
    const undisturbed = await pool.run(await long());
    const neighbour = await beginEndless();
    const beside = await pool.run(await long());
    await neighbour.stop();
    expect(Buffer.from(beside.picture.bytes).equals(undisturbed.picture.bytes)).toBe(true);
    expect(beside.aloneSeconds).toBeCloseTo(beside.seconds / 1.5, 1);
  });
});
