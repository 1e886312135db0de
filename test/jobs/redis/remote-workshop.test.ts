import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LocalRedis, noRedis } from '../../../bench/queue/local-redis.js';
import { isCoded } from '../../../src/coded-error.js';
import { jobSchemaVersion } from '../../../src/jobs/redis/job-schema.js';
import { Presence } from '../../../src/jobs/redis/presence.js';
import { RedisStore } from '../../../src/jobs/store/redis-store.js';
import type { Task } from '../../../src/works/works.js';
import { until } from '../../patience.js';
import { transferTask } from '../some-jobs.js';
import { RedisBot } from './redis-bot.js';
import { HeldCompute, RedisStage, untilWorkers } from './redis-stage.js';

describe.skipIf(noRedis)(noRedis ?? 'the workshop of workers', () => {
  let redis: LocalRedis;
  let stage: RedisStage;

  beforeAll(async () => {
    redis = await LocalRedis.start();
  });
  afterAll(() => redis.stop());
  beforeEach(() => {
    stage = new RedisStage(redis.url);
  });
  afterEach(() => stage.strike());

  it('has workers begin in its own order, also after one was cancelled', async () => {
    const bot = await RedisBot.start(stage);
    await bot.add('ann-1', 'ann-2', 'ben-1', 'ben-2', 'cid-1');
    await bot.stop('ann-1');
    const order = bot.workshop.places().map(({ job }) => job.id);
    expect(order).toEqual(['ann-2', 'ben-1', 'cid-1', 'ben-2']);
    const compute = new HeldCompute();
    for (const id of order) compute.release(id);
    await stage.worker(compute);
    await bot.untilOutcomes(4);
    expect(compute.begun).toEqual(order);
  });

  it('says that nothing will begin where there is no worker, and when once there is one', async () => {
    const bot = await RedisBot.start(stage);
    await bot.add('ann-1');
    expect(bot.workshop.place('ann-1')).toMatchObject({ position: 1, startsAt: Number.POSITIVE_INFINITY });
    const compute = new HeldCompute();
    compute.sharedThreads = 2;
    const worker = await stage.worker(compute, { abilities: { networks: ['vgg16'], maxSize: 512 }, slots: 2 });
    await untilWorkers(bot.workshop, 1);
    expect(bot.workshop.workers).toMatchObject([{ id: worker.id, slots: 2, networks: ['vgg16'], maxSize: 512 }]);
    await until(() => bot.workshop.place('ann-1')?.state === 'running');
    // The worker says that its jobs share two threads, so two of them take half as long again as one does alone.
    const now = Date.now();
    expect(bot.workshop.estimateEnd({ ownerId: 'ben', task: transferTask() })).toBeGreaterThanOrEqual(now + 22_500);
    await bot.add('ben-1');
    expect(bot.workshop.place('ben-1')?.startsAt).toBeLessThan(Date.now() + 1000);
    await worker.stop(0);
    await untilWorkers(bot.workshop, 0);
  });

  it('gives each job to a worker that can do it, in order between its queues', async () => {
    const bot = await RedisBot.start(stage);
    const tasks: Record<string, Task> = {
      'ann-1': { ...transferTask(), network: 'vgg19' },
      'ben-1': transferTask(2048),
      'cid-1': { ...transferTask(1024), network: 'vgg19-lite' },
      'dan-1': { kind: 'spot-difference', size: 256, epochs: 50 },
    };
    for (const [id, task] of Object.entries(tasks)) stage.tasks.set(id, task);
    await bot.add(...Object.keys(tasks));
    const compute = new HeldCompute();
    for (const id of Object.keys(tasks)) compute.release(id);
    await stage.worker(compute, { abilities: { networks: ['vgg19-lite'], maxSize: 1024 } });
    await bot.untilOutcomes(2);
    expect(compute.begun).toEqual(['cid-1', 'dan-1']);
    // No worker can do these two jobs, and their people are told so: there is no time at which they would start.
    const startOf = (id: string) => bot.workshop.place(id)?.startsAt;
    expect([startOf('ann-1'), startOf('ben-1')]).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
    const estimate = (task: Task) => Number.isFinite(bot.workshop.estimateEnd({ ownerId: 'eve', task }));
    expect([estimate({ ...transferTask(), network: 'vgg19' }), estimate(transferTask(512))]).toEqual([false, true]);
    await stage.worker(compute, { abilities: { networks: ['vgg19-lite', 'vgg19'], maxSize: undefined } });
    await bot.untilOutcomes(4);
    expect(compute.begun.slice(2)).toEqual(['ann-1', 'ben-1']);
  });

  it('goes on where an earlier bot stood: with what waits, what runs, and what is done', async () => {
    const compute = new HeldCompute();
    await stage.worker(compute, { slots: 2 });
    const first = await RedisBot.start(stage);
    await untilWorkers(first.workshop, 1);
    await first.add('ann-1', 'ben-1', 'ann-2', 'cid-1');
    await until(() => first.workshop.places().filter(({ state }) => state === 'running').length === 2);
    await first.workshop.close(0);
    compute.release('ann-1');
    await until(() => compute.begun.length === 3);

    const second = await RedisBot.start(stage);
    await second.add('ann-1', 'ben-1', 'ann-2', 'cid-1');
    await second.untilOutcomes(1);
    expect(second.done).toEqual(['ann-1']);
    expect(second.hushed).toContain('ann-1');
    for (const id of ['ben-1', 'cid-1', 'ann-2']) compute.release(id);
    await second.untilOutcomes(4);
    expect(compute.begun.toSorted()).toEqual(['ann-1', 'ann-2', 'ben-1', 'cid-1']);
  });

  it('clears away what an earlier bot had done but not forgotten', async () => {
    const compute = new HeldCompute();
    const first = await RedisBot.start(stage);
    await first.add('ann-1', 'ben-1');
    await first.workshop.close(0);
    const second = await RedisBot.start(stage);
    await second.add('ben-1');
    await second.workshop.start();
    compute.release('ben-1');
    await stage.worker(compute);
    await second.untilOutcomes(1);
    expect(compute.begun).toEqual(['ben-1']);
  });

  it('takes a running job back, so that its worker’s outcome doesn’t count', async () => {
    const compute = new HeldCompute();
    await stage.worker(compute);
    const bot = await RedisBot.start(stage);
    await bot.add('ann-1');
    await until(() => bot.workshop.place('ann-1')?.state === 'running');
    expect(await bot.stop('ann-1')).toBe(true);
    compute.release('ann-1');
    await bot.add('ben-1');
    compute.release('ben-1');
    await bot.untilOutcomes(1);
    expect(bot.done).toEqual(['ben-1']);
  });

  it('does not take back what has an outcome already', async () => {
    const compute = new HeldCompute();
    compute.release('ann-1');
    let outcomeCanBeTold = () => {};
    const told = new Promise<boolean>((resolve) => {
      outcomeCanBeTold = () => resolve(true);
    });
    await stage.worker(compute, { tell: () => told });
    const bot = await RedisBot.start(stage);
    await bot.add('ann-1');
    await until(() => bot.hushed.has('ann-1'));
    expect(await bot.stop('ann-1')).toBe(false);
    outcomeCanBeTold();
    await bot.untilOutcomes(1);
    expect(bot.outcomes[0]?.result.isTold).toBe(true);
  });

  it.each([
    { what: 'trusts what a worker has told that had asked for the message', knowsOfBot: true },
    {
      what: 'has an outcome told again whose worker took the bot for gone, while it showed the job',
      knowsOfBot: false,
    },
  ])('$what', async ({ knowsOfBot }) => {
    const compute = new HeldCompute();
    await stage.worker(compute, { tell: async () => true });
    const bot = await RedisBot.start(stage, { hasShown: true });
    await bot.add('ann-1');
    await until(() => compute.begun.length === 1);
    if (!knowsOfBot) await new Presence(bot.link).removeBot();
    compute.release('ann-1');
    await bot.untilOutcomes(1);
    const [{ result } = { result: undefined }] = bot.outcomes;
    expect(result?.isTold).toBe(knowsOfBot);
    expect([...(result?.files.keys() ?? [])]).toEqual(knowsOfBot ? [] : ['result.png']);
  });

  it('leaves an outcome to the bot where its worker can’t tell it', async () => {
    const compute = new HeldCompute();
    compute.release('ann-1');
    await stage.worker(compute);
    const bot = await RedisBot.start(stage);
    await bot.add('ann-1');
    await bot.untilOutcomes(1);
    const [{ result } = { result: undefined }] = bot.outcomes;
    expect(result).toMatchObject({ isTold: false, outcome: { kind: 'result', result: { picture: 'result.png' } } });
    expect([...(result?.files.get('result.png') ?? [])]).toEqual([1, 2, 3]);
  });

  it('leaves a result to the bot whose files are gone once its worker can tell it', async () => {
    const compute = new HeldCompute();
    compute.release('ann-1');
    const link = stage.link(false);
    const store = new RedisStore(link);
    const told: string[] = [];
    await stage.worker(compute, {
      link,
      // As if the bot had removed them: it does so once it knows that another worker has told the result.
      store: {
        put: (id, name, bytes) => store.put(id, name, bytes),
        get: async (id, name) => (name === 'result.png' ? undefined : store.get(id, name)),
        remove: (id) => store.remove(id),
      },
      tell: async ({ id }) => told.push(id) > 0,
    });
    const bot = await RedisBot.start(stage);
    await bot.add('ann-1');
    await bot.untilOutcomes(1);
    expect(told).toEqual([]);
    expect(bot.outcomes[0]?.result.isTold).toBe(false);
    expect([...(bot.outcomes[0]?.result.files.keys() ?? [])]).toEqual(['result.png']);
  });

  it('has no use for workers of another version: they do what is left for them, and end', async () => {
    const compute = new HeldCompute();
    const bot = await RedisBot.start(stage);
    await bot.add('ann-1');
    await bot.workshop.close(0);
    const newer = new Presence(stage.link(false));
    await newer.renewBot({ schema: jobSchemaVersion + 1, version: '9.9.9' });
    const worker = await stage.worker(compute);
    let isEnded = false;
    const ended = worker.ended.catch((error: unknown) => {
      isEnded = true;
      return error;
    });
    await until(() => compute.begun.length === 1);
    await wait(10);
    expect(isEnded).toBe(false);
    compute.release('ann-1');
    const renewal = setInterval(() => {
      void newer.renewBot({ schema: jobSchemaVersion + 1, version: '9.9.9' });
    }, 1000);
    const error = await ended.finally(() => clearInterval(renewal));
    expect(isCoded(error, 'worker', 'schema-mismatch')).toBe(true);
    const versions = `version ${jobSchemaVersion + 1} of the job schema, and this worker version ${jobSchemaVersion}`;
    expect(String(error)).toContain(`${versions}: update this worker`);
  });
});
