import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pino } from 'pino';
import { Deferred } from '../../src/deferred.js';
import { DurationEstimate } from '../../src/jobs/duration-estimate.js';
import { RedisLink } from '../../src/jobs/redis/redis-link.js';
import { RedisQueue } from '../../src/jobs/redis/redis-queue.js';
import { RemoteTurns } from '../../src/jobs/redis/remote-turns.js';
import { TurnEvents } from '../../src/jobs/redis/turn-events.js';
import { TurnLedger } from '../../src/jobs/redis/turn-ledger.js';
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
  /** How long each job is computed, which here is a pause: workers would compete for this machine's processors. */
  readonly computeMs: number;
  /** What each of a job's two pictures has. */
  readonly inputBytes: number;
}

const log = pino({ level: 'silent' });

/** How many jobs so many workers do in a second, each a process of its own with one slot, from the first job to the last. */
export async function throughput(redis: LocalRedis, options: ThroughputOptions): Promise<ThroughputFigures> {
  const { workers, jobsPerWorker, computeMs, inputBytes } = options;
  const prefix = `throughput-${workers}`;
  const settings = { url: redis.url, prefix, slots: 1, computeMs, lockMs: 15_000, stalledMs: 7500 };
  const processes = await Promise.all(Array.from({ length: workers }, () => startWorker(settings)));
  const link = new RedisLink({ url: redis.url, failsFast: true, prefix, log });
  await link.untilUp();
  const store = new RedisStore(link);
  const events = new TurnEvents();
  const turns = new RemoteTurns({ ledger: new TurnLedger(link), store, events, hush: async () => false, log });
  const jobs = workers * jobsPerWorker;
  const allDone = new Deferred<void>();
  let done = 0;
  const picture = Buffer.alloc(inputBytes, 1);
  const queue = new RedisQueue({
    ...{ link, store, events, log },
    durations: new DurationEstimate(),
    perform: async ({ id }, { signal, report }) => {
      await turns.run(benchRecord(id), { signal, onBegun: () => {}, onProgress: report });
      if (++done === jobs) allDone.resolve();
    },
    onChange: () => {},
    onFault: (error) => allDone.reject(error),
    read: async (id) => ({
      job: benchRecord(id),
      inputs: new Map([
        ['content', picture],
        ['style', picture],
      ]),
    }),
    hush: async () => false,
    durable: async () => {},
    version: 'bench',
  });
  const begin = performance.now();
  for (let index = 0; index < jobs; index++) void queue.add(benchJob(index));
  await allDone.promise;
  const seconds = (performance.now() - begin) / 1000;
  await queue.close();
  link.close();
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
