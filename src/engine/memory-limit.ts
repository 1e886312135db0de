import { readFileSync } from 'node:fs';
import { freemem } from 'node:os';
import { controlGroupLimit } from './control-group.js';

/** The memory that a process may take, and what says so. */
export interface MemoryLimit {
  readonly bytes: number;
  /** Half a sentence for operators: "MEMORY_MB says so". */
  readonly reason: string;
  /** How there can be more, as a sentence. */
  readonly remedy: string;
}

/** What the system tells about memory, in bytes. */
export interface MemoryFacts {
  /** Memory that can be given to processes now. */
  readonly available: number;
  /** Limit of the process's control groups; undefined where there is none. */
  readonly constrained: number | undefined;
  /** Address space that each process may take, by `ulimit -v`; undefined where there is no limit. */
  readonly addressSpace: number | undefined;
  /** Memory that the process has already. */
  readonly resident: number;
}

/** Address space that libraries, threads and Node.js reserve and never touch, measured under `ulimit -v 3000000`. */
const untouchedAddressSpace = 1.9e9;

/** Shares of what there is: all but what other processes, and the system's cache, need in the next minutes. */
const shareOfMachine = 0.8;
const shareOfGroup = 0.9;

/**
 * Returns the memory that each of some processes may take.
 * @param megabytes - the setting MEMORY_MB, for all of them together; undefined: as the system allows.
 * @param processes - number of processes that share the memory.
 */
export function memoryLimit(
  megabytes: number | undefined,
  processes = 1,
  facts: MemoryFacts = memoryFacts(),
): MemoryLimit {
  if (megabytes !== undefined) {
    return { bytes: (megabytes * 1e6) / processes, reason: 'MEMORY_MB says so', remedy: 'Raise MEMORY_MB.' };
  }
  const { available, constrained, addressSpace, resident } = facts;
  const limits = [
    {
      bytes: (shareOfMachine * available) / processes + resident,
      reason: 'that much is free',
      remedy: 'End other programs, or take a machine with more memory.',
    },
    ...(constrained === undefined
      ? []
      : [
          {
            bytes: (shareOfGroup * constrained) / processes,
            reason: 'the control group (cgroup) allows no more',
            remedy: 'Give the container or the service more memory.',
          },
        ]),
    // Each process has an address space of its own.
    ...(addressSpace === undefined
      ? []
      : [
          {
            bytes: Math.max(0, addressSpace - untouchedAddressSpace),
            reason: 'the address space is limited (ulimit -v)',
            remedy: 'Raise `ulimit -v`, or start it without that limit.',
          },
        ]),
  ];
  return limits.reduce((least, limit) => (limit.bytes < least.bytes ? limit : least));
}

function memoryFacts(): MemoryFacts {
  return {
    available: freemem(),
    constrained: controlGroupLimit(),
    addressSpace: addressSpaceLimit(),
    resident: process.memoryUsage.rss(),
  };
}

function addressSpaceLimit(): number | undefined {
  try {
    const [, limit] = /^Max address space\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return limit === undefined ? undefined : Number(limit);
  } catch {
    // Only Linux has this file.
    return undefined;
  }
}
