import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { noRedis } from '../../../bench/queue/local-redis.js';
import { until } from '../../patience.js';
import { RedisBot } from './redis-bot.js';
import { HeldCompute, RedisStage, untilWorkers } from './redis-stage.js';
import { type Refusal, RefusingRedis, rarerRefusals, refusals } from './refusing-redis.js';

const inCluster: Refusal = {
  code: 'CLUSTERDOWN',
  what: 'nobody has all slots of its cluster',
  begin: (redis) => redis.ask('CLUSTER', 'DELSLOTS', '0'),
  end: (redis) => redis.ask('CLUSTER', 'ADDSLOTS', '0'),
};

describe.skipIf(noRedis)(noRedis ?? 'where Redis refuses writes for a while', () => {
  let redis: RefusingRedis;
  let stage: RedisStage;

  beforeAll(async () => {
    redis = await RefusingRedis.start();
  });
  afterAll(() => redis.stop());
  beforeEach(() => {
    stage = new RedisStage(redis.server.url);
  });
  afterEach(() => stage.strike());

  it.each([...refusals, ...rarerRefusals])('jobs go on by themselves after it: $what ($code)', async (refusal) => {
    await outlive(redis, stage, refusal);
  });

  it(`jobs go on by themselves after it: ${inCluster.what} (${inCluster.code})`, async () => {
    const node = await RefusingRedis.start({ more: ['--cluster-enabled', 'yes'] });
    await node.ask('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    await until(async () => /cluster_state:ok/.test(String(await node.ask('CLUSTER', 'INFO'))));
    const here = new RedisStage(node.server.url, '{one-slot}');
    try {
      await outlive(node, here, inCluster);
    } finally {
      await here.strike();
      await node.stop();
    }
  });

  it('a job that alone is refused waits, and the others go on', async () => {
    const compute = new HeldCompute();
    await stage.worker(compute);
    const bot = await RedisBot.start(stage);
    const key = `${stage.prefix}:turn:ann-1`;
    await redis.ask('SET', key, 'something else');
    await bot.add('ann-1', 'ben-1');
    for (const id of ['ann-1', 'ben-1']) compute.release(id);
    await bot.untilOutcomes(1);
    expect(bot.link.problem).toBeUndefined();
    await redis.ask('DEL', key);
    await bot.untilOutcomes(2);
    expect(bot.done).toEqual(['ann-1', 'ben-1']);
    expect(stage.warnings.filter((what) => what === 'a job could not be handed to Redis yet')).toHaveLength(1);
  });
});

/** Has jobs come, run and end while Redis refuses writes: each must come to one outcome, computed once. */
async function outlive(redis: RefusingRedis, stage: RedisStage, refusal: Refusal): Promise<void> {
  const compute = new HeldCompute();
  const link = stage.link(false);
  await stage.worker(compute, { link, lockMs: 60_000, stalledMs: 60_000 });
  const bot = await RedisBot.start(stage);
  await untilWorkers(bot.workshop, 1);
  await bot.add('ann-1');
  await until(() => compute.begun.length === 1);
  await bot.add('ben-1', 'cid-1');
  stage.lines.length = 0;

  await refusal.begin(redis);
  await bot.add('dan-1');
  for (const id of ['ann-1', 'ben-1', 'dan-1']) compute.release(id);
  const isKnown = () => [bot.link, link].every(({ problem }) => problem?.includes(refusal.code));
  await until(isKnown, () => 'both sides know what Redis refuses writes for');
  const isStopped = bot.stop('cid-1');
  await refusal.end(redis);

  await bot.untilOutcomes(3);
  expect(bot.done).toEqual(['ann-1', 'ben-1', 'dan-1']);
  expect(await isStopped).toBe(true);
  // A worker may be quicker than the bot, and begin what is about to be taken back.
  expect(compute.begun.filter((id) => id !== 'cid-1')).toEqual(['ann-1', 'ben-1', 'dan-1']);
  expect(bot.outcomes).toHaveLength(3);
  expect(bot.workshop.workers).toHaveLength(1);
  await until(
    () => stage.lines.filter(({ msg }) => msg === 'Redis is back').length === 2,
    () => 'both say that it is over',
  );
  expect([bot.link, link].map(({ problem }) => problem)).toEqual([undefined, undefined]);
  expect(stage.warnings).toEqual(Array(2).fill('Redis refuses to work; trying again until it does'));
}
