import { setImmediate, setTimeout as wait } from 'node:timers/promises';
import { Redis, type RedisOptions } from 'ioredis';
import type { Logger } from 'pino';
import { backoffMs } from './backoff.js';
import { isMisled, isOfRedis, isReply, lastingRefusal } from './redis-errors.js';
import { RedisHealth } from './redis-health.js';
import { SettingsWarning } from './redis-settings.js';

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
  /** How long {@link RedisLink.untilAdmitted} waits for an answer, in milliseconds; default: {@link defaultAdmissionMs}. */
  readonly admissionMs?: number | undefined;
  readonly log: Logger;
}

/** A busy Redis answers within this, in milliseconds; one that loads its data may take minutes. */
const defaultAdmissionMs = 10_000;

/** Pauses between two attempts to connect, or to do what Redis doesn't take. */
const firstPauseMs = 100;
const longestPauseMs = 2000;

/** How long a connection may be silent. Commands are sent every few seconds: if none is answered, it is dead. */
const silenceMs = 15_000;

/** How long the connection for pictures may be silent: 25 MB in that time is less than a megabit a second. */
const bulkSilenceMs = 300_000;

/** How often a command is tried that is to fail soon. */
const attempts = 2;

/** How often something is tried that Redis doesn't take although it takes writes. */
const attemptsWhileUp = 6;

/** A connection to Redis that restores itself, and the names of the keys there. */
export class RedisLink {
  readonly prefix: string;
  readonly redis: Redis;
  readonly #health: RedisHealth;
  readonly #admissionMs: number;
  readonly #others: Redis[] = [];
  #isClosed = false;

  constructor({ url, failsFast, prefix = 'whitewalker', admissionMs = defaultAdmissionMs, log }: RedisLinkOptions) {
    this.prefix = prefix;
    this.#admissionMs = admissionMs;
    this.redis = new Redis(url, {
      maxRetriesPerRequest: failsFast ? attempts : null,
      retryStrategy: (times) => backoffMs(times, firstPauseMs, longestPauseMs),
      maxLoadingRetryTime: longestPauseMs,
      socketTimeout: silenceMs,
      keepAlive: silenceMs,
      // ioredis asks here about each error that Redis answers with. When to connect anew is RedisHealth's to say: to do
      // so at each error would never end where Redis refuses writes for long.
      reconnectOnError: () => {
        void this.#health.look();
        return false;
      },
    });
    this.#health = new RedisHealth({
      redis: this.redis,
      key: this.key('probe'),
      reconnect: () => this.#reconnect(),
      log,
    });
    const settings = new SettingsWarning(log);
    this.#health.onUp(() => void settings.look(this.redis));
  }

  /** Whether Redis can be asked and told things just now, as far as is known; it may refuse writes. */
  get isConnected(): boolean {
    return this.redis.status === 'ready';
  }

  /** Whether Redis does all that it is asked for just now, writes included, as far as is known. */
  get isUp(): boolean {
    return this.#health.isUp;
  }

  /** A sentence that says why Redis isn't up; undefined where it is. */
  get problem(): string | undefined {
    if (this.isUp) return undefined;
    const { trouble } = this.#health;
    return trouble !== undefined && isReply(trouble)
      ? `Redis refuses to work: ${trouble.message}`
      : "Redis can't be reached.";
  }

  /** How long Redis has been well since there was trouble, in milliseconds; infinite where there was none. */
  get calmMs(): number {
    return this.#health.calmMs;
  }

  /** Has a function called whenever Redis begins to take writes, until this link is closed. It must not throw. */
  onUp(listener: () => void): void {
    this.#health.onUp(listener);
  }

  /**
   * Opens another connection for subscriptions, on which nothing else can be asked. It ends with this one. Whoever
   * subscribes does so anew on each connection: ioredis would do it by itself, but where Redis refuses it or is gone
   * meanwhile, it leaves a rejected promise alone, and Node.js ends the process.
   */
  subscriber(): Redis {
    return this.#another('subscriptions', { maxRetriesPerRequest: null, autoResubscribe: false });
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

  /** Settles once Redis takes writes. */
  async untilUp(): Promise<void> {
    if (this.isUp) return;
    await new Promise<void>((resolve) => {
      const forget = this.#health.onUp(() => {
        forget();
        resolve();
      });
    });
  }

  /**
   * Settles once Redis has let us in, or where it can't be reached just now, or says neither yes nor no for a while, as one
   * that loads its data: it is then tried again until it can be used.
   * @throws CodedError `redis/refused` where it doesn't let us in, and waiting won't change that.
   */
  async untilAdmitted(): Promise<void> {
    const patience = wait(this.#admissionMs, undefined, { ref: false });
    // An answer that came while this process was busy is heard only after the timer that has run out meanwhile.
    await Promise.race([this.#health.known, patience.then(() => setImmediate())]);
    const { trouble } = this.#health;
    const refusal = trouble === undefined || this.isUp ? undefined : lastingRefusal(trouble);
    if (refusal !== undefined) throw refusal;
  }

  /** Looks, by writing, whether Redis is still well, where it was. Never rejects. */
  look(): Promise<boolean> {
    return this.#health.look();
  }

  /**
   * Does something with Redis, again and again until Redis takes it, however long it is away or refuses.
   * @param action - something that may be done twice: Redis may have taken it without having been able to say so.
   * @param signal - ends the attempts.
   * @throws what `action` throws that doesn't come from Redis; what comes several times although Redis takes writes;
   *   and anything once this link is closed or the signal is given.
   */
  async untilTaken<Result>(action: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    for (let attempt = 1, whileUp = 0; ; attempt++) {
      try {
        return await action();
      } catch (error) {
        if (this.#isClosed || signal?.aborted || !isOfRedis(error)) throw error;
        if ((await this.look()) && ++whileUp >= attemptsWhileUp) throw error;
        await this.#pause(backoffMs(attempt, firstPauseMs, longestPauseMs), signal);
      }
    }
  }

  /** Ends this connection and those that were opened from it, even while they try to connect. */
  close(): void {
    this.#isClosed = true;
    this.#health.close();
    for (const redis of [this.redis, ...this.#others]) redis.disconnect();
  }

  /** Waits before the next attempt, where Redis isn't up only until it is. */
  async #pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
    const pause = wait(ms, undefined, { ref: false, ...(signal && { signal }) }).catch(() => {});
    await (this.isUp ? pause : Promise.race([pause, this.untilUp()]));
  }

  #another(purpose: string, options: RedisOptions): Redis {
    // Where commands get through, and this connection still leads to a Redis that another one has taken over from, only
    // this one is opened anew.
    const reconnectOnError = (error: Error) => {
      void this.#health.look();
      return this.isUp && isMisled(error);
    };
    const redis = this.redis.duplicate({ ...options, reconnectOnError });
    this.#others.push(redis);
    this.#health.observe(redis, purpose);
    return redis;
  }

  /** Opens all connections anew that there are. */
  #reconnect(): void {
    for (const redis of [this.redis, ...this.#others]) if (redis.status === 'ready') redis.disconnect(true);
  }
}
