import type { Logger } from 'pino';
import type { ComputePlace } from './compute-place.js';
import type { RedisConfig } from './config.js';
import type { DurationEstimate } from './jobs/duration-estimate.js';
import type { JobFiles } from './jobs/job-files.js';
import type { Journal } from './jobs/journal.js';
import { RedisLink } from './jobs/redis/redis-link.js';
import { RedisQueue } from './jobs/redis/redis-queue.js';
import { RemoteTurns } from './jobs/redis/remote-turns.js';
import { TurnEvents } from './jobs/redis/turn-events.js';
import { TurnLedger } from './jobs/redis/turn-ledger.js';
import { openStore } from './jobs/store/open-store.js';
import { redisCheck } from './operations/readiness.js';
import { packageVersion } from './package-root.js';
import { inputsOf } from './works/works.js';

export interface RemoteComputeParts {
  readonly redis: RedisConfig;
  readonly files: JobFiles;
  readonly journal: Journal;
  readonly durations: DurationEstimate;
  /** See {@link Courier.hush}. */
  readonly hush: (jobId: string) => Promise<boolean>;
  readonly log: Logger;
}

/** Has pictures computed by workers, over Redis. */
export function remoteCompute({ redis, files, journal, durations, hush, log }: RemoteComputeParts): ComputePlace {
  const link = new RedisLink({ url: redis.url, failsFast: true, log });
  const store = openStore(redis, link);
  const events = new TurnEvents();
  let queue: RedisQueue | undefined;
  const read = async (jobId: string) => {
    const job = journal.job(jobId);
    if (job === undefined) throw new Error(`Job ${jobId} is not in the journal`);
    const inputs = inputsOf(job.task).map(async (name) => [name, await files.get(jobId, name)] as const);
    return { job, inputs: new Map(await Promise.all(inputs)) };
  };
  const workers = () => queue?.workers ?? [];
  return {
    turns: new RemoteTurns({ ledger: new TurnLedger(link), store, events, hush, log }),
    createQueue: (perform, onChange) => {
      queue = new RedisQueue({
        ...{ link, store, events, read, durations, perform, onChange, hush, log },
        durable: () => journal.durable(),
        onFault: (error, job) => log.error({ job: job.id, err: error }, 'a turn failed without an outcome'),
        version: packageVersion(),
      });
      return queue;
    },
    jobsGoOn: true,
    slots: () => workers().reduce((sum, worker) => sum + worker.slots, 0),
    workers,
    // Of whom there is nobody, nothing is known: the job waits for somebody who can.
    hasNetwork: (network) => workers().length === 0 || workers().some(({ networks }) => networks.includes(network)),
    checks: [
      redisCheck(link),
      {
        name: 'compute',
        look: () => {
          if (workers().length === 0) throw new Error('No worker is connected: start one with `whitewalker worker`.');
        },
      },
    ],
    begin: async () => queue?.sweep(),
    close: async () => link.close(),
  };
}
