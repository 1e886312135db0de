import PQueue from 'p-queue';
import type { InputName } from '../works/work.js';
import { inputsOf } from '../works/works.js';
import type { InputSource, Job } from './job.js';
import type { JobFiles } from './job-files.js';

/** Gets one of a job's pictures, checks that it can be decoded, and stores it with the job. */
export type InputLoader = (job: Job, input: InputName, source: InputSource, signal: AbortSignal) => Promise<void>;

/** How many jobs' pictures are fetched and checked at once. */
const fetchesAtOnce = 6;

/** Fetches the pictures of jobs: those of a few jobs at once, each until somebody stops it. */
export class InputFetches {
  readonly #files: JobFiles;
  readonly #load: InputLoader;
  readonly #queue = new PQueue({ concurrency: fetchesAtOnce });
  /** Abort controllers of the jobs whose pictures are fetched or wait for it, by the jobs' ids. */
  readonly #controllers = new Map<string, AbortController>();

  constructor(files: JobFiles, load: InputLoader) {
    this.#files = files;
    this.#load = load;
  }

  /**
   * Fetches the pictures that a job needs and doesn't have yet.
   * @returns whether the job has all of them now; false where fetching was stopped.
   * @throws what the loader throws.
   */
  async fetch(job: Job): Promise<boolean> {
    const controller = new AbortController();
    this.#controllers.set(job.id, controller);
    const { signal } = controller;
    try {
      await this.#queue.add(() => Promise.all(inputsOf(job.task).map((input) => this.#fetchOne(job, input, signal))));
      return !signal.aborted;
    } catch (error) {
      if (signal.aborted) return false;
      throw error;
    } finally {
      this.#controllers.delete(job.id);
    }
  }

  /** Stops fetching pictures for a job, if that is going on. */
  stop(jobId: string): void {
    this.#controllers.get(jobId)?.abort();
  }

  /** Stops all fetching; settles once nothing is fetched any more. */
  async stopAll(): Promise<void> {
    for (const controller of this.#controllers.values()) controller.abort();
    await this.#queue.onIdle();
  }

  async #fetchOne(job: Job, input: InputName, signal: AbortSignal): Promise<void> {
    const source = job.inputs[input];
    if (source === undefined) throw new Error(`Job ${job.id} has no ${input}.`);
    if (await this.#files.has(job.id, input)) return;
    signal.throwIfAborted();
    await this.#load(job, input, source, signal);
  }
}
