import { randomBytes } from 'node:crypto';
import { closeSync, constants, openSync, rmSync } from 'node:fs';
import { access, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { type FileFault, fileFault, fileFaults, systemCode } from './file-trouble.js';

// This file writes files whole or not at all, and finds out beforehand whether they can be written.

/**
 * Returns a new name for a file in a file's folder, under which it is written before it gets its own. It is short
 * whatever the file's own name is, since that may be as long as the system allows.
 */
export function temporaryBeside(path: string): string {
  return join(dirname(path), `.whitewalker-${randomBytes(6).toString('hex')}`);
}

/**
 * Finds out whether a file can be written, by making an empty one and removing it again.
 * @returns why the file can't be written; undefined where it can.
 */
export async function whyUnwritable(path: string): Promise<FileFault | undefined> {
  // What comes behind would pass over it, and write a file of the name before the slash.
  if (namesFolder(path))
    return { reason: 'a name that ends like this is a folder’s', remedy: 'Choose the name of a file.' };
  try {
    const folder = await stat(dirname(resolve(path)));
    if (!folder.isDirectory()) return inNoFolder(fileFaults.ENOTDIR);
  } catch (error) {
    const isMissing = ['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '');
    return isMissing ? inNoFolder(fileFault(error)) : fileFault(error);
  }
  try {
    const target = await destinationOf(path);
    const existing = await stat(target).catch(ifMissing);
    if (existing?.isDirectory()) return fileFaults.EISDIR;
    if (existing && !existing.isFile()) return notAFile;
    if (existing) await access(target, constants.W_OK);
    tryToMake(temporaryBeside(target));
    if (!existing) tryToMake(target);
    return undefined;
  } catch (error) {
    // The folder is there, so this is no missing one: /proc, for one, says so of everything that would be made in it.
    return systemCode(error) === 'ENOENT' ? fileFaults.ENOTSUP : fileFault(error);
  }
}

/**
 * Writes a file by way of one beside it, so that it is never half written. A link stays, and the file that it leads to
 * is written.
 * @throws what the file system throws.
 */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const target = await destinationOf(path);
  const temporary = temporaryBeside(target);
  try {
    await writeFile(temporary, bytes, { flag: 'wx' });
    await rename(temporary, target);
  } catch (error) {
    // The temporary file may not exist, or its folder may be gone: then there is nothing to remove.
    await rm(temporary, { force: true }).catch(() => {});
    // A file that is mounted by itself, as into a container, can't be replaced, but can be written.
    if (systemCode(error) !== 'EBUSY') throw error;
    await writeFile(target, bytes);
  }
}

/** Returns whether two paths lead to one file, by whatever links, or would if it were there. */
export async function isSameFile(first: string, second: string): Promise<boolean> {
  const [one, other] = await Promise.all([identityOf(first), identityOf(second)]);
  return one.path === other.path || (one.inode !== undefined && one.inode === other.inode);
}

/** Whether a path can only be a folder's: it ends with a slash, or with a dot or two behind one. */
function namesFolder(path: string): boolean {
  const [last = ''] = path.split(sep).join('/').split('/').slice(-1);
  return ['', '.', '..'].includes(last);
}

const notAFile: FileFault = { reason: 'it is a device or a pipe', remedy: 'Choose the name of a file.' };

function inNoFolder({ reason }: FileFault): FileFault {
  return { reason, remedy: 'Give a file in an existing folder.' };
}

/** Returns the path of a file without links, whether or not the file is there. */
async function destinationOf(path: string): Promise<string> {
  const real = await realpath(path).catch(ifMissing);
  return real ?? join(await realpath(dirname(resolve(path))), basename(path));
}

async function identityOf(path: string): Promise<{ readonly path: string; readonly inode: string | undefined }> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return {
    path: await destinationOf(path).catch(() => resolve(path)),
    // Some file systems have no inodes, and then say 0 for all.
    inode: found && found.ino !== 0n ? `${found.dev} ${found.ino}` : undefined,
  };
}

/** Makes a file and removes it at once. Nothing may have its name, not even a link that leads nowhere. */
function tryToMake(path: string): void {
  closeSync(openSync(path, 'wx'));
  rmSync(path);
}

function ifMissing(error: unknown): undefined {
  if (systemCode(error) !== 'ENOENT') throw error;
}
