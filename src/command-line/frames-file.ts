import { randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CodedError } from '../coded-error.js';
import { fileFault } from '../files/file-trouble.js';
import type { FrameKeeper } from '../works/work.js';

/** Where a frame lies in the file. */
interface Place {
  readonly start: number;
  readonly length: number;
}

/**
 * Keeps painted frames in a temporary file, so that memory doesn't grow with their number. The file has no name any
 * more once it is open, so that the system takes its room back however the process ends.
 */
export class FramesFile implements FrameKeeper {
  readonly #file: FileHandle;
  readonly #places = new Map<number, Place>();
  #end = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Makes a new file. @throws CodedError `output/no-frames-file`. */
  static async make(): Promise<FramesFile> {
    const path = join(tmpdir(), `whitewalker-frames-${randomUUID()}`);
    const file = await open(path, 'wx+', 0o600).catch(refuse);
    await unlink(path);
    return new FramesFile(file);
  }

  async get(index: number): Promise<Uint8Array | undefined> {
    const place = this.#places.get(index);
    if (place === undefined) return undefined;
    const { buffer } = await this.#file
      .read({ buffer: Buffer.alloc(place.length), position: place.start })
      .catch(refuse);
    return buffer;
  }

  async put(index: number, file: Uint8Array): Promise<void> {
    const place = { start: this.#end, length: file.byteLength };
    this.#end += place.length;
    for (let written = 0; written < place.length; ) {
      const { bytesWritten } = await this.#file
        .write(file, written, place.length - written, place.start + written)
        .catch(refuse);
      written += bytesWritten;
    }
    this.#places.set(index, place);
  }

  /** Gives the room for the frames back. */
  async remove(): Promise<void> {
    await this.#file.close();
  }
}

function refuse(error: unknown): never {
  const { reason } = fileFault(error);
  const sentence = `Painted frames can't be kept in ${tmpdir()} (${reason}). Make room there, or set TMPDIR to another folder.`;
  throw new CodedError('output', 'no-frames-file', sentence, { cause: error });
}
