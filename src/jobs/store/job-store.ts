/**
 * Where the pictures of jobs are while they are between bot and workers. What it holds may be lost: the bot has the inputs
 * on its disk, and a result that is lost is computed again.
 */
export interface JobStore {
  put(jobId: string, name: string, bytes: Uint8Array): Promise<void>;
  /** Undefined where it is not there, or no longer. */
  get(jobId: string, name: string): Promise<Uint8Array | undefined>;
  /** Removes all files of a job, if there are any. */
  remove(jobId: string): Promise<void>;
}
