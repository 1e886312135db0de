import { readdirSync, readFileSync } from 'node:fs';

/** How long nothing may move before a test gives up, in milliseconds. */
const patienceMs = 60_000;

const tickMs = 1000;

/** Share of the time that the processes of a test may use and still count as doing nothing: they have timers. */
const idleShare = 0.1;

interface Waiter {
  /** How long nothing has moved while it waited, in milliseconds. */
  stillMs: number;
  readonly giveUp: () => void;
}

const waiters = new Set<Waiter>();
let stopTicking = () => {};

/**
 * Calls back once it is of no use to wait any longer: when for a minute none of the processes that this one has started,
 * such as the bot with its compute processes, has computed or waited for a processor. So a test waits as long as
 * something moves, however slow a busy machine makes it. How long a test may take in all is said in vitest.config.ts.
 * @returns a function that ends this.
 */
export function whilePatient(giveUp: () => void): () => void {
  if (waiters.size === 0) stopTicking = startTicking();
  const waiter = { stillMs: 0, giveUp };
  waiters.add(waiter);
  return () => leave(waiter);
}

function leave(waiter: Waiter): void {
  if (waiters.delete(waiter) && waiters.size === 0) stopTicking();
}

function startTicking(): () => void {
  let lastTick = performance.now();
  let before = activityMs();
  const timer = setInterval(() => {
    const [now, activity] = [performance.now(), activityMs()];
    // While this process itself had no processor, nothing could be heard of others.
    const passedMs = Math.min(now - lastTick, 2 * tickMs);
    const movedMs = [...activity].reduce((sum, [process, ms]) => sum + ms - (before.get(process) ?? 0), 0);
    [lastTick, before] = [now, activity];
    for (const waiter of waiters) {
      waiter.stillMs = movedMs < idleShare * passedMs ? waiter.stillMs + passedMs : 0;
      if (waiter.stillMs < patienceMs) continue;
      leave(waiter);
      waiter.giveUp();
    }
  }, tickMs);
  return () => clearInterval(timer);
}

/**
 * Tries again and again until `attempt` neither throws nor rejects, and returns what it returned.
 * @throws what it threw last, when it is of no use to wait any longer: see {@link whilePatient}.
 */
export async function eventually<Result>(attempt: () => Result | Promise<Result>): Promise<Result> {
  let isOver = false;
  const stop = whilePatient(() => {
    isOver = true;
  });
  try {
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        if (isOver) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  } finally {
    stop();
  }
}

/**
 * Waits until a condition is true, which is looked at again and again.
 * @param what - what is waited for, for the error.
 * @throws Error when it is of no use to wait any longer: see {@link whilePatient}.
 */
export function until(isSo: () => unknown, what: () => string = () => String(isSo)): Promise<void> {
  return eventually(async () => {
    if (!(await isSo())) throw new Error(`Not so: ${what()}`);
  });
}

/** Returns for each process below this one how long it has computed and waited for a processor, in milliseconds. */
function activityMs(): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const visit = (process: string): number => {
    let ms = 0;
    for (const thread of namesIn(`/proc/${process}/task`)) {
      const folder = `/proc/${process}/task/${thread}`;
      const [computed = 0, waited = 0] = textOf(`${folder}/schedstat`).split(' ').map(Number);
      ms += (computed + waited) / 1e6;
      for (const child of textOf(`${folder}/children`).match(/\d+/g) ?? []) found.set(child, visit(child));
    }
    return ms;
  };
  visit(String(process.pid));
  return found;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Another system than Linux, or the process has just ended.
    return [];
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
