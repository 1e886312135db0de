import { readdirSync, readFileSync } from 'node:fs';

/**
 * Calls back once a process has had so much time of its own: time in which it ran, slept or was stopped, but did not wait
 * for a processor that others had. So a deadline finds out who hangs, and nobody who is only slow because the machine is
 * busy. Time in which this process itself stood still doesn't count either. Where the system doesn't tell how long threads
 * have waited, which Linux does, all other time counts.
 * @param pid - the process; undefined where it could not be started.
 * @param ms - its time in milliseconds, above 0.
 * @returns a function that stops the count.
 */
export function afterOwnTime(pid: number | undefined, ms: number, callback: () => void): () => void {
  const tickMs = Math.min(1000, ms / 5);
  const waitedBefore = waitedMsByThread(pid);
  let passedMs = 0;
  let lastTick = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    passedMs += Math.min(now - lastTick, 2 * tickMs);
    lastTick = now;
    if (passedMs < ms) return;
    // Threads that work together wait by turns, one for another, so all that they waited may have held the process up.
    const waits = [...waitedMsByThread(pid)].map(([thread, waited]) => waited - (waitedBefore.get(thread) ?? 0));
    if (passedMs - waits.reduce((sum, waited) => sum + waited, 0) < ms) return;
    clearInterval(timer);
    callback();
  }, tickMs);
  return () => clearInterval(timer);
}

/** Returns how long each thread of a process has waited for a processor, in milliseconds; nothing where that is unknown. */
function waitedMsByThread(pid: number | undefined): ReadonlyMap<string, number> {
  const waited = new Map<string, number>();
  if (pid === undefined) return waited;
  const folder = `/proc/${pid}/task`;
  try {
    for (const thread of readdirSync(folder)) {
      // Nanoseconds that it ran, nanoseconds that it waited, number of its turns.
      const [, nanoseconds] = readFileSync(`${folder}/${thread}/schedstat`, 'utf8').split(' ');
      if (Number(nanoseconds) > 0) waited.set(thread, Number(nanoseconds) / 1e6);
    }
  } catch {
    // Another system than Linux, or a process or thread that has just ended. What was read is true.
  }
  return waited;
}
