import { REST } from 'discord.js';
import { commands } from '../command-table.js';
import { databasePath, type HostConfig } from '../config.js';
import { checkDatabase } from './database-check.js';
import { checkDiscord } from './discord-checks.js';
import { checkEngine } from './engine-checks.js';
import { type Check, failure, warning } from './finding.js';
import { checkGpus, checkMachine } from './machine-checks.js';
import { checkRedis } from './redis-check.js';

/** What the environment says beside the configuration. */
export interface Surroundings {
  /** Sentences about settings that seem to be mistaken. */
  readonly warnings: readonly string[];
  /** Reads the bot's token; undefined where none is set. @throws `config/bad-value` for what can't be one. */
  readToken(): string | undefined;
}

/** Lists the checks of the whole installation, in the order in which one depends on the other. */
export function checksFor(config: HostConfig, { warnings, readToken }: Surroundings): readonly Check[] {
  const settings = async () => warnings.map((sentence) => warning('settings', sentence, 'See .env.example.'));
  const discord = async () => {
    const token = readToken();
    if (token === undefined) {
      const remedy = 'Write DISCORD_TOKEN=… into .env; the command line works without.';
      return [failure('discord', 'DISCORD_TOKEN is not set, so there is no bot to run.', remedy)];
    }
    const rest = new REST(config.discordApi === undefined ? {} : { api: config.discordApi }).setToken(token);
    return checkDiscord(rest, commands, config.developmentGuildId);
  };
  const { redis } = config;
  return [
    { part: 'machine', run: () => checkMachine(config.dataFolder) },
    { part: 'gpu', run: checkGpus },
    { part: 'engine', run: () => checkEngine(config) },
    { part: 'settings', run: settings },
    { part: 'database', run: () => checkDatabase(databasePath(config)) },
    ...(redis === undefined ? [] : [{ part: 'redis', run: () => checkRedis(redis.url) }]),
    { part: 'discord', run: discord },
  ];
}
