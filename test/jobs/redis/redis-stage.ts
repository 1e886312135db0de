import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import type { Compute, ComputeRequest, ComputeResult } from '../../../src/compute/compute.js';
import { Deferred } from '../../../src/deferred.js';
import { RemoteWorkshop, type RemoteWorkshopOptions } from '../../../src/jobs/redis/bot/remote-workshop.js';
import { RedisLink } from '../../../src/jobs/redis/redis-link.js';
import { RedisWorker, type RedisWorkerOptions } from '../../../src/jobs/redis/worker/redis-worker.js';
import { RedisStore } from '../../../src/jobs/store/redis-store.js';
import type { QueuedJob } from '../../../src/jobs/workshop.js';
import { until } from '../../patience.js';
import { readHeldJob, tinyResult } from '../held-jobs.js';
import { durationsOfTests } from '../some-jobs.js';

/** Computes each task until a test releases it; the result has a few bytes, whatever the task. */
export class HeldCompute implements Compute {
  readonly slots = 64;
  /** The threads that jobs are said to share. */
  sharedThreads: number | undefined;
  /** Ids of all jobs that began, in that order. */
  readonly begun: string[] = [];
  readonly #released = new Map<string, Deferred<void>>();

  /** Lets a job come to its end, now or when it begins. */
  release(id: string): void {
    this.#of(id).resolve();
  }

  async run({ inputs }: ComputeRequest, { signal }: { readonly signal?: AbortSignal } = {}): Promise<ComputeResult> {
    const id = Buffer.from(inputs.content ?? inputs.first ?? []).toString();
    this.begun.push(id);
    const aborted = new Deferred<never>();
    signal?.addEventListener('abort', () => aborted.reject(signal.reason), { once: true });
    signal?.throwIfAborted();
    await Promise.race([this.#of(id).promise, aborted.promise]);
    return tinyResult;
  }

  async warm(): Promise<void> {}

  async close(): Promise<void> {}

  #of(id: string): Deferred<void> {
    const known = this.#released.get(id) ?? new Deferred<void>();
    this.#released.set(id, known);
    return known;
  }
}

/** Workshops of bots, and workers, that share a Redis. Each has its own connections, as if on its own machine. */
export class RedisStage {
  readonly url: string;
  readonly prefix: string;
  /** What bots and workers have logged, from debug on. */
  readonly lines: { readonly level: number; readonly msg: string }[] = [];
  readonly #log = pino({ level: 'debug' }, { write: (line: string) => this.#hear(line) });
  readonly #ends: (() => Promise<unknown>)[] = [];

  constructor(url: string, prefix = randomUUID() as string) {
    this.url = url;
    this.prefix = prefix;
  }

  /** What was logged as a warning, or worse. */
  get warnings(): readonly string[] {
    return this.lines.flatMap(({ level, msg }) => (level >= 40 ? [msg] : []));
  }

  link(failsFast: boolean): RedisLink {
    const link = new RedisLink({ url: this.url, failsFast, prefix: this.prefix, log: this.#log });
    this.#ends.unshift(async () => link.close());
    return link;
  }

  /** Makes a workshop whose jobs are made by `queuedJob`; workers get the id of a job as the bytes of its content. */
  async workshop(options: Partial<RemoteWorkshopOptions> = {}): Promise<RemoteWorkshop> {
    const link = options.link ?? this.link(true);
    const store = new RedisStore(link);
    if (options.link === undefined) await link.untilUp();
    const workshop = new RemoteWorkshop({
      link,
      store,
      durations: durationsOfTests(),
      read: (id) => readHeldJob(id, this.tasks.get(id)),
      durable: async () => {},
      checks: [],
      version: 'test',
      log: this.#log,
      watchMs: 200,
      ...options,
    });
    this.#ends.unshift(() => Promise.race([workshop.close(0), new Promise((resolve) => setTimeout(resolve, 200))]));
    return workshop;
  }

  /** Tasks of jobs that are not of the usual kind, by the job's id. */
  readonly tasks = new Map<string, QueuedJob['task']>();

  async worker(compute: Compute, options: Partial<RedisWorkerOptions> = {}): Promise<RedisWorker> {
    const { link = this.link(false) } = options;
    await link.untilUp();
    const worker = new RedisWorker({
      link,
      store: new RedisStore(link),
      compute,
      slots: 1,
      abilities: { networks: ['vgg19-lite'], maxSize: undefined },
      engine: 'none',
      version: 'test',
      tell: undefined,
      log: this.#log,
      lockMs: 1000,
      stalledMs: 300,
      ...options,
    });
    await worker.start();
    this.#ends.unshift(() => worker.stop(0));
    return worker;
  }

  async strike(): Promise<void> {
    for (const end of this.#ends) await end();
  }

  #hear(line: string): void {
    this.lines.push(JSON.parse(line) as { level: number; msg: string });
    if (process.env.TEST_LOG !== undefined) process.stderr.write(line);
  }
}

/** Waits until a workshop knows of exactly so many workers. */
export async function untilWorkers(queue: RemoteWorkshop, count: number): Promise<void> {
  await until(
    () => queue.workers.length === count,
    () => `${count} workers, there are ${queue.workers.length}`,
  );
}
