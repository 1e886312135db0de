import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CodedError } from '../coded-error.js';
import { systemCode } from '../files/file-trouble.js';
import { type Archive, archiveOf, readArchive } from '../local-discord/archive.js';
import type { Discord } from '../local-discord/server.js';

/** How long after something has happened it is written down, together with what happens meanwhile, in milliseconds. */
const calmMs = 500;

/** Keeps what a local Discord knows in a folder: all but the files in `discord.json`, and each file in one of its own. */
export class Keeper {
  readonly #folder: string;
  readonly #written = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Returns what is kept; undefined where nothing is.
   * @throws CodedError `config/bad-folder` where it can't be understood.
   */
  async read(): Promise<Archive | undefined> {
    try {
      const json = await readFile(this.#path, 'utf8');
      return await readArchive(json, (id) => readFile(this.#filePath(id)));
    } catch (cause) {
      if (systemCode(cause) === 'ENOENT' && !(await this.#exists())) return undefined;
      const reason = cause instanceof Error ? cause.message : String(cause);
      const message = `What is kept in ${this.#folder} can't be read: ${reason}. Choose another --data, or remove it.`;
      throw new CodedError('config', 'bad-folder', message, { cause });
    }
  }

  /** Writes down what happens from now on; returns what ends that, once all is written. */
  follow(discord: Discord): () => Promise<void> {
    this.#written.clear();
    const later = () => {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#writing = this.#writing.then(() => this.#write(discord));
      }, calmMs).unref();
    };
    const stop = discord.world.onHappening(later);
    later();
    return async () => {
      stop();
      clearTimeout(this.#timer);
      this.#timer = undefined;
      await this.#writing;
      await this.#write(discord);
    };
  }

  async #write(discord: Discord): Promise<void> {
    await mkdir(join(this.#folder, 'files'), { recursive: true });
    const json = archiveOf(discord);
    for (const { id, bytes } of discord.world.files.all) {
      if (this.#written.has(id)) continue;
      await writeFile(this.#filePath(id), bytes, { mode: 0o600 });
      this.#written.add(id);
    }
    // A file that is replaced as a whole is never half-written. The bot's token is in it.
    await writeFile(`${this.#path}.new`, json, { mode: 0o600 });
    await rename(`${this.#path}.new`, this.#path);
  }

  async #exists(): Promise<boolean> {
    return readFile(this.#path).then(
      () => true,
      () => false,
    );
  }

  get #path(): string {
    return join(this.#folder, 'discord.json');
  }

  #filePath(id: string): string {
    return join(this.#folder, 'files', id);
  }
}
