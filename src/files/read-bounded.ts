import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';

/** How much is read at a time of what doesn't tell its length. */
const partBytes = 1024 * 1024;

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
  const parts: Uint8Array[] = [];
  let length = 0;
  // The byte at `end` is read, too: it is the one too many.
  for await (const part of createReadStream(path, { end: maxBytes, highWaterMark: partBytes })) {
    parts.push(part);
    length += part.length;
  }
  return length > maxBytes ? undefined : Buffer.concat(parts, length);
}
