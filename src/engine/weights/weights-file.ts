import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { systemCode } from '../../files/file-trouble.js';
import type { Digest } from './manifest.js';
import { readingError, writingError } from './weights-error.js';

/** The file beside a file of weights that has its SHA-256, as `sha256sum --check` reads it. */
export function digestPath(path: string): string {
  return `${path}.sha256`;
}

/**
 * Writes a file of weights and its digest beside it. The file is there whole or not at all: until it is on the disk it has
 * another name.
 * @returns its SHA-256, hexadecimal.
 * @throws `weights/disk-full` or `weights/not-writable`; then nothing has changed.
 */
export async function writeWeightsFile(path: string, bytes: Uint8Array): Promise<string> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await writeWhole(path, bytes);
  // A digest of the weights before would condemn the new ones; without any they are merely not vouched for.
  await writeWhole(digestPath(path), new TextEncoder().encode(`${sha256}  ${basename(path)}\n`));
  return sha256;
}

/** Removes what a process that was killed while it wrote this file has left. For whoever holds the network's lock. */
export async function removeUnfinished(path: string): Promise<void> {
  for (const unfinished of [path, digestPath(path)].map(temporaryPath)) await rm(unfinished, { force: true });
}

/** Always the same: what is left over is found again. */
function temporaryPath(path: string): string {
  return `${path}.new`;
}

/** The SHA-256 that stands beside a file of weights; undefined where there is none. */
export async function recordedDigest(path: string): Promise<string | undefined> {
  try {
    return /^([0-9a-f]{64})\b/.exec(await readFile(digestPath(path), 'utf8'))?.[1];
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return undefined;
    throw readingError(digestPath(path), cause, '');
  }
}

/** A file's digest, hexadecimal. @throws `weights/missing` or `weights/unreadable` */
export async function digestOfFile(path: string, algorithm: Digest['algorithm']): Promise<string> {
  const hash = createHash(algorithm);
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk);
  } catch (cause) {
    throw readingError(path, cause, 'Fetch it first.');
  }
  return hash.digest('hex');
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = temporaryPath(path);
  try {
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(bytes);
      // Or else, after a power failure, the name could be there without the bytes.
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {});
    throw writingError(path, cause);
  }
}

async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path);
    await folder.sync().finally(() => folder.close());
  } catch {
    // Not every system can; the file itself is written.
  }
}
