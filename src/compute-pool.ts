import { availableParallelism } from 'node:os';
import type { PoolEvent } from './compute/pool-event.js';
import { ProcessPool } from './compute/process-pool.js';
import type { HostConfig } from './config.js';
import type { NetworkName } from './engine/topology.js';

/** What the configuration says about compute processes. */
export type PoolConfig = Pick<
  HostConfig,
  'computeSlots' | 'engine' | 'threads' | 'gpus' | 'hangMs' | 'recycleTasks' | 'recycleBytes'
>;

/**
 * Makes the compute processes that a configuration describes. None is started yet.
 * @param network - the network that most jobs ask for; others are opened when they are needed.
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
