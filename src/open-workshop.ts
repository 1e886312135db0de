import type { Logger } from 'pino';
import { type Compute, ComputeCrash } from './compute/compute.js';
import type { ComputeHealth } from './compute/compute-health.js';
import type { PoolEvent } from './compute/pool-event.js';
import type { PoolConfig } from './compute-pool.js';
import type { ComputeSlots } from './compute-slots.js';
import type { HostConfig, RedisConfig } from './config.js';
import { isNetworkName, type NetworkName } from './engine/topology.js';
import { DiskPatience } from './jobs/disk-trouble.js';
import type { DurationEstimate } from './jobs/duration-estimate.js';
import type { JobFiles } from './jobs/job-files.js';
import type { Journal } from './jobs/journal.js';
import { framesAmong } from './jobs/kept-frames.js';
import { readJob } from './jobs/read-job.js';
import type { Workshop } from './jobs/workshop.js';
import { Yielding } from './jobs/yielding.js';
import { redisCheck } from './operations/readiness.js';
import { packageVersion } from './package-root.js';

export interface WorkshopParts {
  /** How jobs share this machine; undefined where workers compute. */
  readonly slots: ComputeSlots | undefined;
  /** The network that most jobs ask for. */
  readonly network: NetworkName;
  readonly journal: Journal;
  readonly files: JobFiles;
  readonly durations: DurationEstimate;
  /** Hears the events of the compute processes on this machine, if there are any. */
  readonly health: ComputeHealth;
  readonly onPoolEvent: (event: PoolEvent) => void;
  readonly log: Logger;
}

/** The part of the configuration that says how jobs are computed. */
type WorkshopConfig = PoolConfig & Pick<HostConfig, 'longSeconds'> & Partial<Pick<HostConfig, 'redis' | 'jobSeconds'>>;

/**
 * Opens the workshop that a configuration describes: workers over Redis where `redis` is set, else compute processes on
 * this machine. Only the modules of the chosen one are loaded.
 * @throws CodedError `redis/refused` where Redis doesn't let us in, and waiting won't change that; CodedError or
 *   ComputeFault where the engine that the configuration names can't be opened.
 */
export async function openWorkshop(config: WorkshopConfig, parts: WorkshopParts): Promise<Workshop> {
  return config.redis === undefined ? openLocal(config, parts) : openRemote(config.redis, config, parts);
}

async function openLocal(config: WorkshopConfig, parts: WorkshopParts): Promise<Workshop> {
  const { slots, network, journal, files, durations, health, onPoolEvent, log } = parts;
  if (slots === undefined) throw new Error('Expected `slots` where this machine computes');
  const { createPool } = await import('./compute-pool.js');
  const { LocalWorkshop } = await import('./jobs/local-workshop.js');
  const compute = createPool(config, slots, network, (event) => {
    log[event.kind === 'threads' ? 'debug' : 'info'](event, 'compute process');
    health.hear(event);
    if (event.kind === 'ready' && isNetworkName(event.network)) {
      durations.engineOpened(event.network, event.secondsPerPixel);
    }
    onPoolEvent(event);
  });
  // Whether an engine that was asked for is here is known before people can order anything. The usual one comes with the
  // program: nobody waits for that to open, which takes long on a busy machine.
  if (config.engine !== 'auto') await opened(compute, log);
  const patience = new DiskPatience(log);
  return new LocalWorkshop({
    compute,
    read: (jobId) => readJob(jobId, journal, files),
    keptFrames: (jobId, signal) => framesAmong(files, patience, jobId, signal),
    durations,
    maxSeconds: config.jobSeconds,
    yielding: new Yielding(config.longSeconds),
    checks: [{ name: 'compute', look: () => health.require() }],
    log,
  });
}

/** Waits until engines are open. A process that only died may do better the next time. @throws what keeps one closed. */
async function opened(compute: Compute, log: Logger): Promise<void> {
  try {
    await compute.warm();
  } catch (error) {
    if (!(error instanceof ComputeCrash)) {
      await compute.close();
      throw error;
    }
    log.error({ err: error }, 'compute processes could not be started');
  }
}

async function openRemote(redis: RedisConfig, config: WorkshopConfig, parts: WorkshopParts): Promise<Workshop> {
  const { journal, files, durations, log } = parts;
  const { RedisLink } = await import('./jobs/redis/redis-link.js');
  const { RemoteWorkshop } = await import('./jobs/redis/bot/remote-workshop.js');
  const { openStore } = await import('./jobs/store/open-store.js');
  const link = new RedisLink({ url: redis.url, failsFast: true, log });
  await link.untilAdmitted().catch((error: unknown) => {
    link.close();
    throw error;
  });
  return new RemoteWorkshop({
    link,
    store: openStore(redis, link),
    read: (jobId) => readJob(jobId, journal, files),
    durable: () => journal.durable(),
    durations,
    maxSeconds: config.jobSeconds,
    yielding: new Yielding(config.longSeconds),
    checks: [redisCheck(link)],
    version: packageVersion(),
    log,
  });
}
