import { readFileSync } from 'node:fs';

/** Returns the most memory that this process has held so far, in bytes (its peak resident set). */
export function peakRssBytes(): number {
  try {
    // On Linux the usual figure (ru_maxrss) includes what the parent held at the start; VmHWM is this process's alone.
    const [, kibibytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    if (kibibytes !== undefined) return Number(kibibytes) * 1024;
  } catch {
    // Only Linux has this file.
  }
  return process.resourceUsage().maxRSS * 1024;
}
