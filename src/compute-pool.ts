import type { PoolEvent } from './compute/pool-event.js';
import { ProcessPool } from './compute/process-pool.js';
import type { ComputeSlots } from './compute-slots.js';
import type { HostConfig } from './config.js';
import type { NetworkName } from './engine/topology.js';

/** The part of the configuration that is about compute processes. */
export type PoolConfig = Pick<HostConfig, 'engine' | 'gpus' | 'hangMs' | 'recycleTasks' | 'recycleBytes'>;

/**
 * Makes a pool of compute processes as a configuration describes it. No process is started yet.
 * @param network - the network that most jobs ask for, which each process opens at its start; others are opened when
 *   they are needed.
 */
export function createPool(
  { engine, gpus, hangMs, recycleTasks, recycleBytes }: PoolConfig,
  { count, shared, threads, memoryBytes }: ComputeSlots,
  network: NetworkName | undefined,
  onEvent: (event: PoolEvent) => void,
): ProcessPool {
  return new ProcessPool({
    slots: count,
    sharedThreads: shared,
    engine: { engine, network, threads, memoryBytes },
    gpus,
    hangMs,
    recycleTasks,
    recycleBytes,
    onEvent,
  });
}
