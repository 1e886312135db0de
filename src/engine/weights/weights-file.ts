import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { systemCode } from '../../files/file-trouble.js';
import type { Digest } from './manifest.js';
import { readingError, writingError } from './weights-error.js';

/** Returns the path of the file beside a file of weights that holds its SHA-256, as `sha256sum --check` reads it. */
export function digestPath(path: string): string {
  return `${path}.sha256`;
}

/**
 * Writes a file of weights and its digest beside it. Either both whole files are there or nothing has changed: until all
 * of both is on the disk they have other names.
 * @returns the file's SHA-256, hexadecimal.
 * @throws `weights/disk-full` or `weights/not-writable`.
 */
export async function writeWeightsFile(path: string, bytes: Uint8Array): Promise<string> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const digest = digestPath(path);
  try {
    await writeUnfinished(path, bytes);
    await writeUnfinished(digest, new TextEncoder().encode(`${sha256}  ${basename(path)}\n`));
    // The old weights' digest would condemn the new ones; without any digest they are merely not vouched for.
    await rm(digest, { force: true });
    for (const finished of [path, digest]) await rename(temporaryPath(finished), finished);
    await syncFolder(dirname(path));
    return sha256;
  } catch (cause) {
    await removeUnfinished(path).catch(() => {});
    throw writingError(path, cause);
  }
}

/** Removes the leavings of a process that was killed writing this file. The caller must hold the network's lock. */
export async function removeUnfinished(path: string): Promise<void> {
  for (const unfinished of [path, digestPath(path)].map(temporaryPath)) await rm(unfinished, { force: true });
}

/** Returns the name of a file while it is written. It is always the same, so that leavings are found again. */
function temporaryPath(path: string): string {
  return `${path}.new`;
}

/** Reads the SHA-256 that is recorded beside a file of weights; returns undefined where there is none. */
export async function recordedDigest(path: string): Promise<string | undefined> {
  try {
    return /^([0-9a-f]{64})\b/.exec(await readFile(digestPath(path), 'utf8'))?.[1];
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return undefined;
    throw readingError(digestPath(path), cause, '');
  }
}

/** Computes a file's digest, hexadecimal. @throws `weights/missing` or `weights/unreadable` */
export async function digestOfFile(path: string, algorithm: Digest['algorithm']): Promise<string> {
  const hash = createHash(algorithm);
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk);
  } catch (cause) {
    throw readingError(path, cause, 'Fetch it first.');
  }
  return hash.digest('hex');
}

async function writeUnfinished(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(temporaryPath(path), 'w');
  try {
    await file.writeFile(bytes);
    // Without this, a power failure could leave the name without the bytes.
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path);
    await folder.sync().finally(() => folder.close());
  } catch {
    // Not every system can sync a folder; the file itself is written.
  }
}
