import type { HostConfig } from './config.js';
import type { NetworkName } from './engine/topology.js';
import { largestSide, usualLayers } from './transfer/transfer-memory.js';

/** The smallest size that a server can have for its largest, in pixels. */
const leastSizeMax = 64;

/**
 * Returns what no server can set its own limits above, with no larger size than this machine has memory for: what can't be
 * painted isn't offered. It is transfers that count, with the layers that they look at where nobody names any; a texture, or
 * what else looks deeper, is made smaller where it is too large.
 * @param memoryBytes - the memory that each picture may take.
 * @param network - the network that most pictures are painted with.
 */
export function limitsWithinMemory(
  limits: HostConfig['limits'],
  memoryBytes: number,
  network: NetworkName,
): HostConfig['limits'] {
  const square = { width: limits.sizeMax, height: limits.sizeMax };
  const largest = largestSide(network, square, memoryBytes, { layers: usualLayers(network) });
  return { ...limits, sizeMax: Math.max(leastSizeMax, Math.min(limits.sizeMax, largest)) };
}
