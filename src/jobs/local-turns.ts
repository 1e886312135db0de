import type { Compute } from '../compute/compute.js';
import { inputsOf } from '../works/works.js';
import type { Job } from './job.js';
import type { JobFiles } from './job-files.js';
import { keptResult } from './kept-result.js';
import type { TurnOptions, TurnResult, Turns } from './turns.js';

/** Turns that are done on this machine. */
export class LocalTurns implements Turns {
  readonly #compute: Compute;
  readonly #files: JobFiles;

  constructor(compute: Compute, files: JobFiles) {
    this.#compute = compute;
    this.#files = files;
  }

  async run({ id, task, reply }: Job, { signal, onBegun, onProgress }: TurnOptions): Promise<TurnResult> {
    onBegun();
    const inputs = Object.fromEntries(
      await Promise.all(inputsOf(task).map(async (name) => [name, await this.#files.get(id, name)] as const)),
    );
    const request = { task, inputs, maxFileBytes: reply.maxFileBytes };
    const result = await this.#compute.run(request, { signal, onProgress });
    const { facts, files } = keptResult(result);
    return {
      outcome: { kind: 'result', result: facts },
      files,
      isTold: false,
      evaluations: result.evaluations,
    };
  }
}
