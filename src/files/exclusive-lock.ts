import { closeSync, openSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import Libsql from 'libsql';
import { systemCode } from './file-trouble.js';

/** A lock that this process holds. */
export interface ExclusiveLock {
  /** The file that is locked. */
  readonly path: string;
  /** Releases the lock for the next process. Releasing it again does nothing. */
  release(): void;
}

/** The process that holds a lock, as messages name it. Nothing is decided by it. */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  /** When the process took the lock, in ISO 8601. */
  readonly since: string;
}

export interface LockOptions {
  /** Whether the file is removed when the lock is released. */
  readonly isTemporary?: boolean | undefined;
}

export interface WaitOptions extends LockOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called once, where another process holds the lock; with undefined where it is not known which. */
  readonly onWait?: ((holder: LockHolder | undefined) => void) | undefined;
}

const pollMs = 250;

/** SQLite's primary result codes (https://sqlite.org/rescode.html) that mean something to a lock. */
const sqliteBusy = 5;
const sqliteNotADatabase = 26;

/**
 * Takes the lock on a file until it is released or this process ends. The file is created where it is missing.
 *
 * The lock is the operating system's, held by SQLite on an empty file. It ends with its process, however that ends, so
 * none is ever left behind, and neither process ids nor clocks are trusted. Two locks of one process exclude each other
 * as well.
 * @returns the lock; undefined where somebody else holds it, and {@link holderOf} knows who.
 * @throws what the file system or libsql throws where the file can't be used.
 */
export function tryLock(path: string, { isTemporary = false }: LockOptions = {}): ExclusiveLock | undefined {
  for (;;) {
    createIfMissing(path);
    const identity = identityOf(path);
    const connection = lockedConnection(path);
    if (connection === undefined) return undefined;
    // If the holder before removed its file meanwhile, this lock is on the removed file, and another may have its name.
    if (identity !== undefined && identity === identityOf(path)) return held(path, connection, isTemporary);
    connection.close();
  }
}

/**
 * Waits until nobody else holds the lock on a file, and takes it as {@link tryLock} does.
 * @throws what {@link tryLock} throws; the signal's reason once it is aborted.
 */
export async function waitForLock(path: string, options: WaitOptions = {}): Promise<ExclusiveLock> {
  const { signal, onWait } = options;
  for (let hasWaited = false; ; hasWaited = true) {
    signal?.throwIfAborted();
    const lock = tryLock(path, options);
    if (lock !== undefined) return lock;
    if (!hasWaited) onWait?.(holderOf(path));
    await wait(pollMs, undefined, { signal }).catch(() => signal?.throwIfAborted());
  }
}

/** Returns who holds the lock on a file, as far as that process could write it down. */
export function holderOf(path: string): LockHolder | undefined {
  try {
    const { pid, host, since }: Partial<Record<keyof LockHolder, unknown>> = JSON.parse(
      readFileSync(notePath(path), 'utf8'),
    );
    if (typeof pid === 'number' && typeof host === 'string' && typeof since === 'string') return { pid, host, since };
  } catch {}
  return undefined;
}

/** Creates a file where it is missing. SQLite would do so too, but doesn't say why a file can't be created. */
function createIfMissing(path: string): void {
  try {
    closeSync(openSync(path, 'wx'));
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
  }
}

/** Returns an identity that tells a file from a later one of its name, even where that gets the same inode. */
function identityOf(path: string): string | undefined {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats && `${stats.dev} ${stats.ino} ${stats.birthtimeNs}`;
}

/** Returns a connection that has locked the file; undefined where another connection has. */
function lockedConnection(path: string): Libsql.Database | undefined {
  const connection = new Libsql(path);
  try {
    // Nothing is ever written, so no journal of SQLite shall lie beside the file.
    connection.prepare('PRAGMA journal_mode = MEMORY').all();
    connection.exec('BEGIN EXCLUSIVE');
    return connection;
  } catch (error) {
    connection.close();
    const result = sqliteResult(error);
    if (result === sqliteBusy) return undefined;
    if (result !== sqliteNotADatabase) throw error;
    // Earlier versions wrote process ids into such files. Nobody holds this kind of lock on a file with anything in it.
    truncateSync(path);
    return lockedConnection(path);
  }
}

function held(path: string, connection: Libsql.Database, isTemporary: boolean): ExclusiveLock {
  const note: LockHolder = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
  // The lock is as good without a note on its holder.
  attempt(() => writeFileSync(notePath(path), `${JSON.stringify(note)}\n`, { mode: 0o600 }));
  let isHeld = true;
  return {
    path,
    release: () => {
      if (!isHeld) return;
      isHeld = false;
      attempt(() => rmSync(notePath(path), { force: true }));
      // Only the holder may remove the file. Windows keeps a file that is open, which harms nobody.
      if (isTemporary) attempt(() => rmSync(path, { force: true }));
      connection.exec('ROLLBACK');
      connection.close();
    },
  };
}

function notePath(path: string): string {
  return `${path}.json`;
}

function attempt(action: () => void): void {
  try {
    action();
  } catch {}
}

function sqliteResult(error: unknown): number | undefined {
  return error instanceof Error && 'rawCode' in error && typeof error.rawCode === 'number'
    ? error.rawCode & 0xff
    : undefined;
}
