import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { packageRoot } from '../../src/package-root.js';
import type { Discord } from '../discord/server.js';

/** A line of the bot's log. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly msg?: string };

/** The bot's settings in tests: small pictures, so that a job takes a second or two. */
const testEnvironment = {
  QUALITY_DRAFT: '64px 3 epochs',
  QUALITY_STANDARD: '96px 6 epochs',
  QUALITY_HIGH: '128px 40 epochs',
  THREADS: '1',
  SHUTDOWN_SECONDS: '0',
  LOG_LEVEL: 'debug',
};

/** A new folder for a bot's database and pictures. */
export function newDataFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'whitewalker-bot-'));
}

/** The compiled bot, or a worker of it, as a process of its own, as `npm start` runs it, talking to a local Discord. */
export class RunningBot {
  readonly child: ChildProcess;
  /** Settles with the exit code, or with the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
  readonly log: LogLine[] = [];
  /** All that it has written, as it stands. */
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

  /** Starts the bot, and waits until Discord has it and the commands are there. */
  static async start(
    discord: Discord,
    dataFolder: string,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<RunningBot> {
    const bot = RunningBot.launch(discord, dataFolder, environment);
    await bot.untilLogged('connected to Discord');
    return bot;
  }

  /** Starts the bot, and waits for nothing. */
  static launch(discord: Discord, dataFolder: string, environment: Readonly<Record<string, string>> = {}): RunningBot {
    return RunningBot.#run('bot', discord, dataFolder, environment);
  }

  /** Starts a worker that takes jobs when this settles. */
  static async startWorker(
    discord: Discord,
    folder: string,
    environment: Readonly<Record<string, string>>,
  ): Promise<RunningBot> {
    const worker = RunningBot.launchWorker(discord, folder, environment);
    await worker.untilLogged('taking jobs');
    return worker;
  }

  /** Starts a worker, and waits for nothing. */
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
      env: {
        PATH: process.env.PATH,
        ...testEnvironment,
        DISCORD_TOKEN: discord.token,
        DISCORD_API_URL: discord.apiUrl,
        ATTACHMENT_HOSTS: discord.cdnOrigin,
        DATA_DIR: dataFolder,
        ...environment,
      },
    });
    // Whatever becomes of a test, its bot does not outlive it.
    const kill = () => child.kill('SIGKILL');
    process.once('exit', kill);
    child.once('exit', () => process.off('exit', kill));
    return new RunningBot(child);
  }

  /** The first line with this message, once there is one. */
  async untilLogged(message: string, { timeoutMs = 20_000 } = {}): Promise<LogLine> {
    return this.until(() => this.log.find(({ msg }) => msg === message), `"${message}" is logged`, { timeoutMs });
  }

  /** What `find` finds, once it finds something; it is asked at each line of the log. */
  async until<Found>(find: () => Found | undefined, what: string, { timeoutMs = 20_000 } = {}): Promise<Found> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      const leftMs = deadline - performance.now();
      if (leftMs <= 0 || this.child.exitCode !== null || this.child.signalCode !== null) {
        throw new Error(`Not so: ${what}. The bot wrote:\n${this.output.slice(-4000)}`);
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.#watchers.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  /** Process ids of the compute processes that are there, by the log. */
  get computePids(): readonly number[] {
    const pids = new Set<number>();
    for (const { msg, kind, pid } of this.log) {
      if (msg !== 'compute process' || typeof pid !== 'number') continue;
      if (kind === 'started') pids.add(pid);
      if (kind === 'ended') pids.delete(pid);
    }
    return [...pids];
  }

  /** Ends it as the power going out would, with all its processes. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  /** Ends it as an operator does. */
  async stop(): Promise<number | NodeJS.Signals | null> {
    this.child.kill('SIGTERM');
    return this.ended;
  }

  #read(line: string): void {
    this.output += `${line}\n`;
    try {
      this.log.push(JSON.parse(line));
    } catch {
      // What is no JSON is only kept as it stands.
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
