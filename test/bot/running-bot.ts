import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Discord } from '../../src/local-discord/server.js';
import { packageRoot } from '../../src/package-root.js';
import { whilePatient } from '../patience.js';

/** A line of the bot's log. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly msg?: string };

/** The bot's settings in tests: small pictures, so that a job takes a second or two. */
const testEnvironment = {
  QUALITY_DRAFT: '64px 3 epochs',
  QUALITY_STANDARD: '80px 6 epochs',
  QUALITY_HIGH: '96px 40 epochs',
  THREADS: '1',
  // However slow the machine is, no order would take too long there.
  JOB_SECONDS: '604800',
  SHUTDOWN_SECONDS: '0',
  // Tests have long jobs hold the only slot, which must not pause for others, however slow the machine is.
  LONG_JOB_SECONDS: '604800',
  LOG_LEVEL: 'debug',
};

/** Returns the settings of a bot in tests, with which it talks to a local Discord. */
export function botEnvironment(discord: Discord, dataFolder: string): Readonly<Record<string, string>> {
  return {
    ...testEnvironment,
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.apiUrl,
    ATTACHMENT_HOSTS: discord.cdnOrigin,
    DATA_DIR: dataFolder,
  };
}

/** Makes a new folder for a bot's database and pictures, and returns its path. */
export function newDataFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'whitewalker-bot-'));
}

/** The compiled bot, or a worker, as a process of its own that talks to a local Discord, as `npm start` runs it. */
export class RunningBot {
  readonly child: ChildProcess;
  /** Settles when the process has ended, with its exit code or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
  readonly log: LogLine[] = [];
  /** Everything that the process has written to its output and error streams, as it stands. */
  output = '';
  #watchers: (() => void)[] = [];

  private constructor(child: ChildProcess) {
    this.child = child;
    this.ended = new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)));
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => this.#read(line));
    }
    void this.ended.then(() => this.#changed());
  }

  /** Starts the bot; settles once it is connected to Discord and its commands are registered. */
  static async start(
    discord: Discord,
    dataFolder: string,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<RunningBot> {
    const bot = RunningBot.launch(discord, dataFolder, environment);
    await bot.untilLogged('connected to Discord');
    return bot;
  }

  /** Starts the bot, and returns without waiting for anything. */
  static launch(discord: Discord, dataFolder: string, environment: Readonly<Record<string, string>> = {}): RunningBot {
    return RunningBot.#run('bot', discord, dataFolder, environment);
  }

  /** Starts a worker; settles once it takes jobs. */
  static async startWorker(
    discord: Discord,
    folder: string,
    environment: Readonly<Record<string, string>>,
  ): Promise<RunningBot> {
    const worker = RunningBot.launchWorker(discord, folder, environment);
    await worker.untilLogged('taking jobs');
    return worker;
  }

  /** Starts a worker, and returns without waiting for anything. */
  static launchWorker(discord: Discord, folder: string, environment: Readonly<Record<string, string>>): RunningBot {
    return RunningBot.#run('worker', discord, folder, environment);
  }

  static #run(
    command: 'bot' | 'worker',
    discord: Discord,
    dataFolder: string,
    environment: Readonly<Record<string, string>>,
  ): RunningBot {
    const main = join(packageRoot(), 'dist', 'src', 'main.js');
    if (!existsSync(main)) throw new Error(`${main} is missing: run \`npm run build\` before these tests.`);
    const child = spawn(process.execPath, [main, command], {
      cwd: dataFolder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, ...botEnvironment(discord, dataFolder), ...environment },
    });
    if (command === 'bot') discord.interactions.botPid = child.pid;
    // The bot ends with the test's process, whatever becomes of the test.
    const kill = () => child.kill('SIGKILL');
    process.once('exit', kill);
    child.once('exit', () => process.off('exit', kill));
    return new RunningBot(child);
  }

  /**
   * Waits for the first line of the log with this message, and returns it.
   * @throws Error that shows what the bot wrote, see {@link until}.
   */
  async untilLogged(message: string): Promise<LogLine> {
    return this.until(() => this.log.find(({ msg }) => msg === message), `"${message}" is logged`);
  }

  /**
   * Returns what `find` finds, once it finds something. It is called again at each line of the log.
   * @throws Error that shows what the bot wrote, where the bot has ended or it is of no use to wait any longer.
   */
  async until<Found>(find: () => Found | undefined, what: string): Promise<Found> {
    let isOver = false;
    const stop = whilePatient(() => {
      isOver = true;
      this.#changed();
    });
    try {
      for (;;) {
        const found = find();
        if (found !== undefined) return found;
        if (isOver || this.child.exitCode !== null || this.child.signalCode !== null) {
          throw new Error(`Not so: ${what}. The bot wrote:\n${this.output.slice(-4000)}`);
        }
        await new Promise<void>((resolve) => this.#watchers.push(resolve));
      }
    } finally {
      stop();
    }
  }

  /** Ids of the compute processes that run, according to the log. */
  get computePids(): readonly number[] {
    const pids = new Set<number>();
    for (const { msg, kind, pid } of this.log) {
      if (msg !== 'compute process' || typeof pid !== 'number') continue;
      if (kind === 'started') pids.add(pid);
      if (kind === 'ended') pids.delete(pid);
    }
    return [...pids];
  }

  /**
   * Stops the compute processes that run, as SIGSTOP does, so that what they paint is not done before something else has
   * happened, however quick the machine is. They count as hung after `HANG_SECONDS`, which is two minutes.
   * @returns a function that has them go on.
   */
  holdComputing(): () => void {
    const held = this.computePids;
    for (const pid of held) process.kill(pid, 'SIGSTOP');
    return () => {
      for (const pid of held) process.kill(pid, 'SIGCONT');
    };
  }

  /** Kills the process with no warning, as if the power went out; settles once it has ended. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  /** Asks the process to end, as an operator does; returns its exit code or the signal that ended it. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | NodeJS.Signals | null> {
    this.child.kill(signal);
    return this.ended;
  }

  #read(line: string): void {
    this.output += `${line}\n`;
    try {
      this.log.push(JSON.parse(line));
    } catch {
      // A line that is no JSON is kept in {@link output} only.
    }
    this.#changed();
  }

  #changed(): void {
    const watchers = this.#watchers;
    this.#watchers = [];
    for (const watcher of watchers) watcher();
  }
}

/** Removes a folder that {@link newDataFolder} made. */
export function removeDataFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}
