import { availableParallelism } from 'node:os';
import type { Logger } from 'pino';
import type { PoolEvent } from './compute/pool-event.js';
import { ProcessPool } from './compute/process-pool.js';
import type { ComputePlace } from './compute-place.js';
import type { HostConfig } from './config.js';
import type { NetworkName } from './engine/topology.js';
import { availableNetworks } from './engine/weights/bundled.js';
import type { DurationEstimate } from './jobs/duration-estimate.js';
import { EmbeddedQueue } from './jobs/embedded-queue.js';
import type { JobFiles } from './jobs/job-files.js';
import { LocalTurns } from './jobs/local-turns.js';
import type { ComputeHealth } from './operations/compute-health.js';

/** What compute processes are started with, by the configuration. */
export type PoolConfig = Pick<
  HostConfig,
  'computeSlots' | 'engine' | 'threads' | 'gpus' | 'hangMs' | 'recycleTasks' | 'recycleBytes'
>;

/**
 * The compute processes that a configuration describes.
 * @param network - the one that most jobs ask for; others are opened when they are needed.
 */
export function createPool(
  config: PoolConfig,
  network: NetworkName | undefined,
  onEvent: (event: PoolEvent) => void,
): ProcessPool {
  const { computeSlots: slots, engine, gpus, hangMs, recycleTasks, recycleBytes } = config;
  const threads = config.threads ?? Math.max(1, Math.floor(availableParallelism() / slots));
  return new ProcessPool({
    slots,
    engine: { engine, network, threads },
    gpus,
    hangMs,
    recycleTasks,
    recycleBytes,
    onEvent,
  });
}

export interface LocalComputeParts {
  readonly config: PoolConfig;
  readonly network: NetworkName;
  readonly files: JobFiles;
  readonly durations: DurationEstimate;
  readonly health: ComputeHealth;
  readonly onPoolEvent: (event: PoolEvent) => void;
  readonly log: Logger;
}

/** Has pictures computed by processes on this machine. */
export function localCompute(parts: LocalComputeParts): ComputePlace {
  const { config, network, files, durations, health, onPoolEvent, log } = parts;
  const pool = createPool(config, network, (event) => {
    log.info(event, 'compute process');
    health.hear(event);
    onPoolEvent(event);
  });
  return {
    turns: new LocalTurns(pool, files),
    createQueue: (perform, onChange) =>
      new EmbeddedQueue({
        slots: config.computeSlots,
        durations,
        perform,
        onChange,
        onFault: (error, job) => log.error({ job: job.id, err: error }, 'a turn failed without an outcome'),
      }),
    jobsGoOn: false,
    slots: () => config.computeSlots,
    workers: () => undefined,
    hasNetwork: (network) => availableNetworks().includes(network),
    checks: [{ name: 'compute', look: () => health.require() }],
    begin: () =>
      pool.warm().catch((error: unknown) => log.error({ err: error }, 'compute processes could not be started')),
    close: () => pool.close(),
  };
}
