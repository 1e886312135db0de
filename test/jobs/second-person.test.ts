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
import { PoolLog } from '../compute/pool-log.js';
import { type RequestOptions, request } from '../compute/requests.js';
import { eventually } from '../patience.js';
import { acceptedJob } from './accepted-job.js';
import { RedisStage, untilWorkers } from './redis/redis-stage.js';
import { queuedJob } from './some-jobs.js';

/** With these bounds, seconds count as hours do else. */
const yielding = new Yielding(0, { shortMs: 3000, timesLonger: 0 });

const recycling = { recycleTasks: 100, recycleBytes: Number.POSITIVE_INFINITY };

const epochs = 60;
const requests: Readonly<Record<string, RequestOptions>> = {
  'zoe-1': { transfer: { size: 128, scaleEpochs: [epochs] } },
  'zoe-2': { transfer: { size: 128, scaleEpochs: [30] } },
  'ann-1': { transfer: { size: 96, epochs: 4 } },
};

async function read(id: string): Promise<JobWithInputs> {
  const { task, inputs } = await request(requests[id]);
  const given = Object.entries(inputs).flatMap(([name, bytes]) => (bytes ? [[name, bytes] as const] : []));
  return { job: acceptedJob({ id, task }), inputs: new Map(given) };
}

/**
 * Has somebody order a short picture while somebody else's long ones are painted, one in each slot; returns what came of all
 * of them, in order.
 */
async function secondPerson(
  workshop: Workshop,
  long: readonly string[] = ['zoe-1'],
): Promise<readonly (readonly [string, Outcome])[]> {
  const outcomes: [string, Outcome][] = [];
  const happened: string[] = [];
  const take = async (id: string) => workshop.take(queuedJob(id, (await read(id)).job.task));
  workshop.listen({
    begun: (id) => happened.push(`${id} begins`) > 0,
    progress: (id, { isPaused }) => {
      const what = isPaused ? `${id} is paused` : `${id} is painted`;
      if (
        !happened.includes('ann-1 waits') &&
        long.every((one) => one === id || happened.includes(`${one} is painted`))
      ) {
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
  for (const id of long) await take(id);
  await eventually(() => expect(outcomes).toHaveLength(long.length + 1));
  const paused = long.find((id) => happened.includes(`${id} is paused`));
  expect(paused).toBeDefined();
  expect(happened.indexOf(`${paused} is paused`)).toBeLessThan(happened.indexOf('ann-1 is painted'));
  expect(happened.lastIndexOf(`${paused} is painted`)).toBeGreaterThan(happened.lastIndexOf('ann-1 is painted'));
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

  it('on one machine whose jobs share threads, of which each has its part', async () => {
    const log = new PoolLog();
    const sharing = new ProcessPool({
      slots: 2,
      sharedThreads: 2,
      engine: { threads: 2 },
      hangMs: 60_000,
      ...recycling,
      onEvent: log.onEvent,
    });
    const workshop = new LocalWorkshop({
      compute: sharing,
      read,
      durations: new DurationEstimate(),
      checks: [],
      yielding,
      log: pino({ level: 'silent' }),
    });
    try {
      const outcomes = await secondPerson(workshop, ['zoe-1', 'zoe-2']);
      const other = ['zoe-2', { kind: 'result', result: expect.objectContaining({ epochs: 30 }) }];
      expect(outcomes.toSorted(([one], [another]) => (one < another ? -1 : 1))).toEqual([...both, other]);
      // Each of the three has had a process, and none of these more than one thread while another one worked.
      const pids = new Set(log.all('started').map(({ pid }) => pid));
      expect(pids.size).toBeGreaterThanOrEqual(3);
      expect(log.all('threads').slice(0, 3)).toEqual(Array(3).fill(expect.objectContaining({ threads: 1 })));
    } finally {
      await workshop.close(0);
    }
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
