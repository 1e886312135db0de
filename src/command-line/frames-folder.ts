import { rmSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CodedError } from '../coded-error.js';
import { fileFault, systemCode } from '../files/file-trouble.js';
import type { FrameKeeper } from '../works/work.js';

/** Keeps painted frames in a temporary folder, so that memory doesn't grow with their number. */
export class FramesFolder implements FrameKeeper {
  readonly #path: string;
  readonly #removeAtExit: () => void;

  private constructor(path: string) {
    this.#path = path;
    // A second Ctrl-C ends the process at once.
    this.#removeAtExit = () => rmSync(path, { recursive: true, force: true });
    process.once('exit', this.#removeAtExit);
  }

  /** Makes a new folder. @throws CodedError `output/no-frames-folder`. */
  static async make(): Promise<FramesFolder> {
    return new FramesFolder(await mkdtemp(join(tmpdir(), 'whitewalker-frames-')).catch(refuse));
  }

  async get(index: number): Promise<Uint8Array | undefined> {
    try {
      return await readFile(this.#fileOf(index));
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return undefined;
      return refuse(error);
    }
  }

  async put(index: number, file: Uint8Array): Promise<void> {
    await writeFile(this.#fileOf(index), file).catch(refuse);
  }

  /** Removes the folder with all frames. */
  async remove(): Promise<void> {
    process.off('exit', this.#removeAtExit);
    await rm(this.#path, { recursive: true, force: true });
  }

  #fileOf(index: number): string {
    return join(this.#path, `${index}.png`);
  }
}

function refuse(error: unknown): never {
  const { reason } = fileFault(error);
  const sentence = `Painted frames can't be kept in ${tmpdir()} (${reason}). Make room there, or set TMPDIR to another folder.`;
  throw new CodedError('output', 'no-frames-folder', sentence, { cause: error });
}
