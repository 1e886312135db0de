import { join, resolve } from 'node:path';
import { requireToken } from './bot-token.js';
import { defaultOrigins, parseOrigins } from './download/origins.js';
import { engineNames } from './engine/choose-engine.js';
import { type NetworkName, networkNames } from './engine/topology.js';
import { badValue, type Environment, hasProtocol, notSet, type VariableName, Variables } from './environment.js';
import type { Qualities, QualityMeaning } from './works/quality.js';

/** The configuration that every command has; .env.example lists every variable of the environment with its default. */
export type Config = Readonly<ReturnType<typeof readConfig>>;
/** The configuration of the bot without its token. */
export type HostConfig = Readonly<ReturnType<typeof readHostConfig>>;
/** The configuration of the bot, its token included. */
export type BotConfig = Readonly<ReturnType<typeof readBotConfig>>;
/** The configuration of a worker. */
export type WorkerConfig = Readonly<ReturnType<typeof readWorkerConfig>>;
/** Access to what bot and workers share: Redis, and storage for pictures. */
export type RedisConfig = Readonly<NonNullable<ReturnType<typeof redis>>>;

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

const mebibyte = 1024 * 1024;

/**
 * Reads the configuration of what every command needs from an environment. Empty variables count as not set.
 * @throws CodedError `config/…` at the first variable that makes no sense. The message names it and what is possible.
 */
export function readConfig(environment: Environment) {
  const variables = new Variables(environment);
  return {
    engine: variables.choice('ENGINE', engineNames) ?? 'auto',
    /** The network that looks at pictures; undefined: the one that suits the machine. */
    network: network(variables),
    /** Threads that an engine computes with; undefined: as many as there are processors, shared among the slots. */
    threads: variables.wholeNumber('THREADS', 1, 1024),
    /** Memory that painting may take, of all slots together, in megabytes; undefined: as the system allows. */
    memoryMegabytes: variables.wholeNumber('MEMORY_MB', 300, 10_000_000),
    /** Address of a mirror of the weights' files, which is asked before all other sources; undefined: there is none. */
    weightsMirror: variables.httpUrl('WEIGHTS_MIRROR'),
  };
}

/**
 * Reads the bot's configuration from an environment, its token included.
 * @throws CodedError `config/…` as {@link readHostConfig} does, and `config/not-set` where there is no token.
 */
export function readBotConfig(environment: Environment) {
  const config = readHostConfig(environment);
  const token = readToken(environment);
  if (token === undefined) {
    throw notSet(
      'DISCORD_TOKEN is not set, so Discord can not be asked for anything:\n' +
        '  1. Make an application at https://discord.com/developers/applications and copy the token on its page "Bot".\n' +
        '  2. Write DISCORD_TOKEN=… into the file .env in this folder, and run the command again.\n' +
        '  3. To try it without an account, run `npx whitewalker playground`.',
    );
  }
  return {
    ...config,
    /** The bot's token: a secret. */
    token,
  };
}

/**
 * Reads the bot's token, which is a secret; undefined where none is set.
 * @throws CodedError `config/bad-value` for what can't be a bot's token.
 */
export function readToken(environment: Environment): string | undefined {
  const token = new Variables(environment).text('DISCORD_TOKEN');
  return token === undefined ? undefined : requireToken(token);
}

/**
 * Reads the bot's configuration from an environment, without its token.
 * @throws CodedError `config/…` at the first variable that makes no sense.
 */
