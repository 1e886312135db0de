import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemCode } from './file-trouble.js';

/**
 * Makes a folder, and those above it, where they are missing. Unlike Node's `recursive`, which tries for ever where a
 * folder is there but takes no others, as /proc, it always ends.
 * @returns the outermost folder that was made; undefined where none was missing.
 * @throws what the file system throws, and an error with the code `ENOTSUP` where it takes no folders.
 */
export function makeFolder(path: string): string | undefined {
  try {
    mkdirSync(path);
    return path;
  } catch (error) {
    if (isFolder(path)) return undefined;
    const code = systemCode(error);
    // The system itself says what is wrong with that which has the folder's name.
    if (code === 'EEXIST') statSync(`${path}/.`);
    if (code !== 'ENOENT') throw error;
    const above = dirname(path);
    if (above === path || isFolder(above)) throw takesNoFolders(above, error);
    const outermost = makeFolder(above);
    makeFolder(path);
    return outermost ?? path;
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function takesNoFolders(path: string, cause: unknown): Error {
  const error = new Error(`${path} takes no folders`, { cause });
  return Object.assign(error, { code: 'ENOTSUP', syscall: 'mkdir' });
}
