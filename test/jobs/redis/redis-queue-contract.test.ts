import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { LocalRedis, noRedis } from '../../../bench/queue/local-redis.js';
import { describeJobQueue } from '../job-queue-contract.js';
import { HeldCompute, RedisStage, untilWorkers } from './redis-stage.js';

describe.skipIf(noRedis)(noRedis ?? 'on a real Redis', () => {
  let redis: LocalRedis;
  beforeAll(async () => {
    redis = await LocalRedis.start();
  });
  afterAll(() => redis.stop());

  const stages: RedisStage[] = [];
  afterEach(async () => {
    for (const stage of stages.splice(0)) await stage.strike();
  });

  // A job is performed as long as both sides are at it: here the test's performance ends what the worker computes.
  describeJobQueue('the queue for workers', async ({ slots, perform, ...parts }) => {
    const stage = new RedisStage(redis.url);
    stages.push(stage);
    const compute = new HeldCompute();
    await stage.worker(compute, { slots });
    const queue = await stage.queue({
      ...parts,
      perform: (job, turn) => perform(job, turn).finally(() => compute.release(job.id)),
    });
    await untilWorkers(queue, 1);
    return queue;
  });
});
