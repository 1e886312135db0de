import { Redis, type RedisOptions } from 'ioredis';
import type { Logger } from 'pino';

export interface RedisLinkOptions {
  /** Address like `redis://user:password@host:6379/0`, or `rediss://` for TLS. It may hold a secret: never log it. */
  readonly url: string;
  /**
   * Whether commands fail soon while Redis is away, as is right for the bot, which answers people. Else they wait until
   * Redis is back, as is right for a worker, which has results to hand in.
   */
  readonly failsFast: boolean;
  /** Prefix of all keys; default: `whitewalker`. */
  readonly prefix?: string | undefined;
  readonly log: Logger;
}

/** Longest pause between two attempts to connect. */
const slowestReconnectMs = 2000;

/** How long a connection may be silent. Commands are sent every few seconds: if none is answered, it is dead. */
const silenceMs = 15_000;

/** How long the connection for pictures may be silent: 25 MB in that time is less than a megabit a second. */
const bulkSilenceMs = 300_000;

/** How often a command is tried that is to fail soon. */
const attempts = 2;

/** A connection to Redis that restores itself, and the names of the keys there. */
export class RedisLink {
  readonly prefix: string;
  readonly redis: Redis;
  readonly #others: Redis[] = [];
  readonly #log: Logger;

  constructor({ url, failsFast, prefix = 'whitewalker', log }: RedisLinkOptions) {
    this.prefix = prefix;
    this.#log = log;
    this.redis = new Redis(url, {
      maxRetriesPerRequest: failsFast ? attempts : null,
      retryStrategy: (times) => Math.min(50 * 2 ** times, slowestReconnectMs),
      socketTimeout: silenceMs,
      keepAlive: silenceMs,
    });
    this.#watch(this.redis, 'commands');
  }

  /** Whether commands get through just now, as far as is known. */
  get isUp(): boolean {
    return this.redis.status === 'ready';
  }

  /** Opens another connection for subscriptions, on which nothing else can be asked. It ends with this one. */
  subscriber(): Redis {
    return this.#another('subscriptions', { maxRetriesPerRequest: null });
  }

  /**
   * Opens another connection for pictures, which ends with this one: no command is to wait behind them, and on a slow
   * line it is silent for long.
   */
  bulk(): Redis {
    return this.#another('pictures', { socketTimeout: bulkSilenceMs });
  }

  /** Returns the Redis key of these parts, with the prefix. */
  key(...parts: readonly string[]): string {
    return [this.prefix, ...parts].join(':');
  }

  /** Settles once commands get through. */
  async untilUp(): Promise<void> {
    if (this.isUp) return;
    await new Promise<void>((resolve) => this.redis.once('ready', resolve));
  }

  /** Ends this connection and those that were opened from it, even while they try to connect. */
  close(): void {
    for (const redis of [this.redis, ...this.#others]) redis.disconnect();
  }

  #another(purpose: string, options: RedisOptions): Redis {
    const redis = this.redis.duplicate(options);
    this.#others.push(redis);
    this.#watch(redis, purpose);
    return redis;
  }

  /** Logs once when a connection is lost, and once when it is back. */
  #watch(redis: Redis, purpose: string): void {
    let isTold = false;
    // ioredis throws errors that nobody listens to.
    redis.on('error', (error: unknown) => {
      if (!isTold) this.#log.warn({ purpose, err: error }, "Redis can't be reached; trying again until it can");
      isTold = true;
    });
    redis.on('ready', () => {
      if (isTold) this.#log.info({ purpose }, 'Redis is back');
      isTold = false;
    });
  }
}
