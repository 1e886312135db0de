import { type FileHandle, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { systemCode } from '../../../files/file-trouble.js';
import { writingError } from '../weights-error.js';

/** The facts about a partial file's download that are needed to ask for the rest. */
export interface Provenance {
  readonly address: string;
  /** A strong ETag or a date for the header If-Range; undefined where the server gave neither. */
  readonly validator: string | undefined;
  /** The whole file's size in bytes, where the server told it. */
  readonly total: number | undefined;
}

/** The beginning of a file that is being downloaded, NAME.part, with its {@link Provenance} in NAME.part.json. */
export class PartialFile {
  readonly path: string;
  #size = 0;
  #provenance: Provenance | undefined;

  private constructor(path: string) {
    this.path = path;
  }

  /** Opens the part that an earlier attempt has left. A part of unknown provenance is worthless and counts as empty. */
  static async open(path: string): Promise<PartialFile> {
    const part = new PartialFile(path);
    part.#provenance = await readProvenance(part.#notePath);
    part.#size = part.#provenance ? await sizeOf(path) : 0;
    return part;
  }

  /** Number of bytes of the file that have arrived. */
  get size(): number {
    return this.#size;
  }

  get provenance(): Provenance | undefined {
    return this.#provenance;
  }

  get #notePath(): string {
    return `${this.path}.json`;
  }

  /** Empties the part and begins anew. @throws `weights/disk-full` or `weights/not-writable` */
  async restart(provenance: Provenance): Promise<void> {
    await this.#write(async () => {
      // This order matters: a process that dies in between leaves nothing that looks like a beginning of this file.
      await rm(this.#notePath, { force: true });
      await writeFile(this.path, '');
      await writeFile(this.#notePath, JSON.stringify(provenance));
    });
    this.#size = 0;
    this.#provenance = provenance;
  }

  /**
   * Appends all chunks that arrive. Those that have arrived stay, even where the chunks end with an error.
   * @throws `weights/disk-full` or `weights/not-writable`; any error that `chunks` throws.
   */
  async append(chunks: AsyncIterable<Uint8Array>, onSize: (size: number) => void): Promise<void> {
    const file = await this.#write(() => open(this.path, 'a'));
    try {
      for await (const chunk of chunks) {
        await this.#write(() => writeAll(file, chunk));
        this.#size += chunk.length;
        onSize(this.#size);
      }
    } finally {
      await file.close();
    }
  }

  /** Removes the part and its provenance. */
  async discard(): Promise<void> {
    await rm(this.path, { force: true });
    await rm(this.#notePath, { force: true });
    this.#size = 0;
    this.#provenance = undefined;
  }

  async #write<Result>(action: () => Promise<Result>): Promise<Result> {
    try {
      return await action();
    } catch (cause) {
      // A part of the chunk may have been written before the error.
      this.#size = await sizeOf(this.path).catch(() => this.#size);
      throw writingError(this.path, cause);
    }
  }
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let written = 0; written < chunk.length; ) {
    written += (await file.write(chunk, written)).bytesWritten;
  }
}

async function readProvenance(path: string): Promise<Provenance | undefined> {
  try {
    const note: Partial<Record<keyof Provenance, unknown>> = JSON.parse(await readFile(path, 'utf8'));
    const { address, validator, total } = note;
    if (typeof address !== 'string') return undefined;
    return {
      address,
      validator: typeof validator === 'string' ? validator : undefined,
      total: typeof total === 'number' ? total : undefined,
    };
  } catch {
    return undefined;
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return 0;
    throw cause;
  }
}
