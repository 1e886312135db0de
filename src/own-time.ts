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
  const itsWaits = watched.get(pid) ?? new Waits(() => threadsOf(pid));
  watched.set(pid, itsWaits);
  itsWaits.users++;
  let isStopped = false;
  let [passedMs, itsMs, hereMs] = [0, 0, 0];
  let [lastTick, itsLast, hereLast] = [performance.now(), itsWaits.now(), waitsHere.now()];
  const stop = () => {
    if (isStopped) return;
    isStopped = true;
    clearInterval(timer);
    if (--itsWaits.users === 0) watched.delete(pid);
  };
  const timer = setInterval(() => {
    const [now, its, here] = [performance.now(), itsWaits.now(), waitsHere.now()];
    // When this process has stood still, it had only some of that time to hear of the other one.
    const share = Math.min(1, (2 * tickMs) / (now - lastTick));
    passedMs += share * (now - lastTick);
    itsMs += share * (its - itsLast);
    hereMs += share * (here - hereLast);
    [lastTick, itsLast, hereLast] = [now, its, here];
    // Threads that work together wait by turns, one for another, so all that they waited may have held the process up; but
    // both processes wait at the same time, mostly.
    if (passedMs - Math.max(itsMs, hereMs) < ms) return;
    stop();
    callback();
  }, tickMs);
  return stop;
}

/**
 * Waits for some work, but no longer than until this process has had so much time of its own, see {@link afterOwnTime}.
 * @throws what the work rejects with.
 */
export async function withinOwnTime(ms: number, work: Promise<unknown>): Promise<void> {
  let stop = () => {};
  const over = new Promise<void>((resolve) => {
    stop = afterOwnTime(process.pid, ms, resolve);
  });
  await Promise.race([work, over]).finally(stop);
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

/** How long what was seen of threads is taken for true: many counts of the same process look at about the same time. */
const freshMs = 2;

/** How long threads wait for a processor. */
class Waits {
  /** How many counts of time need this. */
  users = 0;
  readonly #threads: () => readonly string[];
  #looks = new Map<string, Look>();
  #lookedAt = Number.NEGATIVE_INFINITY;
  #ms = 0;

  /** @param threads - returns the folders in which the system tells of the threads that there are. */
  constructor(threads: () => readonly string[]) {
    this.#threads = threads;
  }

  /** Returns how long all of them together have waited by now, since some time in the past, in milliseconds. */
  now(): number {
    if (performance.now() - this.#lookedAt < freshMs) return this.#ms;
    const before = this.#looks;
    this.#looks = new Map();
    for (const thread of this.#threads()) {
      const look = lookAt(thread, before.get(thread));
      if (look === undefined) continue;
      this.#ms += look.waitedMs - (before.get(thread)?.waitedMs ?? 0);
      this.#looks.set(thread, look);
    }
    this.#lookedAt = performance.now();
    return this.#ms;
  }
}

/** Those of the threads of each process that is counted for, by its id. */
const watched = new Map<number | undefined, Waits>();

/** Those of the thread that runs this program. */
const waitsHere = new Waits(() => [`/proc/${process.pid}/task/${process.pid}`]);

/** Looks at a thread; undefined where the system doesn't tell how long threads wait, or the thread has just ended. */
function lookAt(thread: string, before: Look | undefined): Look | undefined {
  const now = performance.now();
  const told = textOf(`${thread}/schedstat`);
  const [ranNs = 0, waitedNs = 0] = told.split(' ').map(Number);
  if (!(ranNs > 0)) return undefined;
  // A wait is told once it is over: on a busy machine that may be a second later.
  const readySince = before?.told !== told ? now : isReady(thread) ? (before.readySince ?? now) : undefined;
  return { told, waitedMs: waitedNs / 1e6 + now - (readySince ?? now), readySince };
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
