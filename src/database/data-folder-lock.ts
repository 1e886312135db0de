import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type ExclusiveLock, holderOf, tryLock } from '../files/exclusive-lock.js';
import { asDatabaseError, databaseError } from './database-error.js';

/**
 * Locks a data folder for this process alone, until the process ends or the lock is released. The folder is made where
 * it is missing. The lock does not keep out programs that only read or back up the database.
 * @throws `database/busy` where another process has the lock, and says which; `database/unwritable` where the folder
 *   can't be used.
 */
export function lockDataFolder(folder: string): ExclusiveLock {
  const path = join(folder, 'whitewalker.lock');
  const lock = lockFile(folder, path);
  if (lock !== undefined) return lock;
  const holder = holderOf(path);
  const who = holder ? ` (process ${holder.pid} on ${holder.host}, since ${holder.since})` : '';
  throw databaseError(
    'busy',
    path,
    `Another whitewalker${who} works with the data folder ${folder}, and two would deliver everything twice. ` +
      'Stop that one first, or give this one another DATA_DIR.',
  );
}

function lockFile(folder: string, path: string): ExclusiveLock | undefined {
  try {
    mkdirSync(folder, { recursive: true });
    return tryLock(path);
  } catch (error) {
    throw asDatabaseError(error, path, 'unwritable');
  }
}
