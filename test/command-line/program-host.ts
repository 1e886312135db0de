import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../../src/package-root.js';
import { baseEnvironment, type Run } from './program.js';

const answer = z.union([
  z.object({ code: z.number(), stdout: z.string(), stderr: z.string() }),
  z.object({ fault: z.string() }),
]);

export interface ProgramHostOptions {
  /** Folder of the installation. Default: what was built here. */
  readonly home?: string;
  /** What the process has in its environment when it starts, besides what every run has. Default: nothing. */
  readonly environment?: Readonly<Record<string, string>>;
}

let shared: HostProcess | undefined;
const sharedProcess = () => (shared ??= new HostProcess({}));

/**
 * Runs the compiled program in a folder again and again in one process, which is many times faster than a process for each
 * run. It is for runs that tell of words, files and exit codes; what depends on a process, such as signals, has one of its
 * own. All files of tests that this process runs have one together, but for those with options.
 */
export class ProgramHost {
  readonly #folder: string;
  readonly #process: HostProcess;

  /** @param folder - where the program runs. */
  constructor(folder: string, options?: ProgramHostOptions) {
    this.#folder = folder;
    this.#process = options ? new HostProcess(options) : sharedProcess();
  }

  /**
   * Runs the program once all runs before are over, with nothing more in its environment than `whitewalker` gives it.
   * @throws Error where the program can't be loaded, or the process ends.
   */
  run(words: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Run> {
    return this.#process.run(this.#folder, words, { ...baseEnvironment, ...environment });
  }

  /** Ends the process, unless others have it too. */
  async end(): Promise<void> {
    if (this.#process !== shared) await this.#process.end();
  }
}

class HostProcess {
  readonly #process: ChildProcess;
  #last: Promise<unknown> = Promise.resolve();

  constructor({ home = packageRoot(), environment = {} }: ProgramHostOptions) {
    const host = join(packageRoot(), 'test', 'fixtures', 'program-host.mjs');
    this.#process = fork(host, [join(home, 'dist', 'src', 'program.js')], {
      env: { ...baseEnvironment, ...environment },
      execArgv: [],
    });
  }

  run(folder: string, words: readonly string[], environment: NodeJS.ProcessEnv): Promise<Run> {
    const run = this.#last.then(() => this.#run({ folder, words, environment }));
    this.#last = run.catch(() => {});
    return run;
  }

  async #run(order: { folder: string; words: readonly string[]; environment: NodeJS.ProcessEnv }): Promise<Run> {
    const settled = new AbortController();
    const { signal } = settled;
    try {
      const ended = once(this.#process, 'exit', { signal }).then(([code]) => ({
        fault: `It ended with code ${code}.`,
      }));
      const answered = once(this.#process, 'message', { signal }).then(([message]) => answer.parse(message));
      this.#process.send(order);
      const result = await Promise.race([answered, ended]);
      if ('fault' in result) throw new Error(`whitewalker ${order.words.join(' ')}: ${result.fault}`);
      return result;
    } finally {
      settled.abort();
    }
  }

  async end(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
  }
}
