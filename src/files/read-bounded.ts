import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';

/**
 * Reads a file whole, if it has at most so many bytes. A device or a pipe doesn't tell its length and may have no end, so no
 * more than that is read of it either.
 * @returns undefined if there is more.
 * @throws what the file system throws.
 */
export async function readBounded(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
  const found = await stat(path);
  if (found.size > maxBytes) return undefined;
  if (found.isFile()) return readFile(path);
  // The byte at `end` is read, too: it is the one too many.
  const bytes = await buffer(createReadStream(path, { end: maxBytes }));
  return bytes.length > maxBytes ? undefined : bytes;
}
