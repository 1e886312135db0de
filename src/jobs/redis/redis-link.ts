import { Redis, type RedisOptions } from 'ioredis';
import type { Logger } from 'pino';

export interface RedisLinkOptions {
  /** `redis://user:password@host:6379/0`, or `rediss://` for TLS. May hold a secret: never to be logged. */
  readonly url: string;
  /**
   * Whether commands fail soon while Redis is away, as is right for who answers people; else they wait until it is back, as
   * is right for who has a result to hand in.
   */
  readonly failsFast: boolean;
  /** What all keys begin with. */
  readonly prefix?: string | undefined;
  readonly log: Logger;
}

const slowestReconnectMs = 2000;

/** Commands are sent every few seconds; where none is answered for so long, the connection is dead without saying so. */
const silenceMs = 15_000;

/** The same while pictures are sent: 25 MB in that time is less than a megabit a second. */
const bulkSilenceMs = 300_000;

/** Attempts of a command that is to fail soon. */
const attempts = 2;

/** A connection to Redis that comes back by itself, and the names of what is kept there. */
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

  /** A connection for subscriptions: on it, nothing else can be asked. Ends with this one. */
  subscriber(): Redis {
    return this.#another('subscriptions', { maxRetriesPerRequest: null });
  }

  /**
   * A connection for what is large: nothing is to wait behind it, and on a slow line it is silent for long. Ends with this one.
   */
  bulk(): Redis {
    return this.#another('pictures', { socketTimeout: bulkSilenceMs });
  }

  /** The name of something that is kept in Redis. */
  key(...parts: readonly string[]): string {
    return [this.prefix, ...parts].join(':');
  }

  /** Settles once commands get through. */
  async untilUp(): Promise<void> {
    if (this.isUp) return;
    await new Promise<void>((resolve) => this.redis.once('ready', resolve));
  }

  /** Ends this connection and those that were made from it, be they up or trying to be. */
  close(): void {
    for (const redis of [this.redis, ...this.#others]) redis.disconnect();
  }

  #another(purpose: string, options: RedisOptions): Redis {
    const redis = this.redis.duplicate(options);
    this.#others.push(redis);
    this.#watch(redis, purpose);
    return redis;
  }

  /** Tells once when a connection is lost, and once when it is back. */
  #watch(redis: Redis, purpose: string): void {
    let isTold = false;
    // ioredis throws what nobody listens to.
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
