import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pino } from 'pino';
import { Deferred } from '../../src/deferred.js';
import { DurationEstimate } from '../../src/jobs/duration-estimate.js';
import { RemoteWorkshop } from '../../src/jobs/redis/bot/remote-workshop.js';
import { RedisLink } from '../../src/jobs/redis/redis-link.js';
import { RedisStore } from '../../src/jobs/store/redis-store.js';
import { packageRoot } from '../../src/package-root.js';
import { benchJob, benchRecord } from './bench-job.js';
import type { LocalRedis } from './local-redis.js';
import type { SleepingWorkerSettings } from './sleeping-worker.js';

export interface ThroughputFigures {
  readonly workers: number;
  readonly jobs: number;
  readonly seconds: number;
  readonly jobsPerSecond: number;
}

export interface ThroughputOptions {
  readonly workers: number;
  readonly jobsPerWorker: number;
  /** How long each job pauses instead of computing, as workers would compete for this machine's processors. */
  readonly computeMs: number;
  /** Size of each of a job's two pictures, in bytes. */
  readonly inputBytes: number;
}

const log = pino({ level: 'silent' });

/** Measures how many jobs workers do per second. Each is a process with one slot; time ends with the last outcome. */
export async function throughput(redis: LocalRedis, options: ThroughputOptions): Promise<ThroughputFigures> {
  const { workers, jobsPerWorker, computeMs, inputBytes } = options;
  const prefix = `throughput-${workers}`;
  const settings = { url: redis.url, prefix, slots: 1, computeMs, lockMs: 15_000, stalledMs: 7500 };
  const processes = await Promise.all(Array.from({ length: workers }, () => startWorker(settings)));
  const link = new RedisLink({ url: redis.url, failsFast: true, prefix, log });
  await link.untilUp();
  const store = new RedisStore(link);
  const jobs = workers * jobsPerWorker;
  const allDone = new Deferred<void>();
  let done = 0;
  const picture = Buffer.alloc(inputBytes, 1);
  const workshop = new RemoteWorkshop({
    link,
    store,
    durations: new DurationEstimate(),
    read: async (id) => ({
      job: benchRecord(id),
      inputs: new Map([
        ['content', picture],
        ['style', picture],
      ]),
    }),
    durable: async () => {},
    checks: [],
    version: 'bench',
    log,
  });
  workshop.listen({
    begun: () => true,
    progress: () => {},
    crashed: () => 1,
    outcome: async () => {
      if (++done === jobs) allDone.resolve();
    },
    suspended: () => {},
    placesChanged: () => {},
    hush: async () => false,
  });
  const begin = performance.now();
  for (let index = 0; index < jobs; index++) void workshop.take(benchJob(index));
  await allDone.promise;
  const seconds = (performance.now() - begin) / 1000;
  await workshop.close(0);
  await Promise.all(processes.map(stopWorker));
  return { workers, jobs, seconds, jobsPerSecond: jobs / seconds };
}

async function startWorker(settings: SleepingWorkerSettings): Promise<ChildProcess> {
  const script = join(packageRoot(), 'dist', 'bench', 'queue', 'sleeping-worker.js');
  const child = spawn(process.execPath, [script, JSON.stringify(settings)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  await once(lines, 'line');
  lines.on('line', () => {});
  return child;
}

async function stopWorker(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  await once(child, 'exit');
}
