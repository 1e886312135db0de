import { pino } from 'pino';
import type { ComputeResult } from '../../src/compute/compute.js';
import { Deferred } from '../../src/deferred.js';
import { DurationEstimate } from '../../src/jobs/duration-estimate.js';
import { LocalWorkshop } from '../../src/jobs/local-workshop.js';
import { RemoteWorkshop } from '../../src/jobs/redis/bot/remote-workshop.js';
import { queueNamesFor } from '../../src/jobs/redis/needs.js';
import { RedisLink } from '../../src/jobs/redis/redis-link.js';
import { ServedQueues } from '../../src/jobs/redis/worker/served-queues.js';
import { RedisStore } from '../../src/jobs/store/redis-store.js';
import type { Workshop, WorkshopListener } from '../../src/jobs/workshop.js';
import { benchJob, benchRecord } from './bench-job.js';
import type { LocalRedis } from './local-redis.js';
import { heapBytes, median, timed } from './measured.js';

/** Figures of what a long queue costs; times are medians in milliseconds. */
export interface LongQueueFigures {
  readonly queue: string;
  readonly jobs: number;
  readonly enqueueMs: number;
  /** Time to find out where a job stands after the queue has changed. */
  readonly positionMs: number;
  /** Time from the end of a job to the beginning of the next one. */
  readonly nextMs: number;
  /** Heap of the bot for each job, without its pictures. */
  readonly heapBytesPerJob: number;
  /** Memory of Redis for each job, without its pictures; undefined for the queue within the bot. */
  readonly redisBytesPerJob?: number | undefined;
}

/** How often positions and next jobs are measured. */
const rounds = 200;

const log = pino({ level: 'silent' });

/** A listener that ignores everything it hears. */
const deaf: WorkshopListener = {
  begun: () => true,
  progress: () => {},
  crashed: () => 1,
  outcome: async () => {},
  suspended: () => {},
  placesChanged: () => {},
  hush: async () => false,
};

const nothing: ComputeResult = {
  picture: { format: 'png', width: 1, height: 1, bytes: Uint8Array.of(1) },
  animation: undefined,
  epochs: 1,
  evaluations: 1,
  seconds: 1,
};

/** Measures the queue within the bot. */
export async function longEmbeddedQueue(jobs: number): Promise<LongQueueFigures> {
  const heapBefore = heapBytes();
  let begun = new Deferred<() => void>();
  const queue = new LocalWorkshop({
    compute: {
      slots: 1,
      run: () => new Promise((resolve) => begun.resolve(() => resolve(nothing))),
      warm: async () => {},
      close: async () => {},
    },
    durations: new DurationEstimate(),
    read: async (id) => ({ job: benchRecord(id), inputs: new Map() }),
    checks: [],
    log,
  });
  queue.listen(deaf);
  const { enqueueMs, heapBytesPerJob } = await fill(queue, jobs, heapBefore);
  const positionMs = await positions(queue, jobs);
  const nexts: number[] = [];
  let finish = await begun.promise;
  for (let round = 0; round < rounds; round++) {
    begun = new Deferred();
    const end = finish;
    nexts.push(
      await timed(async () => {
        end();
        finish = await begun.promise;
      }),
    );
  }
  return { queue: 'p-queue', jobs, enqueueMs, positionMs, nextMs: median(nexts), heapBytesPerJob };
}

/** Measures the queue for workers, with a Redis on this machine. */
export async function longRedisQueue(jobs: number, redis: LocalRedis): Promise<LongQueueFigures> {
  const link = new RedisLink({ url: redis.url, failsFast: true, log });
  await link.untilUp();
  const used = async () => Number(/used_memory:(\d+)/.exec(await link.redis.info('memory'))?.[1]);
  const heapBefore = heapBytes();
  const usedBefore = await used();
  const queue = new RemoteWorkshop({
    link,
    store: new RedisStore(link),
    durations: new DurationEstimate(),
    // Jobs have no pictures, because only the queue itself is measured.
    read: async (id) => ({ job: benchRecord(id), inputs: new Map() }),
    durable: async () => {},
    checks: [],
    version: 'bench',
    log,
  });
  queue.listen(deaf);
  const { enqueueMs, heapBytesPerJob } = await fill(queue, jobs, heapBefore);
  const redisBytesPerJob = ((await used()) - usedBefore) / jobs;
  const positionMs = await positions(queue, jobs);
  const served = new ServedQueues({
    link,
    queueNames: queueNamesFor({ networks: ['vgg19-lite'], maxSize: undefined }),
    lockMs: 30_000,
    stalledMs: 30_000,
    log,
    onStalled: () => {},
  });
  await served.start();
  let taken = await served.take();
  const nexts: number[] = [];
  for (let round = 0; round < rounds && taken !== undefined; round++) {
    const over = taken;
    nexts.push(
      await timed(async () => {
        await served.finish(over);
        taken = await served.take();
      }),
    );
  }
  await served.close();
  await queue.close(0);
  const figures = { enqueueMs, positionMs, nextMs: median(nexts), heapBytesPerJob, redisBytesPerJob };
  return { queue: 'Redis with BullMQ', jobs, ...figures };
}

async function fill(queue: Workshop, jobs: number, heapBefore: number) {
  const times: number[] = [];
  for (let index = 0; index < jobs; index++) times.push(await timed(() => queue.take(benchJob(index))));
  return { enqueueMs: median(times.slice(-1000)), heapBytesPerJob: (heapBytes() - heapBefore) / jobs };
}

/** Returns the median time to ask for a job's place after another job has come, which changes all places. */
async function positions(queue: Workshop, jobs: number): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await queue.take(benchJob(jobs + round));
    times.push(await timed(() => queue.place(`bench-${Math.floor(jobs / 2)}`)));
  }
  return median(times);
}
