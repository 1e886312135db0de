import { randomBytes } from 'node:crypto';
import { access, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { CodedError } from '../coded-error.js';
import { fileTrouble, lacksRoom, systemCode } from '../files/file-trouble.js';

const jobIdPattern = /^[0-9a-f]{20}$/;

/** Pattern of file names, which become paths: they are ours, such as `content` or `result.png`, never a person's. */
const namePattern = /^[a-z][a-z0-9-]*(\.[a-z0-9]+)?$/;

/** How much is written to find out whether there is room again, in bytes. */
const probeBytes = 65_536;

/**
 * Stores the pictures of jobs, each job's in a folder of its own. A file is there with all of its bytes or not at all,
 * also after a power failure. All methods throw RangeError for a job's id or a file's name that doesn't look like one,
 * and those that write or read a file `job-files/disk-full` or `job-files/unusable` where the disk is in the way.
 */
export class JobFiles {
  readonly #folder: string;
  /** Whether the disk was in the way of the last file that was to be written, or of one that was to be read since. */
  #isInTrouble = false;

  /** @param folder - the folder of all jobs; it is made with the first file. */
  constructor(folder: string) {
    this.#folder = resolve(folder);
  }

  /** Writes a file of a job, and replaces the one of the same name. Settles when the file can't be lost any more. */
  async put(jobId: string, name: string, bytes: Uint8Array): Promise<void> {
    const path = this.#path(jobId, name);
    const folder = this.#jobFolder(jobId);
    await this.#onDisk(() => this.#put(folder, name, path, bytes));
    this.#isInTrouble = false;
  }

  /** Whether the disk was in the way when a file was last to be written or read, whatever job it was for. */
  get isInTrouble(): boolean {
    return this.#isInTrouble;
  }

  /**
   * Looks whether files can be written, after one couldn't: it writes one, and removes it.
   * @throws `job-files/…` as {@link put} does, where they still can't.
   */
  async requireWritable(): Promise<void> {
    if (!this.#isInTrouble) return;
    const probe = join(this.#folder, `.probe.${randomBytes(6).toString('hex')}`);
    await this.#onDisk(async () => {
      try {
        await mkdir(this.#folder, { recursive: true });
        await writeThrough(probe, new Uint8Array(probeBytes));
      } finally {
        await rm(probe, { force: true });
      }
    });
    this.#isInTrouble = false;
  }

  /** Does something with files. @throws `job-files/…` where the disk is in the way, which is remembered. */
  async #onDisk<Result>(action: () => Promise<Result>): Promise<Result> {
    try {
      return await action();
    } catch (cause) {
      if (cause instanceof CodedError) throw cause;
      this.#isInTrouble = true;
      const folder = this.#folder;
      const [code, remedy] = lacksRoom(cause)
        ? ['disk-full', 'Make room on its disk.']
        : ['unusable', 'Look at its disk, and at who may read and write there.'];
      const message = `The pictures of jobs can't be kept in ${folder} (${fileTrouble(cause)}). ${remedy}`;
      throw new CodedError('job-files', code, message, { context: { folder }, cause });
    }
  }

  async #put(folder: string, name: string, path: string, bytes: Uint8Array): Promise<void> {
    const firstNew = await mkdir(folder, { recursive: true });
    // No file's name begins with a dot. What a crash leaves of this one is removed with the job's folder.
    const unfinished = join(folder, `.${name}.${randomBytes(6).toString('hex')}`);
    try {
      await writeThrough(unfinished, bytes);
      await rename(unfinished, path);
    } catch (error) {
      await rm(unfinished, { force: true }).catch(() => {});
      throw error;
    }
    await syncFolder(folder);
    if (firstNew === undefined) return;
    for (let made = folder; made.length >= firstNew.length; made = dirname(made)) await syncFolder(dirname(made));
  }

  /** Reads a file of a job. @throws `job-files/missing` where the job doesn't have it (any more). */
  async get(jobId: string, name: string): Promise<Uint8Array> {
    const path = this.#path(jobId, name);
    const reading = readFile(path).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
      const details = { context: { jobId, fileName: name }, cause: error };
      throw new CodedError('job-files', 'missing', `Job ${jobId} has no file ${name}`, details);
    });
    return this.#onDisk(() => reading);
  }

  async has(jobId: string, name: string): Promise<boolean> {
    const path = this.#path(jobId, name);
    const looking = access(path).then(
      () => true,
      (error: unknown) => {
        if (isMissing(error)) return false;
        throw error;
      },
    );
    return this.#onDisk(() => looking);
  }

  /** Copies a file from one job to another. @throws `job-files/missing` where the first one doesn't have it. */
  async copy(fromJobId: string, fromName: string, toJobId: string, toName: string): Promise<void> {
    await this.put(toJobId, toName, await this.get(fromJobId, fromName));
  }

  /** Removes a file of a job, if it is there. */
  async discard(jobId: string, name: string): Promise<void> {
    await rm(this.#path(jobId, name), { force: true });
  }

  /** Removes all files of a job, if there are any. */
  async remove(jobId: string): Promise<void> {
    await rm(this.#jobFolder(jobId), { recursive: true, force: true });
  }

  /** Returns the ids of all jobs that have files. */
  async list(): Promise<readonly string[]> {
    const entries = await readdir(this.#folder).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    return entries.filter((entry) => jobIdPattern.test(entry));
  }

  #jobFolder(jobId: string): string {
    if (!jobIdPattern.test(jobId)) throw new RangeError(`Expected the id of a job, got ${JSON.stringify(jobId)}`);
    return join(this.#folder, jobId);
  }

  #path(jobId: string, name: string): string {
    const folder = this.#jobFolder(jobId);
    if (!namePattern.test(name))
      throw new RangeError(`Expected a name such as "result.png", got ${JSON.stringify(name)}`);
    return join(folder, name);
  }
}

function isMissing(error: unknown): boolean {
  return systemCode(error) === 'ENOENT';
}

/** Writes a new file that its owner alone can read, all the way to the disk. */
async function writeThrough(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes sure that what was added to a folder survives a power failure. */
async function syncFolder(folder: string): Promise<void> {
  // Windows doesn't open folders, and doesn't need this.
  if (process.platform === 'win32') return;
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
