import type { HostConfig } from './config.js';
import type { NetworkName } from './engine/topology.js';
import { largestSide } from './transfer/transfer-memory.js';

/** The smallest size that a server can have for its largest, in pixels. */
const leastSizeMax = 64;

/**
 * Returns what no server can set its own limits above, with no larger size than this machine has memory for: what can't be
 * painted isn't offered.
 * @param memoryBytes - the memory that each picture may take.
 * @param network - the network that most pictures are painted with.
 */
export function limitsWithinMemory(
  limits: HostConfig['limits'],
  memoryBytes: number,
  network: NetworkName,
): HostConfig['limits'] {
  const square = { width: limits.sizeMax, height: limits.sizeMax };
  return {
    ...limits,
    sizeMax: Math.max(leastSizeMax, Math.min(limits.sizeMax, largestSide(network, square, memoryBytes))),
  };
}
