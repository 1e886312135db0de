import { availableParallelism } from 'node:os';
import type { HostConfig } from './config.js';
import { memoryLimit } from './engine/memory-limit.js';
import type { NetworkName } from './engine/topology.js';
import { largestSide, transferMemory } from './transfer/transfer-memory.js';

/** How jobs share a machine. */
export interface ComputeSlots {
  /** How many jobs are computed at once, each in a process of its own. */
  readonly count: number;
  /** The threads that all jobs share, of which a lone one has all; undefined: each slot has {@link threads} of its own. */
  readonly shared: number | undefined;
  /** The most threads that a job has. */
  readonly threads: number;
  /** The memory that each job may take, in bytes. */
  readonly memoryBytes: number;
}

/** The part of the configuration that says how jobs share a machine. */
export type SlotsConfig = Pick<
  HostConfig,
  'computeSlots' | 'engine' | 'threads' | 'memoryMegabytes' | 'qualities' | 'limits'
>;

/** What jobs compute with: a GPU or the processor, and the network of most of them. */
export interface SlotsUse {
  readonly usesGpu: boolean;
  readonly network: NetworkName;
}

/** The most jobs at once where operators don't say: beyond it each would take very long, and memory is for larger ones. */
const mostSlots = 8;

/**
 * Decides how jobs share this machine. By `auto` there are as many slots as threads, if memory allows: each must have room
 * for the pictures of all qualities in one piece, and for all sizes that servers can allow. A GPU is not shared, and neither
 * are the threads of engines that can't change their number.
 */
export function decideSlots(
  { computeSlots, engine, threads: most, memoryMegabytes, qualities, limits }: SlotsConfig,
  { usesGpu, network }: SlotsUse,
): ComputeSlots {
  const memoryOf = (count: number) => memoryLimit(memoryMegabytes, count).bytes;
  const all = most ?? availableParallelism();
  if (computeSlots !== 'auto') {
    const threads = most ?? Math.max(1, Math.floor(all / computeSlots));
    return { count: computeSlots, shared: undefined, threads, memoryBytes: memoryOf(computeSlots) };
  }
  const canShare = !usesGpu && (engine === 'auto' || engine === 'onnx');
  const whole = Object.values(qualities).map((quality) => {
    return transferMemory(quality.network ?? network, square(quality.size)).inOnePiece;
  });
  const largest = largestSide(network, square(limits.sizeMax), memoryOf(1));
  const needed = Math.max(...whole, transferMemory(network, square(largest)).least);
  let count = canShare ? Math.min(all, mostSlots) : 1;
  while (count > 1 && memoryOf(count) < needed) count--;
  return { count, shared: count > 1 ? all : undefined, threads: all, memoryBytes: memoryOf(count) };
}

function square(side: number): { readonly width: number; readonly height: number } {
  return { width: side, height: side };
}