export function readHostConfig(environment: Environment) {
  const variables = new Variables(environment);
  const number = (variable: VariableName, fallback: number, smallest: number, largest: number) =>
    variables.wholeNumber(variable, smallest, largest) ?? fallback;
  const queueLength = number('QUEUE_LENGTH', 500, 1, 100_000);
  return {
    ...readConfig(environment),
    /** Address of Discord's HTTP API; undefined: Discord itself. */
    discordApi: variables.httpUrl('DISCORD_API_URL'),
    /** Number of gateway connections among which Discord divides servers; `auto`: as many as Discord recommends. */
    shards: variables.wholeNumberOr('SHARDS', 'auto', 1, 10_000) ?? 1,
    /** Id of the one server that commands are registered in, at once, for development; undefined: all servers. */
    developmentGuildId: variables.matching(
      'DISCORD_GUILD_ID',
      /^\d{15,21}$/,
      "It must be an id: a number of 15 to 21 digits, which Discord's developer mode copies.",
    ),
    /** The folder of the database and of the jobs' pictures, as an absolute path. */
    dataFolder: resolve(variables.text('DATA_DIR') ?? 'data'),
    /** Number of jobs that are computed at once, each in a process of its own; `auto`: as many as the machine is good for. */
    computeSlots: variables.wholeNumberOr('COMPUTE_SLOTS', 'auto', 1, 64) ?? ('auto' as const),
    /** Numbers of the GPUs that compute slots take in turn, as nvidia-smi counts; undefined: CUDA or Vulkan chooses. */
    gpus: gpus(variables),
    /** Number of jobs that may wait, over all servers. */
    queueLength,
    /** What no server can set its own limits above. */
    limits: {
      epochsMax: number('MAX_EPOCHS', 1000, 1, 1000),
      sizeMax: number('MAX_SIZE', 2048, 64, 4096),
      queueLength: number('SERVER_QUEUE_LENGTH', Math.ceil(queueLength / 2), 1, 100_000),
    },
    /** How long a job may be computed, in seconds, pauses not counted; undefined: as long as it takes. */
    jobSeconds: variables.wholeNumber('JOB_SECONDS', 10, 604_800),
    /** From how many seconds left on a job pauses while somebody else's short one is computed. */
    longSeconds: number('LONG_JOB_SECONDS', 60, 1, 604_800),
    /** How long the pictures of a closed job are kept for the buttons below its result. */
    keepInputsMs: number('KEEP_INPUTS_HOURS', 24, 0, 24 * 365) * 3_600_000,
    /** Origins that pictures may be downloaded from. */
    attachmentOrigins: attachmentOrigins(variables),
    /** Size that an uploaded picture may have, in bytes. */
    maxInputBytes: number('MAX_INPUT_MB', 25, 1, 500) * mebibyte,
    /** How long a computation may give no sign of life before it is taken for hung. */
    hangMs: number('HANG_SECONDS', 120, 1, 86_400) * 1000,
    /** How long a running job may go on once the bot is told to stop. */
    shutdownMs: number('SHUTDOWN_SECONDS', 20, 0, 3600) * 1000,
    /** Sizes, epochs and networks that the qualities draft, standard and high stand for. */
    qualities: {
      draft: quality(variables, 'QUALITY_DRAFT') ?? { size: 256, epochs: 60 },
      standard: quality(variables, 'QUALITY_STANDARD') ?? { size: 512, epochs: 100 },
      high: quality(variables, 'QUALITY_HIGH') ?? { size: 1024, epochs: 150 },
    } satisfies Qualities,
    /** The Redis from which workers get their jobs; undefined: the bot computes by itself. */
    redis: redis(variables),
    /** Number of tasks after which a compute process is replaced. */
    recycleTasks: number('RECYCLE_JOBS', 50, 1, 1_000_000),
    /** Resident memory above which a compute process is replaced after its task, in bytes. */
    recycleBytes: number('RECYCLE_MEMORY_MB', 3000, 100, 1_000_000) * mebibyte,
    /** Address at which operators' tools are answered over HTTP; undefined: they are not answered. */
    metrics: metrics(variables),
    logLevel: variables.choice('LOG_LEVEL', logLevels) ?? 'info',
  };
}

/**
 * Reads a worker's configuration from an environment.
 * @throws CodedError `config/…` as {@link readHostConfig} does, and `config/not-set` where there is no REDIS_URL.
 */
export function readWorkerConfig(environment: Environment) {
  const config = readHostConfig(environment);
  const { redis } = config;
  if (redis === undefined) {
    throw notSet(
      'REDIS_URL is not set, so there is nowhere to get jobs from. Set it to what the bot has: redis://host:6379.',
    );
  }
  const variables = new Variables(environment);
  return {
    ...config,
    redis,
    /** The bot's token: a secret. Undefined: the worker has only interactions' tokens, which live for 15 minutes. */
    token: readToken(environment),
    /** The longer side of the largest pictures that the worker takes, in pixels; undefined: it takes any size. */
    maxSize: variables.wholeNumber('MAX_SIZE', 64, 4096),
    /** How long a worker may give no sign of life before others take its jobs over. */
    lostMs: (variables.wholeNumber('LOST_WORKER_SECONDS', 1, 3600) ?? 15) * 1000,
  };
}

