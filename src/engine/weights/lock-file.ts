import { link, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { systemCode, WeightsError, writingError } from './weights-error.js';

/** A lock that is held. */
export interface Lock {
  /** Aborted where the lock was lost: another process took it for abandoned, since this one stood still for long. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

export interface LockOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called once, where another process holds the lock; undefined where it is not known which. */
  readonly onWait?: ((pid: number | undefined) => void) | undefined;
  /** Without a sign of its holder for so long, a lock counts as abandoned. */
  readonly abandonedMs?: number | undefined;
}

const pollMs = 250;
const defaultAbandonedMs = 20_000;

interface Holder {
  /** What the file says, to know it again. */
  readonly text: string;
  readonly pid: number | undefined;
  readonly isDead: boolean;
  readonly touchedMs: number;
}

/**
 * Waits until a lock file can be made, and makes it: of all processes that ask for the same one, one at a time goes on.
 *
 * A lock is abandoned where its process is gone, or where its file was not touched for a while as measured here, by
 * whoever waits: process ids come back after a restart and in containers, and clocks differ between machines.
 *
 * @throws WeightsError 'not-writable' or 'disk-full'; the signal's reason.
 */
export async function acquireLock(path: string, options: LockOptions = {}): Promise<Lock> {
  const { signal, onWait, abandonedMs = defaultAbandonedMs } = options;
  const text = JSON.stringify({ pid: process.pid, host: hostname(), since: new Date().toISOString() });
  let seen: Holder | undefined;
  let seenAt = 0;
  while (!(await create(path, text))) {
    signal?.throwIfAborted();
    const holder = await readHolder(path);
    if (holder === undefined) continue;
    if (seen === undefined && !holder.isDead) onWait?.(holder.pid);
    if (seen?.text !== holder.text || seen.touchedMs !== holder.touchedMs) seenAt = performance.now();
    seen = holder;
    if (holder.isDead || performance.now() - seenAt > abandonedMs) await removeAbandoned(path, holder.text);
    else await wait(pollMs, undefined, { signal });
  }
  return hold(path, text, abandonedMs);
}

async function create(path: string, text: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    await file.writeFile(text).finally(() => file.close());
    return true;
  } catch (cause) {
    if (systemCode(cause) === 'EEXIST') return false;
    throw writingError(path, cause);
  }
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    const text = await readFile(path, 'utf8');
    const { mtimeMs: touchedMs } = await stat(path);
    const { pid, host } = parse(text);
    // Of another machine's processes nothing is known here.
    const isDead = pid !== undefined && host === hostname() && !isAlive(pid);
    return { text, pid, isDead, touchedMs };
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return undefined;
    throw writingError(path, cause);
  }
}

/** What a lock file says; nothing where its process has made it and not written yet. */
function parse(text: string): { pid?: number | undefined; host?: unknown } {
  try {
    const { pid, host }: { pid?: unknown; host?: unknown } = JSON.parse(text);
    return { pid: Number.isSafeInteger(pid) ? Number(pid) : undefined, host };
  } catch {
    return {};
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process may not be signalled, but is there.
    return systemCode(error) === 'EPERM';
  }
}

/**
 * Takes an abandoned lock away. Another process may have done so at the same moment, and a third one have made a lock of
 * its own: what was moved away is looked at, and put back where it isn't the abandoned one.
 */
async function removeAbandoned(path: string, text: string): Promise<void> {
  const aside = `${path}.${process.pid}`;
  try {
    await rename(path, aside);
    if ((await readFile(aside, 'utf8')) !== text) await link(aside, path);
  } catch (cause) {
    const code = systemCode(cause);
    if (code !== 'ENOENT' && code !== 'EEXIST') throw writingError(path, cause);
  } finally {
    await rm(aside, { force: true });
  }
}

/** Touches the file as long as the lock is held, so that whoever waits sees that somebody is there. */
function hold(path: string, text: string, abandonedMs: number): Lock {
  const lost = new AbortController();
  const isOurs = async () => (await readFile(path, 'utf8').catch(() => '')) === text;
  const touch = async () => {
    if (await isOurs()) {
      const now = new Date();
      await utimes(path, now, now).catch(() => {});
    } else {
      clearInterval(heart);
      lost.abort(
        new WeightsError({
          code: 'busy',
          file: path,
          problem: 'was taken over by another process while this one stood still',
          remedy: 'Run the command again.',
        }),
      );
    }
  };
  const heart = setInterval(() => void touch(), abandonedMs / 5).unref();
  return {
    lost: lost.signal,
    release: async () => {
      clearInterval(heart);
      if (await isOurs()) await rm(path, { force: true });
    },
  };
}
