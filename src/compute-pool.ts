import { availableParallelism } from 'node:os';
import type { PoolEvent } from './compute/pool-event.js';
import { ProcessPool } from './compute/process-pool.js';
import type { HostConfig } from './config.js';
import { memoryLimit } from './engine/memory-limit.js';
import type { NetworkName } from './engine/topology.js';

/** The part of the configuration that is about compute processes. */
export type PoolConfig = Pick<
  HostConfig,
  'computeSlots' | 'engine' | 'threads' | 'memoryMegabytes' | 'gpus' | 'hangMs' | 'recycleTasks' | 'recycleBytes'
>;

/**
 * Makes a pool of compute processes as a configuration describes it. No process is started yet.
 * @param network - the network that most jobs ask for, which each process opens at its start; others are opened when
 *   they are needed.
 */
export function createPool(
  config: PoolConfig,
  network: NetworkName | undefined,
  onEvent: (event: PoolEvent) => void,
): ProcessPool {
  const { computeSlots: slots, engine, memoryMegabytes, gpus, hangMs, recycleTasks, recycleBytes } = config;
  const { bytes: memoryBytes } = memoryLimit(memoryMegabytes, slots);
  const threads = config.threads ?? Math.max(1, Math.floor(availableParallelism() / slots));
  return new ProcessPool({
    slots,
    engine: { engine, network, threads, memoryBytes },
    gpus,
    hangMs,
    recycleTasks,
    recycleBytes,
    onEvent,
  });
}