/** Returns the path of the database file, which is in the data folder. */
export function databasePath({ dataFolder }: Pick<HostConfig, 'dataFolder'>): string {
  return join(dataFolder, 'whitewalker.db');
}

function network(variables: Variables): NetworkName | undefined {
  const name = variables.choice('NETWORK', ['auto', ...networkNames]);
  return name === 'auto' ? undefined : name;
}

function redis(variables: Variables) {
  const url = variables.text('REDIS_URL');
  if (url === undefined) return undefined;
  // The value itself is not shown, because there may be a password in it.
  if (!hasProtocol(url, /^rediss?:$/)) {
    throw badValue('REDIS_URL must be an address that begins with redis:// or rediss://, as redis://host:6379/0.');
  }
  return {
    /** Address of Redis: a secret, because there may be a password in it. */
    url,
    /** Storage that pictures pass through between bot and workers; undefined: Redis. */
    s3: s3(variables),
  };
}

/** Reads the settings of a storage that speaks S3's HTTP API; undefined where there is none. */
function s3(variables: Variables) {
  const endpoint = variables.httpUrl('S3_ENDPOINT');
  if (endpoint === undefined) return undefined;
  const needed = (variable: VariableName) => {
    const value = variables.text(variable);
    if (value === undefined) throw notSet(`S3_ENDPOINT is set and ${variable} is not. Set both, or neither.`);
    return value;
  };
  return {
    endpoint,
    bucket: needed('S3_BUCKET'),
    region: variables.text('S3_REGION') ?? 'us-east-1',
    accessKeyId: needed('S3_ACCESS_KEY_ID'),
    /** Key that signs requests: a secret. */
    secretAccessKey: needed('S3_SECRET_ACCESS_KEY'),
  };
}

/** Reads the address at which operators' tools are answered; port 0 stands for any free one. */
function metrics(variables: Variables) {
  const port = variables.wholeNumber('METRICS_PORT', 0, 65_535);
  return port === undefined ? undefined : { host: variables.text('METRICS_HOST') ?? '127.0.0.1', port };
}

/** Reads the numbers of GPUs: "0,1" as ['0', '1']. */
function gpus(variables: Variables): readonly string[] | undefined {
  const numbersIn = (text: string) => {
    const numbers = text.split(',').map((part) => part.trim());
    return numbers.every((number) => /^\d{1,3}$/.test(number)) ? numbers : undefined;
  };
  return variables.parsed('GPUS', numbersIn, 'Write the numbers that nvidia-smi shows, separated by commas: "0,1".');
}

/** Reads a quality: "vgg19 512px 100 epochs", "512px 100 epochs" without a network, or just "512 100". */
function quality(variables: Variables, variable: VariableName): QualityMeaning | undefined {
  return variables.parsed(
    variable,
    (text) => {
      const [, name = 'auto', size, epochs] =
        /^(?:([a-z][\w-]*)[\s,]+)?(\d{2,4})(?:\s*px)?[\s,]+(\d{1,4})(?:\s*epochs?)?$/i.exec(text) ?? [];
      const network = networkNames.find((known) => known === name.toLowerCase());
      const meaning = { network, size: Number(size), epochs: Number(epochs) };
      const isKnown = network !== undefined || name.toLowerCase() === 'auto';
      const isWithin = meaning.size >= 64 && meaning.size <= 2048 && meaning.epochs >= 1 && meaning.epochs <= 1000;
      return isKnown && isWithin ? meaning : undefined;
    },
    `Write it as "512px 100 epochs" or, with ${networkNames.join(', ')} in front, "vgg19 512px 100 epochs"; ` +
      'from 64 to 2048 pixels and from 1 to 1000 epochs.',
  );
}

function attachmentOrigins(variables: Variables): readonly string[] {
  const text = variables.text('ATTACHMENT_HOSTS');
  if (text === undefined) return defaultOrigins;
  try {
    return [...defaultOrigins, ...parseOrigins(text)];
  } catch (cause) {
    throw badValue(`ATTACHMENT_HOSTS: ${cause instanceof Error ? cause.message : cause}`, cause);
  }
}
