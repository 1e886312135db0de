import { readFileSync } from 'node:fs';

/** The most memory that this process has held so far, in bytes (its peak resident set). */
export function peakRssBytes(): number {
  try {
    // Linux counts into the usual figure (ru_maxrss) what the parent held when it started us; VmHWM is ours alone.
    const [, kibibytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    if (kibibytes !== undefined) return Number(kibibytes) * 1024;
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS * 1024;
}
