import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LocalRedis, noRedis } from '../../../bench/queue/local-redis.js';
import { until } from '../../patience.js';
import { RedisBot } from './redis-bot.js';
import { HeldCompute, RedisStage, untilWorkers } from './redis-stage.js';
import { WorkerProcess } from './worker-process.js';

describe.skipIf(noRedis)(noRedis ?? 'jobs on workers', () => {
  let redis: LocalRedis;
  let stage: RedisStage;
  const processes: WorkerProcess[] = [];

  beforeAll(async () => {
    redis = await LocalRedis.start({ append: true });
  });
  afterAll(() => redis.stop());
  beforeEach(() => {
    stage = new RedisStage(redis.url);
  });
  afterEach(async () => {
    for (const worker of processes.splice(0)) await worker.end('SIGKILL');
    await stage.strike();
  });

  /** Starts a worker as a process that counts as dead soon after it stands still. */
  async function workerProcess(computeMs: number): Promise<WorkerProcess> {
    const { url, prefix } = stage;
    const worker = await WorkerProcess.start({ url, prefix, slots: 1, computeMs, lockMs: 600, stalledMs: 200 });
    processes.push(worker);
    return worker;
  }

  it('begin again on another one when theirs is killed, and come to one outcome', async () => {
    const doomed = await workerProcess(60_000);
    const bot = await RedisBot.start(stage);
    await bot.add('ann-1');
    await doomed.until(() => doomed.begun.length === 1);
    const other = await workerProcess(50);
    await bot.add('ben-1');
    await doomed.end('SIGKILL');
    await bot.untilOutcomes(2);
    expect(bot.done).toEqual(['ann-1', 'ben-1']);
    expect(other.begun.toSorted()).toEqual(['ann-1', 'ben-1']);
  });

  it('are given up when two have died with them', async () => {
    const bot = await RedisBot.start(stage);
    await bot.add('ann-1');
    for (let deaths = 0; deaths < 2; deaths++) {
      const doomed = await workerProcess(60_000);
      await doomed.until(() => doomed.begun.length === 1);
      await doomed.end('SIGKILL');
    }
    const survivor = await workerProcess(50);
    await bot.untilOutcomes(1);
    expect(bot.outcomes[0]?.result.outcome).toEqual({ kind: 'failed', failure: { code: 'crashed', context: {} } });
    expect(survivor.begun).toEqual([]);
  });

  it('have one outcome where a worker that was thought to be dead comes back', async () => {
    const frozen = await workerProcess(500);
    const bot = await RedisBot.start(stage);
    await bot.add('ann-1');
    await frozen.until(() => frozen.begun.length === 1);
    frozen.pause();
    const other = await workerProcess(50);
    await bot.untilOutcomes(1);
    frozen.resume();
    await other.end('SIGKILL');
    // The worker takes a second job only once it is done with the first.
    await bot.add('ben-1');
    await bot.untilOutcomes(2);
    expect(bot.done).toEqual(['ann-1', 'ben-1']);
  });

  it('are not given up because workers were cut off that live', async () => {
    const bot = await RedisBot.start(stage);
    await bot.add('ann-1');
    const deaths = async () => Number(await command('HGET', `${stage.prefix}:turn:ann-1`, 'deaths'));
    let present = await workerProcess(60_000);
    await present.until(() => present.begun.length === 1);
    for (let cuts = 0; cuts < 2; cuts++) {
      const next = await workerProcess(60_000);
      present.pause();
      await next.until(() => next.begun.length === 1);
      present.resume();
      await until(async () => (await deaths()) === 0);
      await present.end('SIGTERM');
      present = next;
    }
    const last = await workerProcess(50);
    present.pause();
    await bot.untilOutcomes(1);
    expect([bot.done, last.begun]).toEqual([['ann-1'], ['ann-1']]);
  });

  it('count as taken back only once Redis has said so', async () => {
    const worker = await workerProcess(60_000);
    const bot = await RedisBot.start(stage);
    await bot.add('ann-1');
    await worker.until(() => worker.begun.length === 1);
    await redis.kill();
    let attempts = 0;
    bot.link.redis.on('reconnecting', () => attempts++);
    let isBack: boolean | undefined;
    const recalled = bot.stop('ann-1').then((answer) => {
      isBack = answer;
    });
    await until(() => attempts > 5);
    expect(isBack).toBeUndefined();
    await redis.start();
    await recalled;
    expect(isBack).toBe(true);
  });

  it('are handed back by a worker that is told to end, and begin at once on another one', async () => {
    const bot = await RedisBot.start(stage);
    const compute = new HeldCompute();
    const leaving = await stage.worker(compute, { lockMs: 60_000, stalledMs: 60_000 });
    await bot.add('ann-1');
    await until(() => compute.begun.length === 1);
    await stage.worker(compute, { lockMs: 60_000, stalledMs: 60_000 });
    await leaving.stop(0);
    await until(() => compute.begun.length === 2);
    await untilWorkers(bot.workshop, 1);
    compute.release('ann-1');
    await bot.untilOutcomes(1);
    expect(bot.done).toEqual(['ann-1']);
  });

  it('outlive a Redis that is killed and comes back with what it wrote down', async () => {
    const bot = await RedisBot.start(stage);
    const compute = new HeldCompute();
    await stage.worker(compute);
    await bot.add('ann-1', 'ann-2', 'ben-1');
    await until(() => compute.begun.length === 1);
    await redis.kill();
    await until(() => !bot.link.isUp);
    await bot.add('cid-1');
    compute.release('ann-1');
    await redis.start();
    for (const id of ['ann-2', 'ben-1', 'cid-1']) compute.release(id);
    await bot.untilOutcomes(4);
    expect(bot.done).toEqual(['ann-1', 'ann-2', 'ben-1', 'cid-1']);
  });

  it('wait for a Redis that is not there yet', async () => {
    await redis.kill();
    const bot = await RedisBot.start(stage, { isUp: false });
    await bot.add('ann-1', 'ben-1');
    await bot.stop('ben-1');
    await redis.start();
    const compute = new HeldCompute();
    for (const id of ['ann-1', 'ben-1']) compute.release(id);
    await stage.worker(compute);
    await bot.untilOutcomes(1);
    expect(compute.begun).toEqual(['ann-1']);
  });

  it('outlive a Redis that loses everything', async () => {
    const bot = await RedisBot.start(stage);
    const compute = new HeldCompute();
    await stage.worker(compute);
    await bot.add('ann-1', 'ann-2', 'ben-1');
    await until(() => compute.begun.length === 1);
    await command('FLUSHALL');
    for (const id of ['ann-1', 'ann-2', 'ben-1']) compute.release(id);
    await bot.untilOutcomes(3);
    expect(bot.done).toEqual(['ann-1', 'ann-2', 'ben-1']);
  });

  it('outlive cut connections, of both sides', async () => {
    const bot = await RedisBot.start(stage);
    const compute = new HeldCompute();
    await stage.worker(compute);
    await bot.add('ann-1', 'ben-1');
    await until(() => compute.begun.length === 1);
    await command('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await command('CLIENT', 'KILL', 'TYPE', 'pubsub');
    compute.release('ann-1');
    await bot.add('cid-1');
    for (const id of ['ben-1', 'cid-1']) compute.release(id);
    await bot.untilOutcomes(3);
    expect(bot.done).toEqual(['ann-1', 'ben-1', 'cid-1']);
  });

  it('are brought again where their pictures are lost', async () => {
    const bot = await RedisBot.start(stage);
    await bot.add('ann-1');
    await command('DEL', `${stage.prefix}:files:ann-1`);
    const compute = new HeldCompute();
    compute.release('ann-1');
    await stage.worker(compute);
    await bot.untilOutcomes(1);
    expect(bot.done).toEqual(['ann-1']);
  });

  it('leave nothing in Redis when they are over', async () => {
    const bot = await RedisBot.start(stage);
    const compute = new HeldCompute();
    const worker = await stage.worker(compute);
    await bot.add('ann-1', 'ann-2', 'ben-1');
    await until(() => compute.begun.length === 1);
    await bot.stop('ann-1');
    await bot.stop('ben-1');
    compute.release('ann-2');
    await bot.untilOutcomes(1);
    await bot.workshop.close(0);
    await worker.stop(0);
    const keys = (await command('KEYS', `${stage.prefix}:*`)) as string[];
    expect(keys.filter((key) => /turn|files|job-|worker|:bot/.test(key))).toEqual([]);
  });

  async function command(name: string, ...values: readonly string[]): Promise<unknown> {
    const client = new Redis(redis.url);
    try {
      return await client.call(name, ...values);
    } finally {
      client.disconnect();
    }
  }
});
