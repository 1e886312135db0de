import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ComputeCrash } from '../../src/compute/compute.js';
import type { ProcessPool } from '../../src/compute/process-pool.js';
import { requireBuild } from '../command-line/program.js';
import type { PoolLog } from './pool-log.js';
import { endOf, poolWith } from './pools.js';
import { request } from './requests.js';

beforeAll(requireBuild);

describe('the pool of a compute process that is killed', () => {
  let pool: ProcessPool;
  let log: PoolLog;
  beforeAll(async () => {
    ({ pool, log } = poolWith({ hangMs: 5000 }));
    await pool.warm();
  });
  beforeEach(() => log.forget());
  afterAll(() => pool.close());

  it('kills a process that hangs', async () => {
    const error = await endOf(pool, () => process.kill(log.pid, 'SIGSTOP'));
    expect(error).toBeInstanceOf(ComputeCrash);
    expect(error).toHaveProperty('message', 'The compute process gave no sign of life for 5 s and was killed.');
    expect(log.all('killed')).toMatchObject([{ reason: 'hung' }]);
    expect(await pool.run(await request())).toMatchObject({ epochs: 4 });
  });

  it('kills a process that does not stop, and has another one for the next task', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const stuck = () => {
      process.kill(log.pid, 'SIGSTOP');
      controller.abort(reason);
    };
    expect(await endOf(pool, stuck, controller.signal)).toBe(reason);
    expect(log.all('killed')).toMatchObject([{ reason: 'cancelled' }]);
    expect(await pool.run(await request())).toMatchObject({ epochs: 4 });
    expect(log.all('ended')).toMatchObject([{ signal: 'SIGKILL', expected: true }]);
  });

  it('survives the death of a process at a task', async () => {
    const error = await endOf(pool, () => process.kill(log.pid, 'SIGKILL'));
    expect(error).toBeInstanceOf(ComputeCrash);
    expect(error).toHaveProperty('message', 'The compute process ended unexpectedly: signal SIGKILL.');
    expect(log.all('ended')).toMatchObject([{ signal: 'SIGKILL', expected: false }]);
    expect(await pool.run(await request())).toMatchObject({ epochs: 4 });
  });

  it('replaces a process that dies while it has nothing to do', async () => {
    await pool.run(await request());
    log.forget();
    process.kill(log.pid, 'SIGKILL');
    await log.until('ready', 1);
    expect(await pool.run(await request())).toMatchObject({ epochs: 4 });
    expect(log.all('started')).toHaveLength(1);
  });
});
