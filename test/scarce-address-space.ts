import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Whether this machine can limit the address space of a process that runs: Linux with util-linux can. */
export const canLimitAddressSpace =
  process.platform === 'linux' && spawnSync('prlimit', ['--version']).error === undefined;

/** Lets a process that runs have no more than so many bytes of address space beyond what it has. */
export function limitAddressSpace(pid: number, spareBytes: number): void {
  const [, kibibytes] = /^VmSize:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  execFileSync('prlimit', ['--pid', String(pid), `--as=${Number(kibibytes) * 1024 + spareBytes}`]);
}
