import { readFile } from 'node:fs/promises';
import { getPriority } from 'node:os';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { CodedError } from '../../src/coded-error.js';
import { ComputeCrash, ComputeFault, type ComputeRequest } from '../../src/compute/compute.js';
import type { ProcessPool, ProcessPoolOptions } from '../../src/compute/process-pool.js';
import { decodePicture } from '../../src/imaging/decode.js';
import { afterOwnTime } from '../../src/own-time.js';
import { FramesInMemory } from '../../src/works/kept-paintings.js';
import type { JobProgress } from '../../src/works/progress.js';
import type { FrameKeeper } from '../../src/works/work.js';
import { requireBuild } from '../command-line/program.js';
import { failingRuntime } from '../failing-runtime.js';
import type { PoolLog } from './pool-log.js';
import { endOf, poolWith } from './pools.js';
import { movingRequest, request } from './requests.js';

beforeAll(requireBuild);

describe('the pool of compute processes', () => {
  const pools: ProcessPool[] = [];
  afterEach(async () => {
    vi.unstubAllEnvs();
    await Promise.all(pools.splice(0).map((pool) => pool.close()));
  });

  function open(options: Partial<ProcessPoolOptions> = {}): { pool: ProcessPool; log: PoolLog } {
    const opened = poolWith(options);
    pools.push(opened.pool);
    return opened;
  }

  it.each([
    ['std::bad_alloc', 176, undefined],
    ['illegal instruction', 128, { message: expect.stringContaining('illegal instruction') }],
  ])('gives the picture that it has when the engine fails at a finer scale: %s', async (failure, made, told) => {
    for (const [name, value] of Object.entries(failingRuntime(256, failure))) vi.stubEnv(name, value);
    const { pool } = open();
    // So deep a layer sees so far that no piece would be narrower than what fails.
    const layers = { style: { relu1_1: 1, relu5_1: 1 } };
    const result = await pool.run(await request({ transfer: { size: 256, scaleEpochs: [2, 2], layers } }));
    expect(result).toMatchObject({ shrunk: { asked: 256, made }, failure: told, picture: { width: made } });
  });

  it('goes on from the frames that were kept before its process was killed, however slowly they are kept', async () => {
    const hangMs = 3000;
    const { pool, log } = open({ hangMs });
    const asked = await movingRequest(6);
    const kept = new FramesInMemory();
    const keptFrames: FrameKeeper = {
      get: (index) => kept.get(index),
      put: async (index, file) => {
        await kept.put(index, file);
        if (index === 2) process.kill(log.pid, 'SIGKILL');
        // The process that waits for this is not taken for hung.
        if (index === 3) await new Promise<void>((resolve) => afterOwnTime(log.pid, hangMs + 500, resolve));
      },
    };
    await expect(pool.run(asked, { keptFrames })).rejects.toBeInstanceOf(ComputeCrash);
    const painted = await kept.get(2);
    const frames: number[] = [];
    const result = await pool.run(asked, {
      keptFrames,
      onProgress: ({ at }) => void (at.kind === 'frame' && frames.push(at.frame)),
    });
    expect(frames[0]).toBe(4);
    expect(await kept.get(2)).toBe(painted);
    expect(result).toMatchObject({ frames: { painted: 6, inContent: 6 }, picture: { format: 'webp' } });
    expect(log.all('killed')).toEqual([]);
  });

  it('ends a task whose frames cannot be kept with what keeps them from it', async () => {
    const { pool } = open();
    const trouble = new CodedError('job-files', 'disk-full', 'There is no room.');
    const keptFrames: FrameKeeper = { get: async () => undefined, put: () => Promise.reject(trouble) };
    await expect(pool.run(await movingRequest(3), { keptFrames })).rejects.toBe(trouble);
    expect(await pool.run(await request())).toMatchObject({ epochs: 4 });
  });

  it('starts nothing for a task that was stopped before', async () => {
    const { pool, log } = open();
    const reason = new Error('never mind');
    await expect(pool.run(await request(), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(log.all('started')).toEqual([]);
  });

  it('does not start a process again and again that dies at its start', async () => {
    vi.stubEnv('NODE_OPTIONS', '--require ./there-is-no-such-file.cjs');
    const { pool, log } = open();
    try {
      for (const run of [1, 2]) {
        const error = await pool.run(await request()).catch((error: unknown) => error);
        expect(error).toBeInstanceOf(ComputeCrash);
        expect(error).toHaveProperty('message', expect.stringMatching(/code 1\. It said: .*there-is-no-such-file/s));
        await log.until('ended', 2 * run);
      }
    } finally {
      vi.unstubAllEnvs();
    }
    expect(await pool.run(await request())).toMatchObject({ epochs: 4 });
    expect(log.all('started')).toHaveLength(5);
  });

  it('says why an engine cannot be opened, in warming up and for every task', async () => {
    const { pool, log } = open({ engine: { weightsPath: '/nowhere/vgg19.safetensors' } });
    const fault = { message: expect.stringContaining('/nowhere/vgg19.safetensors') };
    await expect(pool.warm()).rejects.toMatchObject(fault);
    await expect(pool.run(await request())).rejects.toBeInstanceOf(ComputeFault);
    expect(log.all('not-ready').length).toBeGreaterThanOrEqual(2);
  });

  it.each([
    ['tasks', { recycleTasks: 2 }, 2],
    ['memory', { recycleBytes: 1024 }, 1],
  ] as const)('replaces a process that has its share of %s', async (reason, options, tasks) => {
    const { pool, log } = open(options);
    for (let task = 1; task <= tasks; task++) {
      expect(log.all('recycled')).toEqual([]);
      await pool.run(await request());
    }
    const recycled = log.all('recycled');
    expect(recycled).toEqual([{ kind: 'recycled', pid: log.all('started')[0]?.pid, reason }]);
    await log.until('ended', 1);
    expect(log.all('ended')[0]).toMatchObject({ pid: recycled[0]?.pid, code: 0, expected: true });
    await log.until('started', 2);
  });

  it.skipIf(process.platform !== 'linux')('shows each process its own GPU, slot by slot in turn', async () => {
    const { pool, log } = open({ slots: 3, gpus: ['0', '2'] });
    // What they are told stands there from their start on; nobody waits for their engines.
    void pool.warm().catch(() => {});
    const environments = await Promise.all(
      log.all('started').map(async ({ pid }) => (await readFile(`/proc/${pid}/environ`, 'utf8')).split('\0')),
    );
    const gpus = environments.map((variables) => variables.find((variable) => variable.startsWith('CUDA_VISIBLE')));
    expect(gpus).toEqual(['0', '2', '0'].map((gpu) => `CUDA_VISIBLE_DEVICES=${gpu}`));
  });
});

describe('the pool of two compute processes', () => {
  let pool: ProcessPool;
  let log: PoolLog;
  beforeAll(async () => {
    vi.stubEnv('DISCORD_TOKEN', 'a-secret-token');
    ({ pool, log } = poolWith({ slots: 2 }));
    await pool.warm();
    vi.unstubAllEnvs();
  });
  afterAll(() => pool.close());

  it('makes a picture and its animation, and tells how far it is', async () => {
    const reports: JobProgress[] = [];
    const result = await pool.run(await request({ transfer: { size: 200, epochs: 12 } }), {
      onProgress: (progress) => reports.push(progress),
    });

    expect(result).toMatchObject({ epochs: 12, picture: { format: 'png', width: 200, height: 133 } });
    expect(result.evaluations).toBeGreaterThanOrEqual(12);
    const picture = await decodePicture(result.picture.bytes);
    expect(picture).toMatchObject({ format: 'png', sourceWidth: 200, sourceHeight: 133 });
    const { format, width: sourceWidth, height: sourceHeight, bytes } = result.animation ?? expect.fail('no animation');
    expect(await decodePicture(bytes)).toMatchObject({ format, sourceWidth, sourceHeight, animated: true });
    expect([format, sourceWidth, sourceHeight]).toEqual(['gif', 200, 133]);

    const epochs = reports.map(({ epoch }) => epoch);
    expect(epochs).toEqual([...new Set(epochs)].sort((a, b) => a - b));
    expect(reports[0]).toMatchObject({ at: { kind: 'scale', scale: 1, scales: 2, width: 100, height: 67 } });
    expect(reports.at(-1)).toMatchObject({ epoch: 12, epochs: 12, at: { scale: 2, width: 200, height: 133 } });
    const previews = reports.filter(({ preview }) => preview);
    const sizes = await Promise.all(
      previews.map(async ({ preview }) => {
        const { format, sourceWidth, sourceHeight } = await decodePicture(preview ?? expect.fail());
        return `${format} ${sourceWidth}×${sourceHeight}`;
      }),
    );
    // One at each scale, and further ones where a scale takes longer than several seconds.
    expect([...new Set(sizes)]).toEqual(['jpeg 100×67', 'jpeg 200×133']);
  });

  it('stops a task and goes on with the next one in the same process', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    expect(await endOf(pool, () => controller.abort(reason), controller.signal)).toBe(reason);
    expect(await pool.run(await request())).toMatchObject({ epochs: 4 });
    expect(log.all('started')).toHaveLength(2);
    expect(log.all('ended')).toEqual([]);
  });

  it('says which picture is bad and why, and is ready for the next task', async () => {
    const bad = await request({ inputs: { style: Buffer.from('no picture at all') } });
    const error = await pool.run(bad).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(CodedError);
    expect(error).toMatchObject({ key: 'image/not-an-image', context: { input: 'style' } });
    expect(await pool.run(await request())).toMatchObject({ epochs: 4 });
    expect(log.all('started')).toHaveLength(2);
  });

  it('passes a mistake in the program on with the stack that it had', async () => {
    const incomplete: ComputeRequest = { ...(await request()), inputs: {} };
    const error = await pool.run(incomplete).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(ComputeFault);
    expect(error).toHaveProperty('message', 'Expected the task to come with a picture "content", got none');
    expect(error).toHaveProperty('stack', expect.stringContaining('works/style-transfer.js'));
  });

  it.skipIf(process.platform !== 'linux')(
    "gives its processes low priority and none of the bot's secrets",
    async () => {
      await pool.warm();
      expect(getPriority(log.pid)).toBe(10);
      expect(await readFile(`/proc/${log.pid}/environ`, 'utf8')).not.toContain('a-secret-token');
    },
  );

  it('computes as many tasks at once as it has slots', async () => {
    expect(log.all('ready')).toHaveLength(2);
    const [first, second, third] = await Promise.allSettled([
      pool.run(await request()),
      pool.run(await request()),
      pool.run(await request()),
    ]);
    expect([first?.status, second?.status]).toEqual(['fulfilled', 'fulfilled']);
    expect(third).toMatchObject({
      status: 'rejected',
      reason: { message: expect.stringContaining('at most 2 tasks') },
    });
    expect(log.all('started')).toHaveLength(2);
  });

  it('leaves no process behind when it is closed, and gives up what runs', async () => {
    let closed: Promise<void> | undefined;
    const error = await endOf(pool, () => {
      closed = pool.close();
    });
    expect(error).toBeInstanceOf(ComputeCrash);
    await closed;
    for (const { pid } of log.all('started')) expect(() => process.kill(pid ?? 0, 0)).toThrow('ESRCH');
    await expect(pool.run(await request())).rejects.toBeInstanceOf(ComputeCrash);
    expect(log.all('started')).toHaveLength(2);
  });
});
