import { join, resolve } from 'node:path';
import { defaultOrigins, parseOrigins } from './download/origins.js';
import { type EngineName, engineNames } from './engine/choose-engine.js';
import { type NetworkName, networkNames } from './engine/topology.js';
import type { Qualities, QualityMeaning } from './works/quality.js';

/** What the environment sets; .env.example lists every variable with its default. */
export interface Config {
  readonly engine: EngineName;
  /** Undefined: the one that suits the machine. */
  readonly network: NetworkName | undefined;
  /** Undefined: as many as there are processors. */
  readonly threads: number | undefined;
  /** An address under which the files of weights lie, asked before all others; undefined: there is none. */
  readonly weightsMirror: string | undefined;
}

/** What the bot needs. */
export interface BotConfig extends HostConfig {
  /** The bot's token: a secret. */
  readonly token: string;
}

/** What the bot needs beyond {@link Config}, but for its token. */
export interface HostConfig extends Config {
  /** Where Discord's HTTP API is; undefined: Discord itself. */
  readonly discordApi: string | undefined;
  /** Connections to the gateway, among which Discord divides the servers; `auto`: as many as Discord recommends. */
  readonly shards: number | 'auto';
  /** The one server that commands are registered in, at once, for development; undefined: everywhere. */
  readonly developmentGuildId: string | undefined;
  /** The folder of the database and of the jobs' pictures, as an absolute path. */
  readonly dataFolder: string;
  /** Jobs that are computed at once, each in a process of its own. */
  readonly computeSlots: number;
  /** GPUs, by the numbers that nvidia-smi gives them, which compute slots take in turn; undefined: CUDA's choice. */
  readonly gpus: readonly string[] | undefined;
  /** Jobs that may wait, over all servers. */
  readonly queueLength: number;
  /** How long the pictures of a finished job are kept for its buttons. */
  readonly keepInputsMs: number;
  /** Origins that pictures may be downloaded from. */
  readonly attachmentOrigins: readonly string[];
  /** Bytes that an uploaded picture may have. */
  readonly maxInputBytes: number;
  /** A computation without any progress for so long is taken for hung. */
  readonly hangMs: number;
  /** How long a running job may go on once the bot is told to stop. */
  readonly shutdownMs: number;
  /** What draft, standard and high stand for. */
  readonly qualities: Qualities;
  /** Tasks after which a compute process is replaced. */
  readonly recycleTasks: number;
  /** Resident memory above which a compute process is replaced after its task. */
  readonly recycleBytes: number;
  /** Where workers get their jobs; undefined: the bot computes by itself. */
  readonly redis: RedisConfig | undefined;
  /** Where operators' tools are answered by HTTP; undefined: nowhere. */
  readonly metrics: ListenAddress | undefined;
  readonly logLevel: LogLevel;
}

/** How bot and workers reach each other. */
export interface RedisConfig {
  /** May hold a password: a secret. */
  readonly url: string;
  /** Where pictures are between them; undefined: in Redis. */
  readonly s3: S3Config | undefined;
}

/** Storage that speaks S3's HTTP API. */
export interface S3Config {
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  /** A secret. */
  readonly secretAccessKey: string;
}

/** What a worker needs. */
export interface WorkerConfig
  extends Config,
    Pick<
      HostConfig,
      | 'discordApi'
      | 'computeSlots'
      | 'gpus'
      | 'hangMs'
      | 'shutdownMs'
      | 'recycleTasks'
      | 'recycleBytes'
      | 'metrics'
      | 'logLevel'
    > {
  readonly redis: RedisConfig;
  /** The bot's token: a secret. Undefined: the worker speaks by interactions' tokens only, for 15 minutes. */
  readonly token: string | undefined;
  /** The longer side of what it takes, in pixels; undefined: whatever comes. */
  readonly maxSize: number | undefined;
  /** Without a sign of life for so long, a worker loses its jobs to others. */
  readonly lostMs: number;
}

