import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ComputeCrash, type ComputeRequest } from '../../src/compute/compute.js';
import { PauseSwitch } from '../../src/compute/pause-switch.js';
import type { ProcessPool } from '../../src/compute/process-pool.js';
import { Deferred } from '../../src/deferred.js';
import type { JobProgress } from '../../src/works/progress.js';
import { requireBuild } from '../command-line/program.js';
import type { PoolLog } from './pool-log.js';
import { poolWith } from './pools.js';
import { endlessRequest, request } from './requests.js';

beforeAll(requireBuild);

/** Begins a task and pauses it at its first progress. Settles once it stands still. */
async function pausedTask(pool: ProcessPool, asked: ComputeRequest, signal?: AbortSignal) {
  const pauses = new PauseSwitch();
  const [paused, wentOn] = [new Deferred<void>(), new Deferred<void>()];
  const states: boolean[] = [];
  const onProgress = ({ isPaused = false }: JobProgress) => {
    if (states.length === 0) pauses.pause();
    if (states.at(-1) !== isPaused) states.push(isPaused);
    if (isPaused) paused.resolve();
    else if (states.length > 1) wentOn.resolve();
  };
  const result = pool.run(asked, { signal, onProgress, pauses });
  result.catch(() => {});
  await paused.promise;
  return { pauses, result, states, wentOn: wentOn.promise };
}

describe('a task that pauses', () => {
  let pool: ProcessPool;
  let log: PoolLog;
  const long = () => request({ transfer: { size: 128, epochs: 40 } });
  beforeAll(async () => {
    ({ pool, log } = poolWith());
    await pool.warm();
  });
  beforeEach(() => log.forget());
  afterAll(() => pool.close());

  it('leaves its slot to another one, goes on where it was, and paints the same picture', async () => {
    const undisturbed = await pool.run(await long());
    const { pauses, result, states } = await pausedTask(pool, await long());
    expect(await pool.run(await request())).toMatchObject({ epochs: 4 });
    expect(log.all('started')).toHaveLength(1);
    pauses.goOn();
    const { picture, epochs, evaluations } = await result;
    expect(states).toEqual([false, true, false]);
    expect([epochs, evaluations]).toEqual([undisturbed.epochs, undisturbed.evaluations]);
    expect(Buffer.from(picture.bytes).equals(undisturbed.picture.bytes)).toBe(true);
    // The process that painted in the meantime isn't kept: an engine takes some hundred megabytes.
    await log.until('ended', 1);
    expect(log.all('ended')).toMatchObject([{ pid: log.all('started')[0]?.pid, expected: true }]);
    expect(await pool.run(await request())).toMatchObject({ epochs: 4 });
    expect(log.all('started')).toHaveLength(1);
  });

  it('stops while it stands still, and its process is at hand again', async () => {
    const [controller, reason] = [new AbortController(), new Error('enough')];
    const { result } = await pausedTask(pool, await endlessRequest(), controller.signal);
    controller.abort(reason);
    await expect(result).rejects.toBe(reason);
    expect(log.all('killed')).toEqual([]);
    expect(await pool.run(await request())).toMatchObject({ epochs: 4 });
  });

  it('crashes while it stands still without harm to what is painted meanwhile', async () => {
    await pool.warm();
    const { pid } = log;
    const { result } = await pausedTask(pool, await endlessRequest());
    const meanwhile = pool.run(await request());
    process.kill(pid, 'SIGKILL');
    await expect(result).rejects.toBeInstanceOf(ComputeCrash);
    expect(await meanwhile).toMatchObject({ epochs: 4 });
    expect(await pool.run(await request())).toMatchObject({ epochs: 4 });
  });

  it('is given no slot that another task has', async () => {
    const { pauses } = await pausedTask(pool, await endlessRequest());
    const { pauses: others, wentOn } = await pausedTask(pool, await endlessRequest());
    others.goOn();
    await wentOn;
    expect(() => pauses.goOn()).toThrow('at most 1 tasks');
  });
});
