import type { Discord } from '../../src/local-discord/server.js';
import { newDataFolder, RunningBot, removeDataFolder } from '../bot/running-bot.js';
import { RedisPair } from '../jobs/redis/redis-pair.js';

import { SupervisedProcess } from './supervised-process.js';

/** A line of a process's log, with the process's name and the number of its life: `bot 3` came after two ends. */
export interface AttributedLine {
  readonly writer: string;
  readonly line: Readonly<Record<string, unknown>> & { readonly msg?: string };
}

export interface InstallationOptions {
  /** Number of workers; 0 where the bot computes itself, and there is no Redis. */
  readonly workers: number;
  /** Settings of the bot and the workers, as environment variables. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Everything that an operator runs: the bot, and where there are workers, these and Redis with a replica. */
export class Installation {
  readonly bot: SupervisedProcess;
  readonly workers: readonly SupervisedProcess[];
  readonly redis: RedisPair | undefined;
  readonly #dataFolder: string;

  private constructor(
    discord: Discord,
    dataFolder: string,
    redis: RedisPair | undefined,
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

  /** Starts everything. Settles once all processes are ready; otherwise stops them again and rejects. */
  static async start(discord: Discord, options: InstallationOptions): Promise<Installation> {
    const redis = options.workers === 0 ? undefined : await RedisPair.start({ append: true });
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

  /** The processes that have compute processes: the workers, or the bot where there are none. */
  get computing(): readonly SupervisedProcess[] {
    return this.workers.length === 0 ? [this.bot] : this.workers;
  }

  /** Number of lines that all processes have logged in all their lives. */
  get lines(): number {
    return this.processes.reduce((sum, { lines }) => sum + lines, 0);
  }

  /** Returns how often all processes have logged this message in all their lives. */
  count(message: string): number {
    return this.processes
      .flatMap(({ lives }) => lives.flatMap(({ run }) => run.log))
      .filter(({ msg }) => msg === message).length;
  }

  /** Returns all lines of the log about a job, from all processes and all their lives. */
  linesAbout(job: string): readonly AttributedLine[] {
    return this.processes.flatMap(({ name, lives }) =>
      lives.flatMap(({ run }, life) =>
        run.log.filter((line) => line.job === job).map((line) => ({ writer: `${name} ${life + 1}`, line })),
      ),
    );
  }

  /** Ends everything for good, in good order, or by force after `withinMs`; removes the data folder. */
  async stop(withinMs: number): Promise<void> {
    await Promise.all(this.processes.map((process) => process.stop(withinMs)));
    await this.redis?.stop();
    await removeDataFolder(this.#dataFolder);
  }
}
