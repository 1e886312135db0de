import { chmod, chown, constants, copyFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { systemCode } from '../files/file-trouble.js';
import { isSameFile, temporaryBeside } from '../files/whole-file.js';
import { type BackupFacts, checkBackup, syncFile } from './backup.js';
import { lockDataFolder } from './data-folder-lock.js';
import { asDatabaseError, databaseError } from './database-error.js';

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
 * @throws `database/busy` where a bot runs; `database/not-a-database` where the backup is the database itself; what
 *   {@link checkBackup} and {@link lockDataFolder} throw. Nothing has changed then.
 */
export async function restore(backup: string, path: string): Promise<Restored> {
  const source = resolve(backup);
  const facts = await checkBackup(source);
  if (await isSameFile(source, path)) {
    const message = `${source} is the database itself. Give a file that \`whitewalker backup\` wrote.`;
    throw databaseError('not-a-database', source, message);
  }
  const lock = lockDataFolder(dirname(path));
  const unfinished = temporaryBeside(path);
  try {
    await copyFile(source, unfinished, constants.COPYFILE_EXCL);
    await chmod(unfinished, 0o600);
    await giveToOwner(dirname(path), [unfinished, lock.path]);
    await syncFile(unfinished);
    return { facts, before: await replace(path, unfinished) };
  } catch (error) {
    throw asDatabaseError(error, path);
  } finally {
    await rm(unfinished, { force: true });
    lock.release();
  }
}

/** Puts a file in the place of a database, and returns where that is now; undefined where there was none. */
async function replace(path: string, by: string): Promise<string | undefined> {
  const aside = `${path}.before-${new Date().toISOString().replace(/[:.]/g, '-')}`;
  const moved: string[] = [];
  try {
    for (const ending of ['', ...companions]) if (await move(path + ending, aside + ending)) moved.push(ending);
    await rename(by, path);
    return moved.includes('') ? aside : undefined;
  } catch (error) {
    for (const ending of moved) await move(aside + ending, path + ending);
    throw error;
  }
}

/** Gives files that root has made in a folder to the folder's owner, the bot's user. */
async function giveToOwner(folder: string, paths: readonly string[]): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(folder);
  for (const path of paths) await chown(path, uid, gid);
}

/** Moves a file, if it is there, and returns whether it was. */
async function move(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}
