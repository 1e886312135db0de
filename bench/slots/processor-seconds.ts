import { readFileSync } from 'node:fs';

/** Linux counts a process's time in these. */
const ticksPerSecond = 100;

/** Returns how long a process has had a processor, in seconds; 0 where it has ended, or where the system isn't Linux. */
export function processorSeconds(pid: number): number {
  try {
    // The name, in parentheses, may have spaces. Behind it are the state and ten numbers, then the times in and for the program.
    const [, fields = ''] = /\) (.*)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    const [user = '0', system = '0'] = fields.split(' ').slice(11);
    return (Number(user) + Number(system)) / ticksPerSecond;
  } catch {
    return 0;
  }
}
