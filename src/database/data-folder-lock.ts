import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import Libsql from 'libsql';
import { asDatabaseError, DatabaseError } from './database-error.js';

/** A data folder that this process alone works in. */
export interface DataFolderLock {
  /** Of the file that is locked. */
  readonly path: string;
  /** Lets the next process in; may be called again. */
  release(): void;
}

/** What a refused process is told of the one that it met. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When it took the folder, as ISO 8601 has it. */
  readonly since: string;
}

/**
 * Takes a data folder for this process, as long as it lives or until it is released. Makes the folder where it is missing.
 *
 * The lock is the operating system's, held by SQLite on an empty file: it ends with its process, however that ends, so that
 * none is ever left behind, and no process id is trusted. It does not keep out whoever only reads or backs up the database.
 *
 * @throws DatabaseError `busy` where another process has it, which says who; `unwritable` where the folder can't be used.
 */
export function lockDataFolder(folder: string): DataFolderLock {
  const path = join(folder, 'whitewalker.lock');
  const holderPath = `${path}.json`;
  const connection = openLockFile(folder, path);
  try {
    // Nothing is ever written, so no journal shall lie beside it.
    connection.prepare('PRAGMA journal_mode = MEMORY').all();
    connection.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    connection.close();
    const error = asDatabaseError(cause, path);
    throw error.code === 'busy' ? inUse(folder, path, readHolder(holderPath), cause) : error;
  }
  // Only what a refusal says: a lock without it is as good.
  writeHolder(holderPath, { pid: process.pid, host: hostname(), since: new Date().toISOString() });
  let isHeld = true;
  return {
    path,
    release: () => {
      if (!isHeld) return;
      isHeld = false;
      rmSync(holderPath, { force: true });
      connection.exec('ROLLBACK');
      connection.close();
    },
  };
}

function openLockFile(folder: string, path: string): Libsql.Database {
  try {
    mkdirSync(folder, { recursive: true });
    return new Libsql(path);
  } catch (error) {
    throw asDatabaseError(error, path, 'unwritable');
  }
}

function inUse(folder: string, path: string, holder: Holder | undefined, cause: unknown): DatabaseError {
  const who = holder ? ` (process ${holder.pid} on ${holder.host}, since ${holder.since})` : '';
  return new DatabaseError(
    'busy',
    path,
    `Another whitewalker${who} works with the data folder ${folder}, and two would deliver everything twice. ` +
      'Stop that one first, or give this one another DATA_DIR.',
    { cause },
  );
}

function writeHolder(path: string, holder: Holder): void {
  try {
    writeFileSync(path, `${JSON.stringify(holder)}\n`, { mode: 0o600 });
  } catch {}
}

function readHolder(path: string): Holder | undefined {
  try {
    const { pid, host, since }: Partial<Record<keyof Holder, unknown>> = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof pid === 'number' && typeof host === 'string' && typeof since === 'string') return { pid, host, since };
  } catch {}
  return undefined;
}
