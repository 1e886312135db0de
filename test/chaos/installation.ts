import { Redis } from 'ioredis';
import { LocalRedis } from '../../bench/queue/local-redis.js';
import { newDataFolder, RunningBot, removeDataFolder } from '../bot/running-bot.js';
import type { Discord } from '../discord/server.js';
import { SupervisedProcess } from './supervised-process.js';

/** A line of a process's log, and whose it is: `bot 3` is what was started after two ends. */
export interface AttributedLine {
  readonly writer: string;
  readonly line: Readonly<Record<string, unknown>> & { readonly msg?: string };
}

export interface InstallationOptions {
  /** 0: the bot computes itself, and there is no Redis. */
  readonly workers: number;
  /** Settings of all processes. */
  readonly environment: Readonly<Record<string, string>>;
}

/** All that an operator runs: the bot, and where there are workers, these and Redis. */
export class Installation {
  readonly bot: SupervisedProcess;
  readonly workers: readonly SupervisedProcess[];
  readonly redis: LocalRedis | undefined;
  readonly #dataFolder: string;

  private constructor(
    discord: Discord,
    dataFolder: string,
    redis: LocalRedis | undefined,
    { workers, environment }: InstallationOptions,
  ) {
    this.#dataFolder = dataFolder;
    this.redis = redis;
    const all = { ...environment, ...(redis && { REDIS_URL: redis.url }) };
    this.bot = new SupervisedProcess('bot', 'connected to Discord', () => RunningBot.launch(discord, dataFolder, all));
    const worker = { ...all, COMPUTE_SLOTS: '1' };
    this.workers = Array.from(
      { length: workers },
      (_, index) =>
        new SupervisedProcess(`worker ${String.fromCharCode(65 + index)}`, 'taking jobs', () =>
          RunningBot.launchWorker(discord, dataFolder, worker),
        ),
    );
  }

  /**
   * Starts everything.
   */
  static async start(discord: Discord, options: InstallationOptions): Promise<Installation> {
    const redis = options.workers === 0 ? undefined : await LocalRedis.start({ append: true });
    const installation = new Installation(discord, await newDataFolder(), redis, options);
    try {
      await Promise.all(installation.processes.map((process) => process.start()));
    } catch (error) {
      await installation.stop(0);
      throw error;
    }
    return installation;
  }

  get processes(): readonly SupervisedProcess[] {
    return [this.bot, ...this.workers];
  }

  /** Those that computing processes belong to. */
  get computing(): readonly SupervisedProcess[] {
    return this.workers.length === 0 ? [this.bot] : this.workers;
  }

  /** Lines that all processes have written in all their lives. */
  get lines(): number {
    return this.processes.reduce((sum, { lines }) => sum + lines, 0);
  }

  /** What was written about a job, by whomever and in whichever life. */
  linesAbout(job: string): readonly AttributedLine[] {
    return this.processes.flatMap(({ name, lives }) =>
      lives.flatMap(({ run }, life) =>
        run.log.filter((line) => line.job === job).map((line) => ({ writer: `${name} ${life + 1}`, line })),
      ),
    );
  }

  /** Gives Redis a command, by a connection of its own. */
  async askRedis(command: string, ...parameters: readonly string[]): Promise<void> {
    if (this.redis === undefined) return;
    const connection = new Redis(this.redis.url);
    await connection.call(command, ...parameters);
    connection.disconnect();
  }

  /** Ends everything for good, in good order, or by force after that time. */
  async stop(withinMs: number): Promise<void> {
    await Promise.all(this.processes.map((process) => process.stop(withinMs)));
    await this.redis?.stop();
    await removeDataFolder(this.#dataFolder);
  }
}
