/**
 * A store through which bot and workers pass each other the pictures of jobs. Its files may be lost: the bot has the
 * inputs on its disk, and a result that is lost is computed again.
 */
export interface JobStore {
  /** Writes a file of a job, and replaces the one of the same name. */
  put(jobId: string, name: string, bytes: Uint8Array): Promise<void>;
  /** Reads a file of a job; undefined where it is not there, or no longer. */
  get(jobId: string, name: string): Promise<Uint8Array | undefined>;
  /** Removes all files of a job, if there are any. */
  remove(jobId: string): Promise<void>;
}

/** Reads the named files of a job, without those that the store lacks. @throws where the store can't be used. */
export async function storedFiles(
  store: JobStore,
  jobId: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const name of names) {
    const bytes = await store.get(jobId, name);
    if (bytes !== undefined) files.set(name, bytes);
  }
  return files;
}
