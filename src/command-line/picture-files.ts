import { resolve } from 'node:path';
import { CodedError } from '../coded-error.js';
import { fileFault } from '../files/file-trouble.js';
import { readBounded } from '../files/read-bounded.js';

/** Largest size of a file that is read, in bytes: it may be larger than an upload, but not endless. */
export const maxFileBytes = 200 * 1024 * 1024;

/** Reads the bytes of a picture's file, or of a pipe. @throws CodedError `usage/too-many-bytes` or `usage/unreadable`. */
export async function readPictureFile(path: string): Promise<Uint8Array> {
  // Where the current folder is gone, this says so, and not that there is no such file.
  const file = resolve(path);
  try {
    const bytes = await readBounded(file, maxFileBytes);
    if (bytes) return bytes;
  } catch (error) {
    const { reason, remedy } = fileFault(error);
    throw new CodedError('usage', 'unreadable', `"${path}" can't be read (${reason}). ${remedy}`, { cause: error });
  }
  throw new CodedError('usage', 'too-many-bytes', `"${path}" is larger than ${maxFileBytes / 1024 / 1024} MiB.`);
}
