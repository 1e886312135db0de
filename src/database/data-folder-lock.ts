import { rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ExclusiveLock, holderOf, tryLock } from '../files/exclusive-lock.js';
import { makeFolder } from '../files/make-folder.js';
import { whyUnwritable } from '../files/whole-file.js';
import { databaseError, dataFolderError, unusableDataFolder } from './database-error.js';

/**
 * Locks a data folder for this process alone, until the process ends or the lock is released. The folder is made where
 * it is missing. The lock does not keep out programs that only read or back up the database.
 * @throws `database/busy` where another process has the lock, and says which; `database/unwritable` or
 *   `database/disk-full` where the folder can't be used.
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

/**
 * Finds out whether a data folder can be used, or made where it is missing, and leaves all as it was.
 * @throws `database/unwritable` or `database/disk-full` where it can't be used.
 */
export async function checkDataFolder(folder: string): Promise<void> {
  try {
    const outermost = makeFolder(folder);
    const fault = await whyUnwritable(join(folder, 'whitewalker.db-check'));
    if (outermost !== undefined) removeFolders(folder, outermost);
    if (fault !== undefined) throw unusableDataFolder(folder, fault.reason);
  } catch (error) {
    throw dataFolderError(error, folder);
  }
}

/** Removes a folder and those above it up to the outermost, as far as nothing is in them. */
function removeFolders(folder: string, outermost: string): void {
  rmdirSync(folder);
  if (folder !== outermost) removeFolders(dirname(folder), outermost);
}

function lockFile(folder: string, path: string): ExclusiveLock | undefined {
  try {
    makeFolder(folder);
    return tryLock(path);
  } catch (error) {
    throw dataFolderError(error, folder);
  }
}
