import { closeSync, openSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import Libsql from 'libsql';
import { systemCode } from './file-trouble.js';

/** A lock that this process holds. */
export interface ExclusiveLock {
  /** The file that is locked. */
  readonly path: string;
  /** Lets the next process in; may be called again. */
  release(): void;
}

/** The process that holds a lock, for messages to whoever is refused. Nothing is decided by it. */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  /** When it took the lock, in ISO 8601. */
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
 * Takes the lock on a file, which is created where it is missing, as long as this process lives or until it is released.
 *
 * The lock is the operating system's, held by SQLite on an empty file. It ends with its process, however that ends, so none
 * is ever left behind, and neither process ids nor clocks are trusted. Two locks of one process exclude each other as well.
 *
 * @returns undefined where somebody else holds it; {@link holderOf} knows who.
 * @throws what the file system or libsql throws where the file can't be used.
 */
export function tryLock(path: string, { isTemporary = false }: LockOptions = {}): ExclusiveLock | undefined {
  for (;;) {
    createIfMissing(path);
    const identity = identityOf(path);
    const connection = lockedConnection(path);
    if (connection === undefined) return undefined;
    // Where the holder before removed its file meanwhile, only that removed file is locked, and another may lie in its place.
    if (identity !== undefined && identity === identityOf(path)) return held(path, connection, isTemporary);
    connection.close();
  }
}

/**
 * Waits until nobody else holds the lock on a file, and takes it, see {@link tryLock}.
 * @throws the signal's reason, too.
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

/** Who holds the lock on a file, as far as that process could write it down. */
export function holderOf(path: string): LockHolder | undefined {
  try {
    const { pid, host, since }: Partial<Record<keyof LockHolder, unknown>> = JSON.parse(
      readFileSync(notePath(path), 'utf8'),
    );
    if (typeof pid === 'number' && typeof host === 'string' && typeof since === 'string') return { pid, host, since };
  } catch {}
  return undefined;
}

/** Creating the file is not left to SQLite: the file system says why it can't be created, SQLite doesn't. */
function createIfMissing(path: string): void {
  try {
    closeSync(openSync(path, 'wx'));
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
  }
}

/** Tells a file from another that later has its name, even where that gets the same inode. */
function identityOf(path: string): string | undefined {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats && `${stats.dev} ${stats.ino} ${stats.birthtimeNs}`;
}

/** A connection that has locked the file; undefined where another one has. */
function lockedConnection(path: string): Libsql.Database | undefined {
  const connection = new Libsql(path);
  try {
    // Nothing is ever written, so no journal shall lie beside it.
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
  // A lock that doesn't tell its holder is as good.
  attempt(() => writeFileSync(notePath(path), `${JSON.stringify(note)}\n`, { mode: 0o600 }));
  let isHeld = true;
  return {
    path,
    release: () => {
      if (!isHeld) return;
      isHeld = false;
      attempt(() => rmSync(notePath(path), { force: true }));
      // Only the holder may do this. Windows keeps a file that is open, which harms nobody.
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