/** Where a server listens. */
export interface ListenAddress {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
}

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** A variable that holds something impossible; the message names it and what is possible. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** There is no token, without which there is no bot. */
export class MissingTokenError extends ConfigError {
  constructor() {
    super(
      'DISCORD_TOKEN is not set, so there is no bot to run:\n' +
        '  1. Make an application at https://discord.com/developers/applications and copy the token on its page "Bot".\n' +
        '  2. Write DISCORD_TOKEN=… into the file .env in this folder, and run `npm start` again.\n' +
        '  3. To see what it does without Discord, run `npm run demo`.',
    );
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

const mebibyte = 1024 * 1024;

/**
 * The configuration that an environment describes. Empty variables count as not set.
 * @throws ConfigError at the first variable that makes no sense.
 */
export function readConfig(environment: Environment): Config {
  return {
    engine: choice(environment, 'ENGINE', engineNames) ?? 'auto',
    network: network(environment),
    threads: wholeNumber(environment, 'THREADS', 1, 1024),
    weightsMirror: httpUrl(environment, 'WEIGHTS_MIRROR'),
  };
}

/**
 * The bot's configuration.
 * @throws ConfigError at the first variable that makes no sense; MissingTokenError where there is no token.
 */
export function readBotConfig(environment: Environment): BotConfig {
  return { ...readHostConfig(environment), token: token(environment) };
}

/**
 * The bot's configuration without its token.
 * @throws ConfigError at the first variable that makes no sense.
 */
export function readHostConfig(environment: Environment): HostConfig {
  const number = (variable: string, fallback: number, smallest: number, largest: number) =>
    wholeNumber(environment, variable, smallest, largest) ?? fallback;
  return {
    ...readConfig(environment),
    discordApi: httpUrl(environment, 'DISCORD_API_URL'),
    shards: environment.SHARDS?.trim() === 'auto' ? 'auto' : number('SHARDS', 1, 1, 10_000),
    developmentGuildId: snowflake(environment, 'DISCORD_GUILD_ID'),
    dataFolder: resolve(environment.DATA_DIR?.trim() || 'data'),
    computeSlots: number('COMPUTE_SLOTS', 1, 1, 64),
    gpus: gpus(environment),
    queueLength: number('QUEUE_LENGTH', 500, 1, 100_000),
    keepInputsMs: number('KEEP_INPUTS_HOURS', 24, 0, 24 * 365) * 3_600_000,
    attachmentOrigins: origins(environment),
    maxInputBytes: number('MAX_INPUT_MB', 25, 1, 500) * mebibyte,
    hangMs: number('HANG_SECONDS', 120, 1, 86_400) * 1000,
    shutdownMs: number('SHUTDOWN_SECONDS', 20, 0, 3600) * 1000,
    qualities: {
      draft: quality(environment, 'QUALITY_DRAFT', { size: 256, epochs: 60 }),
      standard: quality(environment, 'QUALITY_STANDARD', { size: 512, epochs: 100 }),
      high: quality(environment, 'QUALITY_HIGH', { size: 1024, epochs: 150 }),
    },
    redis: redis(environment),
    recycleTasks: number('RECYCLE_JOBS', 50, 1, 1_000_000),
    recycleBytes: number('RECYCLE_MEMORY_MB', 3000, 100, 1_000_000) * mebibyte,
    metrics: metrics(environment),
    logLevel: choice(environment, 'LOG_LEVEL', logLevels) ?? 'info',
  };
}

/**
 * A worker's configuration.
 * @throws ConfigError at the first variable that makes no sense, and where there is no REDIS_URL.
 */
export function readWorkerConfig(environment: Environment): WorkerConfig {
  const config = readHostConfig(environment);
  const { redis } = config;
  if (redis === undefined) {
    throw new ConfigError(
      'REDIS_URL is not set, so there is nowhere to get jobs from. Set it to what the bot has: redis://host:6379.',
    );
  }
  return {
    ...config,
    redis,
    token: environment.DISCORD_TOKEN?.trim() || undefined,
    maxSize: wholeNumber(environment, 'MAX_SIZE', 64, 4096),
    lostMs: (wholeNumber(environment, 'LOST_WORKER_SECONDS', 1, 3600) ?? 15) * 1000,
  };
}

function redis(environment: Environment): RedisConfig | undefined {
  const url = environment.REDIS_URL?.trim();
  if (!url) return undefined;
  // What it is instead is not shown: there may be a password in it.
  if (!URL.canParse(url) || !/^rediss?:$/.test(new URL(url).protocol)) {
    throw new ConfigError(
      'REDIS_URL must be an address that begins with redis:// or rediss://, as redis://host:6379/0.',
    );
  }
  return { url, s3: s3(environment) };
}

function s3(environment: Environment): S3Config | undefined {
  const endpoint = httpUrl(environment, 'S3_ENDPOINT');
  if (endpoint === undefined) return undefined;
  const needed = (variable: string) => {
    const value = environment[variable]?.trim();
    if (value) return value;
    throw new ConfigError(`S3_ENDPOINT is set and ${variable} is not. Set both, or neither.`);
  };
  return {
    endpoint,
    bucket: needed('S3_BUCKET'),
    region: environment.S3_REGION?.trim() || 'us-east-1',
    accessKeyId: needed('S3_ACCESS_KEY_ID'),
    secretAccessKey: needed('S3_SECRET_ACCESS_KEY'),
  };
}

/** The file of the database within the data folder. */
export function databasePath({ dataFolder }: Pick<HostConfig, 'dataFolder'>): string {
  return join(dataFolder, 'whitewalker.db');
}

function network(environment: Environment): NetworkName | undefined {
  const name = choice(environment, 'NETWORK', ['auto', ...networkNames]);
  return name === 'auto' ? undefined : name;
}

function token(environment: Environment): string {
  const value = environment.DISCORD_TOKEN?.trim();
  if (value) return value;
  throw new MissingTokenError();
}

function httpUrl(environment: Environment, variable: string): string | undefined {
  const value = environment[variable]?.trim();
  if (!value) return undefined;
  if (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)) return value.replace(/\/+$/, '');
  throw new ConfigError(`${variable} is "${value}". It must be an address that begins with https:// or http://.`);
}

function snowflake(environment: Environment, variable: string): string | undefined {
  const value = environment[variable]?.trim();
  if (!value) return undefined;
  if (/^\d{15,21}$/.test(value)) return value;
  throw new ConfigError(
    `${variable} is "${value}". It must be an id: a number of 15 to 21 digits, which Discord's developer mode copies.`,
  );
}

function metrics(environment: Environment): ListenAddress | undefined {
  const port = wholeNumber(environment, 'METRICS_PORT', 0, 65_535);
  return port === undefined ? undefined : { host: environment.METRICS_HOST?.trim() || '127.0.0.1', port };
}

/** "0,1". */
function gpus(environment: Environment): readonly string[] | undefined {
  const value = environment.GPUS?.trim();
  if (!value) return undefined;
  const numbers = value.split(',').map((part) => part.trim());
  if (numbers.every((number) => /^\d{1,3}$/.test(number))) return numbers;
  throw new ConfigError(`GPUS is "${value}". Write the numbers that nvidia-smi shows, separated by commas: "0,1".`);
}

/** "vgg19 512px 100 epochs", or without a network, or just "512 100". */
function quality(environment: Environment, variable: string, fallback: QualityMeaning): QualityMeaning {
  const value = environment[variable]?.trim();
  if (!value) return fallback;
  const [, name = 'auto', size, epochs] =
    /^(?:([a-z][\w-]*)[\s,]+)?(\d{2,4})(?:\s*px)?[\s,]+(\d{1,4})(?:\s*epochs?)?$/i.exec(value) ?? [];
  const network = networkNames.find((known) => known === name.toLowerCase());
  const meaning = { network, size: Number(size), epochs: Number(epochs) };
  const isKnown = network !== undefined || name.toLowerCase() === 'auto';
  if (isKnown && meaning.size >= 64 && meaning.size <= 2048 && meaning.epochs >= 1 && meaning.epochs <= 1000)
    return meaning;
  throw new ConfigError(
    `${variable} is "${value}". Write it as "512px 100 epochs" or, with ${networkNames.join(', ')} in front, ` +
      '"vgg19 512px 100 epochs"; from 64 to 2048 pixels and from 1 to 1000 epochs.',
  );
}

function origins(environment: Environment): readonly string[] {
  const value = environment.ATTACHMENT_HOSTS?.trim();
  if (!value) return defaultOrigins;
  try {
    return [...defaultOrigins, ...parseOrigins(value)];
  } catch (error) {
    throw new ConfigError(`ATTACHMENT_HOSTS: ${(error as Error).message}`);
  }
}

function choice<Name extends string>(
  environment: Environment,
  variable: string,
  allowed: readonly Name[],
): Name | undefined {
  const value = environment[variable]?.trim();
  if (!value) return undefined;
  const found = allowed.find((name) => name === value);
  if (found === undefined) throw new ConfigError(`${variable} is "${value}". Choose from ${allowed.join(', ')}.`);
  return found;
}

function wholeNumber(
  environment: Environment,
  variable: string,
  smallest: number,
  largest: number,
): number | undefined {
  const value = environment[variable]?.trim();
  if (!value) return undefined;
  const number = Number(value);
  if (Number.isInteger(number) && number >= smallest && number <= largest) return number;
  throw new ConfigError(`${variable} is "${value}". It must be a whole number from ${smallest} to ${largest}.`);
}
