import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import type { Compute } from '../../src/compute/compute.js';
import { RedisLink } from '../../src/jobs/redis/redis-link.js';
import { RedisWorker } from '../../src/jobs/redis/worker/redis-worker.js';
import { RedisStore } from '../../src/jobs/store/redis-store.js';

/** Settings of this program, which it gets as JSON in its only argument. */
export interface SleepingWorkerSettings {
  readonly url: string;
  readonly prefix: string;
  readonly slots: number;
  /** How long each job pauses instead of computing. */
  readonly computeMs: number;
  readonly lockMs: number;
  readonly stalledMs: number;
}

/**
 * This program is a real worker on a real Redis that pauses instead of computing. Everything but computing can be
 * measured with it, also with more workers than processors. It prints `ready`, and a line `begun <content>` for each
 * job, and ends when its standard input does.
 */
const { url, prefix, slots, computeMs, ...intervals } = JSON.parse(process.argv[2] ?? '{}') as SleepingWorkerSettings;

const compute: Compute = {
  slots,
  async run({ inputs }, { signal } = {}) {
    process.stdout.write(`begun ${Buffer.from(inputs.content ?? []).toString()}\n`);
    await sleep(computeMs, undefined, signal && { signal });
    const picture = { format: 'png', width: 1, height: 1, bytes: Uint8Array.of(1) };
    return { picture, animation: undefined, epochs: 1, evaluations: 1, seconds: computeMs / 1000 };
  },
  warm: async () => {},
  close: async () => {},
};

const log = pino({ level: 'silent' });
const link = new RedisLink({ url, prefix, failsFast: false, log });
await link.untilUp();
const worker = new RedisWorker({
  link,
  store: new RedisStore(link),
  compute,
  slots,
  engine: 'none',
  version: 'bench',
  tell: undefined,
  log,
  abilities: { networks: ['vgg19-lite'], maxSize: undefined },
  ...intervals,
});
await worker.start();
process.stdout.write('ready\n');
process.stdin.resume().once('end', () => process.exit());
process.once('SIGTERM', () => void worker.stop(0).then(() => process.exit()));
