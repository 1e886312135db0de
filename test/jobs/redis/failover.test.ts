import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { noRedis } from '../../../bench/queue/local-redis.js';
import { until } from '../../patience.js';
import { RedisBot } from './redis-bot.js';
import { RedisPair } from './redis-pair.js';
import { HeldCompute, RedisStage, untilWorkers } from './redis-stage.js';

describe.skipIf(noRedis)(noRedis ?? 'a failover of Redis', () => {
  let pair: RedisPair;
  let stage: RedisStage;

  beforeAll(async () => {
    pair = await RedisPair.start();
  });
  afterAll(() => pair.stop());
  beforeEach(() => {
    stage = new RedisStage(pair.url);
  });
  afterEach(() => stage.strike());

  it.each([
    { what: 'there', isHalfNew: false },
    { what: 'and back', isHalfNew: false },
    { what: 'where one connection of each is new already', isHalfNew: true },
  ])('is outlived by jobs that come, run and end meanwhile, $what', async ({ isHalfNew }) => {
    const compute = new HeldCompute();
    const link = stage.link(false);
    await stage.worker(compute, { link, lockMs: 60_000, stalledMs: 60_000 });
    const bot = await RedisBot.start(stage);
    await untilWorkers(bot.workshop, 1);
    await bot.add('ann-1');
    await until(() => compute.begun.length === 1);
    await bot.add('ben-1');
    // All connections stay at the old master, which is the new one's replica from now on and takes no writes.
    await pair.failOver();
    if (isHalfNew) for (const { redis } of [link, bot.link]) redis.disconnect(true);
    await bot.add('cid-1');
    for (const id of ['ann-1', 'ben-1', 'cid-1']) compute.release(id);
    await bot.untilOutcomes(3);
    expect(bot.done).toEqual(['ann-1', 'ben-1', 'cid-1']);
    expect(compute.begun).toEqual(['ann-1', 'ben-1', 'cid-1']);
    await until(() => bot.link.isUp && link.isUp);
    const expected = ['Redis refuses to work; trying again until it does', 'a job could not be handed to Redis yet'];
    expect(stage.warnings.filter((warning) => !expected.includes(warning))).toEqual([]);
  });
});
