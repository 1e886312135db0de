import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { SleepingWorkerSettings } from '../../../bench/queue/sleeping-worker.js';
import { packageRoot } from '../../../src/package-root.js';
import { until } from '../../patience.js';

/** A worker as a process of its own, which pauses instead of computing. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #lines: string[] = [];

  private constructor(child: ChildProcess) {
    this.#child = child;
    if (child.stdout) createInterface({ input: child.stdout }).on('line', (line) => this.#lines.push(line));
  }

  /** Starts a worker; settles once it takes jobs. */
  static async start(settings: SleepingWorkerSettings): Promise<WorkerProcess> {
    const script = join(packageRoot(), 'dist', 'bench', 'queue', 'sleeping-worker.js');
    if (!existsSync(script)) throw new Error(`${script} is missing: run \`npm run build\` before these tests.`);
    // The worker ends when its standard input does, which is when this process ends.
    const child = spawn(process.execPath, [script, JSON.stringify(settings)], { stdio: ['pipe', 'pipe', 'inherit'] });
    const worker = new WorkerProcess(child);
    await worker.until(() => worker.#lines.includes('ready'));
    return worker;
  }

  /** Ids of the jobs that the worker began, in that order. */
  get begun(): readonly string[] {
    return this.#lines.flatMap((line) => (line.startsWith('begun ') ? [line.slice(6)] : []));
  }

  async until(condition: () => boolean): Promise<void> {
    await until(condition, () => `${condition}. It wrote: ${this.#lines.join(' | ')}`);
  }

  /** Stops the process with SIGSTOP: it does nothing, as if its machine was cut off. */
  pause(): void {
    this.#child.kill('SIGSTOP');
  }

  resume(): void {
    this.#child.kill('SIGCONT');
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill(signal);
    await ended;
  }
}
