import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalRedis, noRedis } from '../../bench/queue/local-redis.js';
import { ProcessPool } from '../../src/compute/process-pool.js';
import { DurationEstimate } from '../../src/jobs/duration-estimate.js';
import type { Outcome } from '../../src/jobs/job.js';
import { LocalWorkshop } from '../../src/jobs/local-workshop.js';
import type { JobWithInputs, Workshop } from '../../src/jobs/workshop.js';
import { Yielding } from '../../src/jobs/yielding.js';
import { requireBuild } from '../command-line/program.js';
import { type RequestOptions, request } from '../compute/requests.js';
import { eventually } from '../patience.js';
import { acceptedJob } from './accepted-job.js';
import { RedisStage, untilWorkers } from './redis/redis-stage.js';
import { queuedJob } from './some-jobs.js';

/** With these bounds, seconds count as hours do else. */
const yielding = new Yielding(0, { shortMs: 3000, timesLonger: 0 });

const epochs = 150;
const requests: Readonly<Record<string, RequestOptions>> = {
  'zoe-1': { transfer: { size: 128, scaleEpochs: [epochs] } },
  'ann-1': { transfer: { size: 96, epochs: 4 } },
};

async function read(id: string): Promise<JobWithInputs> {
  const { task, inputs } = await request(requests[id]);
  const given = Object.entries(inputs).flatMap(([name, bytes]) => (bytes ? [[name, bytes] as const] : []));
  return { job: acceptedJob({ id, task }), inputs: new Map(given) };
}

/** Has somebody order a short picture while somebody else's long one is painted; returns what came of both, in order. */
async function secondPerson(workshop: Workshop): Promise<readonly (readonly [string, Outcome])[]> {
  const outcomes: [string, Outcome][] = [];
  const happened: string[] = [];
  const take = async (id: string) => workshop.take(queuedJob(id, (await read(id)).job.task));
  workshop.listen({
    begun: (id) => happened.push(`${id} begins`) > 0,
    progress: (id, { isPaused }) => {
      const what = isPaused ? `${id} is paused` : `${id} is painted`;
      if (!happened.includes('ann-1 waits')) {
        happened.push('ann-1 waits');
        void take('ann-1');
      }
      if (what !== happened.at(-1)) happened.push(what);
    },
    crashed: () => expect.fail('nothing crashes'),
    outcome: async (id, { outcome }) => void outcomes.push([id, outcome]),
    suspended: () => {},
    placesChanged: () => {},
    hush: async () => false,
  });
  await take('zoe-1');
  await eventually(() => expect(outcomes).toHaveLength(2));
  expect(happened).toContain('zoe-1 is paused');
  expect(happened.indexOf('zoe-1 is paused')).toBeLessThan(happened.indexOf('ann-1 is painted'));
  expect(happened.lastIndexOf('zoe-1 is painted')).toBeGreaterThan(happened.lastIndexOf('ann-1 is painted'));
  return outcomes;
}

const both = [
  ['ann-1', { kind: 'result', result: expect.objectContaining({ epochs: 4 }) }],
  ['zoe-1', { kind: 'result', result: expect.objectContaining({ epochs }) }],
];

describe('the second person has a picture while the first one’s takes long, and both get theirs', () => {
  let pool: ProcessPool;
  beforeAll(async () => {
    requireBuild();
    const recycling = { recycleTasks: 100, recycleBytes: Number.POSITIVE_INFINITY };
    pool = new ProcessPool({ slots: 1, engine: { threads: 1 }, hangMs: 60_000, ...recycling });
    await pool.warm();
  });
  afterAll(() => pool.close());

  it('on one machine', async () => {
    const log = pino({ level: 'silent' });
    const durations = new DurationEstimate();
    const workshop = new LocalWorkshop({ compute: pool, read, durations, checks: [], yielding, log });
    expect(await secondPerson(workshop)).toEqual(both);
  });

  it.skipIf(noRedis)('with a worker', async () => {
    const redis = await LocalRedis.start();
    const stage = new RedisStage(redis.url);
    try {
      await stage.worker(pool);
      const workshop = await stage.workshop({ read, yielding });
      await untilWorkers(workshop, 1);
      expect(await secondPerson(workshop)).toEqual(both);
    } finally {
      await stage.strike();
      await redis.stop();
    }
  });
});
