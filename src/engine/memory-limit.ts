import { readFileSync } from 'node:fs';
import { freemem } from 'node:os';

/** The memory that a process may take, and what says so. */
export interface MemoryLimit {
  readonly bytes: number;
  /** Half a sentence for operators: "MEMORY_MB says so". */
  readonly reason: string;
}

/** What the system tells about memory, in bytes. */
export interface MemoryFacts {
  /** Memory that can be given to processes now. */
  readonly available: number;
  /** Limit of the process's control group; undefined where there is none. */
  readonly constrained: number | undefined;
  /** Address space that the process may still take, of what `ulimit -v` allows; undefined where it doesn't. */
  readonly addressSpace: number | undefined;
  /** Memory that the process has already. */
  readonly resident: number;
}

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
  if (megabytes !== undefined) return { bytes: (megabytes * 1e6) / processes, reason: 'MEMORY_MB says so' };
  const { available, constrained, addressSpace, resident } = facts;
  const limits = [
    { bytes: (shareOfMachine * available) / processes + resident, reason: 'that much is free' },
    ...(constrained === undefined
      ? []
      : [{ bytes: (shareOfGroup * constrained) / processes, reason: 'the control group (cgroup) allows no more' }]),
    // Each process has an address space of its own.
    ...(addressSpace === undefined
      ? []
      : [{ bytes: resident + addressSpace, reason: 'the address space is limited (ulimit -v)' }]),
  ];
  return limits.reduce((least, limit) => (limit.bytes < least.bytes ? limit : least));
}

function memoryFacts(): MemoryFacts {
  const constrained = process.constrainedMemory();
  const hasLimit = constrained !== undefined && constrained > 0 && constrained < Number.MAX_SAFE_INTEGER;
  return {
    available: freemem(),
    constrained: hasLimit ? constrained : undefined,
    addressSpace: freeAddressSpace(),
    resident: process.memoryUsage.rss(),
  };
}

function freeAddressSpace(): number | undefined {
  try {
    const [, limit] = /^Max address space\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    const [, taken] = /^VmSize:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    if (limit === undefined || taken === undefined) return undefined;
    return Math.max(0, Number(limit) - 1024 * Number(taken));
  } catch {
    // Only Linux has these files.
    return undefined;
  }
}
