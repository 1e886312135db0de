import { chmod, chown, copyFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { systemCode } from '../files/file-trouble.js';
import { type BackupFacts, checkBackup, syncFile } from './backup.js';
import { lockDataFolder } from './data-folder-lock.js';
import { asDatabaseError } from './database-error.js';

/** Result of {@link restore}. */
export interface Restored {
  readonly facts: BackupFacts;
  /** Path to which the database from before was moved; undefined where there was none. */
  readonly before: string | undefined;
}

/** Endings of the files that SQLite keeps beside a database. They belong to that one and would spoil another. */
const companions = ['-wal', '-shm'] as const;

/**
 * Replaces a database with a backup, while no bot runs. The backup is checked first, and the database that was there is
 * kept under another name.
 * @param path - the path of the database, in its data folder.
 * @throws `database/busy` where a bot runs; what {@link checkBackup} throws where the backup can't be used. Nothing has
 *   changed then.
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

/** Gives files that root has made in a folder to the folder's owner, the bot's user. */
async function giveToOwner(folder: string, paths: readonly string[]): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(folder);
  for (const path of paths) await chown(path, uid, gid);
}

/** Moves a file, if it is there, and returns whether it was. */
async function moved(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}
