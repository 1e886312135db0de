import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import type { Compute } from '../../src/compute/compute.js';
import { RedisLink } from '../../src/jobs/redis/redis-link.js';
import { RedisWorker } from '../../src/jobs/redis/worker/redis-worker.js';
import { RedisStore } from '../../src/jobs/store/redis-store.js';

/** What this program is told by its only argument, as JSON. */
export interface SleepingWorkerSettings {
  readonly url: string;
  readonly prefix: string;
  readonly slots: number;
  /** How long each job takes. */
  readonly computeMs: number;
  readonly lockMs: number;
  readonly stalledMs: number;
}

/**
 * A real worker on a real Redis whose computing is a pause: for measuring everything but computing, also with more workers
 * than there are processors. Prints `ready`, and a line `begun <content>` for each job. Ends with its standard input.
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
  ...{ link, store: new RedisStore(link), compute, slots, engine: 'none', version: 'bench', tell: undefined, log },
  abilities: { networks: ['vgg19-lite'], maxSize: undefined },
  ...intervals,
});
await worker.start();
process.stdout.write('ready\n');
process.stdin.resume().once('end', () => process.exit());
process.once('SIGTERM', () => void worker.stop(0).then(() => process.exit()));
