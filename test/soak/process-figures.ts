import { readdir, readFile } from 'node:fs/promises';

/** Memory and open files of a process, as Linux counts them. */
export interface ProcessFigures {
  readonly residentBytes: number;
  readonly openFiles: number;
}

/** Returns what a process holds now; undefined where no process has this id any more, and elsewhere than on Linux. */
export async function processFigures(pid: number): Promise<ProcessFigures | undefined> {
  try {
    const [status, files] = await Promise.all([readFile(`/proc/${pid}/status`, 'utf8'), readdir(`/proc/${pid}/fd`)]);
    const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
    return kibibytes === undefined ? undefined : { residentBytes: Number(kibibytes) * 1024, openFiles: files.length };
  } catch {
    return undefined;
  }
}
