import { type FileHandle, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { systemCode } from '../../../files/file-trouble.js';
import { writingError } from '../weights-error.js';

/** What the beginning of a file came with: how its continuation is asked for. */
export interface Provenance {
  readonly address: string;
  /** A strong ETag or a date, for the header If-Range; undefined where the server gave neither. */
  readonly validator: string | undefined;
  /** The whole file's size, where the server told it. */
  readonly total: number | undefined;
}

/** The beginning of a file that is being downloaded, NAME.part, and beside it where it is from, NAME.part.json. */
export class PartialFile {
  readonly path: string;
  #size = 0;
  #provenance: Provenance | undefined;

  private constructor(path: string) {
    this.path = path;
  }

  /** Looks at what an earlier attempt has left. A beginning that nobody knows the origin of is worth nothing. */
  static async open(path: string): Promise<PartialFile> {
    const part = new PartialFile(path);
    part.#provenance = await readProvenance(part.#notePath);
    part.#size = part.#provenance ? await sizeOf(path) : 0;
    return part;
  }

  /** Bytes that are there. */
  get size(): number {
    return this.#size;
  }

  get provenance(): Provenance | undefined {
    return this.#provenance;
  }

  get #notePath(): string {
    return `${this.path}.json`;
  }

  /** Begins anew. @throws `weights/disk-full` or `weights/not-writable` */
  async restart(provenance: Provenance): Promise<void> {
    await this.#write(async () => {
      // In this order: a process that dies in between leaves nothing that could be taken for a beginning of this file.
      await rm(this.#notePath, { force: true });
      await writeFile(this.path, '');
      await writeFile(this.#notePath, JSON.stringify(provenance));
    });
    this.#size = 0;
    this.#provenance = provenance;
  }

  /**
   * Appends all chunks that come. What has arrived stays, also where the chunks end with an error.
   * @throws `weights/disk-full` or `weights/not-writable`; what the chunks throw.
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

  /** Removes it. */
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
      // Some of the chunk may have been written.
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
