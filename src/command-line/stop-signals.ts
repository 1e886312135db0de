import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { basename } from 'node:path';

/** Signals that ask a process to end: Ctrl-C, `kill`, a terminal that was closed and, on Windows, Ctrl-Break. */
const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'] as const;

/** Numbers of signals, by which shells know a process that has ended at one. */
const numbers: Readonly<Record<string, number>> = constants.signals;

/**
 * Whether this process was started so that hangups don't end it. Node.js gives all signals their defaults when it
 * starts, so only traces are left of that: shells name the program that they have started, which is nohup, in the
 * variable `_`; and a shell whose hangups are ignored hands that down, which Linux tells about the parent process.
 */
const isHangupIgnored = basename(process.env._ ?? '') === 'nohup' || isIgnoredByParent(constants.signals.SIGHUP);

/** Has this process go on when its terminal is closed, where it was started by nohup. */
export function heedNohup(): void {
  if (isHangupIgnored) process.on('SIGHUP', () => {});
}

/**
 * Calls a function at the first signal that asks this process to end. A second one ends it at once, unless it is a
 * hangup: of those, a terminal that is closed sends two, one by its shell.
 * @param stop - gets the exit code that tells what has ended the process, such as 130 for Ctrl-C.
 * @returns a function that leaves later signals to their usual effect.
 */
export function onStopSignal(stop: (exitCode: number) => void): () => void {
  let isStopping = false;
  const listener = (signal: NodeJS.Signals) => {
    const exitCode = 128 + (numbers[signal] ?? 0);
    if (!isStopping) {
      isStopping = true;
      stop(exitCode);
    } else if (signal !== 'SIGHUP') {
      process.exit(exitCode);
    }
  };
  const signals = stopSignals.filter((signal) => signal in numbers && !(signal === 'SIGHUP' && isHangupIgnored));
  for (const signal of signals) process.on(signal, listener);
  return () => {
    for (const signal of signals) process.off(signal, listener);
  };
}

function isIgnoredByParent(signal: number): boolean {
  try {
    const [, mask] = /^SigIgn:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${process.ppid}/status`, 'utf8')) ?? [];
    return mask !== undefined && (BigInt(`0x${mask}`) & (1n << BigInt(signal - 1))) !== 0n;
  } catch {
    // Only Linux has this file, and only for a parent that is still there.
    return false;
  }
}
