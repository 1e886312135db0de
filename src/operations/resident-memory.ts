import { readFile } from 'node:fs/promises';

/** Returns a process's resident memory in bytes; undefined where the process is gone, or without Linux's /proc. */
export async function residentBytes(pid: number): Promise<number | undefined> {
  try {
    const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
  } catch {
    return undefined;
  }
}
