import { chmod, chown, copyFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { systemCode } from '../files/file-trouble.js';
import { type BackupFacts, checkBackup, syncFile } from './backup.js';
import { lockDataFolder } from './data-folder-lock.js';
import { asDatabaseError } from './database-error.js';

/** What became of a restoration. */
export interface Restored {
  readonly facts: BackupFacts;
  /** Where the database that was there before is now; undefined where there was none. */
  readonly before: string | undefined;
}

/** What SQLite keeps beside a database. It belongs to that one and would spoil another. */
const companions = ['-wal', '-shm'] as const;

/**
 * Puts a backup in the place of a database, while no bot runs. The backup is checked first, and the database that was there
 * is kept under another name.
 * @param path - of the database, in its data folder.
 * @throws `database/busy` where a bot runs; what is wrong with the backup, and then nothing has changed.
 */
export async function restore(backup: string, path: string): Promise<Restored> {
  const source = resolve(backup);
  const lock = lockDataFolder(dirname(path));
  const unfinished = `${path}.restoring`;
  try {
    const facts = await checkBackup(source);
    await rm(unfinished, { force: true });
    await copyFile(source, unfinished);
    await chmod(unfinished, 0o600);
    await giveToOwner(dirname(path), [unfinished, lock.path]);
    await syncFile(unfinished);
    const aside = `${path}.before-${new Date().toISOString().replace(/[:.]/g, '-')}`;
    const wasThere = await moved(path, aside);
    for (const companion of companions) await moved(path + companion, aside + companion);
    await rename(unfinished, path);
    return { facts, before: wasThere ? aside : undefined };
  } catch (error) {
    await rm(unfinished, { force: true });
    throw asDatabaseError(error, path);
  } finally {
    lock.release();
  }
}

/** What the administrator makes in the folder of a bot's user shall be that user's. */
async function giveToOwner(folder: string, paths: readonly string[]): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(folder);
  for (const path of paths) await chown(path, uid, gid);
}

/** Moves a file, if it is there. */
async function moved(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}
