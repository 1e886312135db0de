import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { LocalRedis, noRedis } from '../../../bench/queue/local-redis.js';
import { Yielding } from '../../../src/jobs/yielding.js';
import type { HeldJobs } from '../held-jobs.js';
import { allowedSeconds, describeWorkshop } from '../workshop-contract.js';
import { RedisStage, untilWorkers } from './redis-stage.js';

describe.skipIf(noRedis)(noRedis ?? 'on a real Redis', () => {
  let redis: LocalRedis;
  beforeAll(async () => {
    redis = await LocalRedis.start();
  });
  afterAll(() => redis.stop());

  const stages: RedisStage[] = [];
  const allHeld: HeldJobs[] = [];
  afterEach(async () => {
    for (const held of allHeld.splice(0)) held.letGo();
    for (const stage of stages.splice(0)) await stage.strike();
  });

  describeWorkshop('the workshop of workers', async (held) => {
    const stage = new RedisStage(redis.url);
    stages.push(stage);
    allHeld.push(held);
    await stage.worker(held, { slots: held.slots });
    const workshop = await stage.workshop({
      yielding: new Yielding(60, { leastTurnMs: 0 }),
      maxSeconds: allowedSeconds,
    });
    await untilWorkers(workshop, 1);
    return workshop;
  });
});
