import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../src/package-root.js';
import { whilePatient } from '../patience.js';

/** Small pictures, so that a job takes a second or two. */
const testEnvironment = {
  QUALITY_DRAFT: '64px 3 epochs',
  QUALITY_STANDARD: '80px 6 epochs',
  QUALITY_HIGH: '96px 40 epochs',
  THREADS: '1',
  // However slow the machine is, no order would take too long there.
  JOB_SECONDS: '604800',
  SHUTDOWN_SECONDS: '0',
};

const main = join(packageRoot(), 'dist', 'src', 'main.js');

/** Makes a new folder for a playground. */
export function newFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'whitewalker-playground-test-'));
}

/** Returns the ids of all processes of this machine whose environment or command line names a folder; on Linux. */
export async function processesIn(folder: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const mentions = async (pid: string) => {
    const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
    return environment.includes(folder) ? [pid] : [];
  };
  return (await Promise.all(pids.map(mentions))).flat();
}

/** The compiled `whitewalker playground` as a process of its own, in an empty folder. */
export class RunningPlayground {
  /** Settles when the process has ended, with its exit code or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
  /** Everything that the process has written. */
  output = '';
  readonly child: ChildProcess;
  readonly #folder: string;
  #watchers: (() => void)[] = [];

  private constructor(folder: string, options: readonly string[], environment: Readonly<Record<string, string>>) {
    this.#folder = folder;
    this.child = spawn(process.execPath, [main, 'playground', ...options], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, TMPDIR: folder, ...testEnvironment, ...environment },
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
        this.#changed();
      });
    }
    this.ended = new Promise((resolve) => this.child.once('close', (code, signal) => resolve(code ?? signal)));
    void this.ended.then(() => this.#changed());
    const kill = () => this.child.kill('SIGKILL');
    process.once('exit', kill);
    this.child.once('exit', () => process.off('exit', kill));
  }

  /** Starts a playground without waiting for anything; temporary folders are made in a new one. */
  static async launch(
    options: readonly string[] = [],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<RunningPlayground> {
    return new RunningPlayground(await newFolder(), options, environment);
  }

  /** Starts a playground; settles once it has printed its address. */
  static async start(
    options: readonly string[] = [],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<RunningPlayground> {
    const playground = await RunningPlayground.launch(options, environment);
    await playground.untilSaid('Ctrl-C');
    return playground;
  }

  /** The folder that the process runs in, and makes temporary ones in. */
  get folder(): string {
    return this.#folder;
  }

  /** The address for the owner, as it was printed. */
  get address(): string {
    return this.#said(/^The playground is open: (\S+)$/m);
  }

  /** The address for guests, as it was printed. */
  get guestAddress(): string {
    return this.#said(/^For guests.*: (\S+)$/m);
  }

  /**
   * Waits until the process has written a text.
   * @throws Error that shows what it wrote, where it has ended without or it is of no use to wait any longer.
   */
  async untilSaid(text: string): Promise<void> {
    let isOver = false;
    const stop = whilePatient(() => {
      isOver = true;
      this.#changed();
    });
    try {
      while (!this.output.includes(text)) {
        if (isOver || this.child.exitCode !== null || this.child.signalCode !== null) {
          throw new Error(`The playground did not say "${text}":\n${this.output}`);
        }
        await new Promise<void>((resolve) => this.#watchers.push(resolve));
      }
    } finally {
      stop();
    }
  }

  /**
   * Stops the processes that compute, on Linux, so that what is painted is not done before it was looked at. They are not
   * taken for hung before `HANG_SECONDS` of the environment.
   * @returns a function that has them go on.
   */
  async holdComputing(): Promise<() => void> {
    const held: number[] = [];
    for (const pid of process.platform === 'linux' ? await processesIn(this.#folder) : []) {
      const command = await readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '');
      if (command.includes('compute-process-main')) held.push(Number(pid));
    }
    const signal = (name: 'SIGSTOP' | 'SIGCONT') => {
      for (const pid of held) {
        try {
          process.kill(pid, name);
        } catch {
          // It has ended meanwhile.
        }
      }
    };
    signal('SIGSTOP');
    return () => signal('SIGCONT');
  }

  /** Ends it as Ctrl-C does, removes its folder, and returns its exit code. */
  async stop(): Promise<number | NodeJS.Signals | null> {
    this.child.kill('SIGINT');
    const code = await this.ended;
    await rm(this.#folder, { recursive: true, force: true });
    return code;
  }

  #said(pattern: RegExp): string {
    const [, found] = pattern.exec(this.output) ?? [];
    if (found === undefined) throw new Error(`The playground did not say ${pattern}:\n${this.output}`);
    return found;
  }

  #changed(): void {
    const watchers = this.#watchers;
    this.#watchers = [];
    for (const watcher of watchers) watcher();
  }
}
