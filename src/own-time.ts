import { readdirSync, readFileSync } from 'node:fs';

/**
 * Calls back once a process has had so much time of its own: time in which it ran, slept or was stopped, but did not wait
 * for a processor that others had. So a deadline finds out who hangs, and nobody who is only slow because the machine is
 * busy. Time in which this process itself stood still, or waited for a processor, doesn't count either: it could not hear
 * of the other one. Where the system doesn't tell how long threads have waited, which Linux does, all other time counts.
 * @param pid - the process; undefined where it could not be started.
 * @param ms - its time in milliseconds, above 0.
 * @returns a function that stops the count.
 */
export function afterOwnTime(pid: number | undefined, ms: number, callback: () => void): () => void {
  const tickMs = Math.min(1000, ms / 5);
  const itsWaits = new Waits(() => threadsOf(pid));
  const waitsHere = new Waits(() => (pid === process.pid ? [] : [`/proc/${process.pid}/task/${process.pid}`]));
  let [passedMs, itsMs, hereMs] = [0, 0, 0];
  let lastTick = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    // When this process has stood still, it had only some of that time to hear of the other one.
    const share = Math.min(1, (2 * tickMs) / (now - lastTick));
    passedMs += share * (now - lastTick);
    itsMs += share * itsWaits.sinceLastLook();
    hereMs += share * waitsHere.sinceLastLook();
    lastTick = now;
    // Threads that work together wait by turns, one for another, so all that they waited may have held the process up; but
    // both processes wait at the same time, mostly.
    if (passedMs - Math.max(itsMs, hereMs) < ms) return;
    clearInterval(timer);
    callback();
  }, tickMs);
  return () => clearInterval(timer);
}

/** What was seen of a thread when it was looked at last. */
interface Look {
  /** What the system tells: nanoseconds that it ran, nanoseconds that it waited, and number of its turns. */
  readonly told: string;
  /** How long it has waited, told or not, in milliseconds. */
  readonly waitedMs: number;
  /** Since when it has been seen ready to run, and not to have run; by `performance.now`. */
  readonly readySince: number | undefined;
}

/** How long threads wait for a processor, from now on. */
class Waits {
  readonly #threads: () => readonly string[];
  #looks = new Map<string, Look>();

  /** @param threads - returns the folders in which the system tells of the threads that there are. */
  constructor(threads: () => readonly string[]) {
    this.#threads = threads;
    this.sinceLastLook();
  }

  /** Returns how long all of them together have waited since this was called before, in milliseconds. */
  sinceLastLook(): number {
    const before = this.#looks;
    this.#looks = new Map();
    let ms = 0;
    for (const thread of this.#threads()) {
      const look = lookAt(thread, before.get(thread));
      if (look === undefined) continue;
      ms += look.waitedMs - (before.get(thread)?.waitedMs ?? 0);
      this.#looks.set(thread, look);
    }
    return ms;
  }
}

/** Looks at a thread; undefined where the system doesn't tell how long threads wait, or the thread has just ended. */
function lookAt(thread: string, before: Look | undefined): Look | undefined {
  const now = performance.now();
  const told = textOf(`${thread}/schedstat`);
  const [ranNs = 0, waitedNs = 0] = told.split(' ').map(Number);
  if (!(ranNs > 0)) return undefined;
  const hasRun = before?.told !== told;
  const readySince = isReady(thread) ? ((hasRun ? undefined : before?.readySince) ?? now) : undefined;
  // A wait is told once it is over: on a busy machine that may be a second later.
  const untoldMs = readySince === undefined ? 0 : now - readySince;
  return { told, waitedMs: waitedNs / 1e6 + untoldMs, readySince };
}

function threadsOf(pid: number | undefined): readonly string[] {
  if (pid === undefined) return [];
  const folder = `/proc/${pid}/task`;
  try {
    return readdirSync(folder).map((thread) => `${folder}/${thread}`);
  } catch {
    // Another system than Linux, or a process that has ended.
    return [];
  }
}

/** Whether a thread runs, or would run if it got a processor. */
function isReady(thread: string): boolean {
  // The state follows the thread's name, which stands in brackets and may have any others in it.
  return /\) R [^)]*$/.test(textOf(`${thread}/stat`));
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
