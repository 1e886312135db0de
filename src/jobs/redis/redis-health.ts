import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { Deferred } from '../../deferred.js';
import { backoffMs } from './backoff.js';
import { isMisled, isReply, transacted, troubleOf } from './redis-errors.js';

export interface RedisHealthOptions {
  /** The connection that is watched most closely: what counts is whether commands on it are done. */
  readonly redis: Redis;
  /** A key and a channel that nothing else uses: to write there tells whether Redis takes writes. */
  readonly key: string;
  /** Opens all connections anew. */
  readonly reconnect: () => void;
  readonly log: Logger;
}

/** Pauses between two looks at a Redis that refuses writes. */
const firstPauseMs = 200;
const longestPauseMs = 2000;

/** For how long after its end trouble of the same kind isn't told again: Redis may be full every other second. */
const quietMs = 60_000;

/** How long Redis keeps what is written to find out whether it takes writes. */
const keepMs = 60_000;

/**
 * Finds out whether Redis does its work: whether it can be reached, and whether it takes writes. It may refuse them for
 * many reasons (it is full, it can't save, it has become a replica, it is loading, it asks for a password), and which
 * one it is doesn't matter: whenever any command comes back with an error, this writes something, and where that is
 * refused as well, it does so again, ever less often, until it is not.
 */
export class RedisHealth {
  readonly #options: RedisHealthOptions;
  readonly #connections: Redis[] = [];
  readonly #listeners = new Set<() => void>();
  /** Settles when for the first time either all is well or the commands' connection has said what is wrong. */
  readonly #known = new Deferred<void>();
  #takesWrites = false;
  #trouble: Error | undefined;
  /** How often in a row writes were refused. */
  #refusals = 0;
  #looking: Promise<boolean> | undefined;
  #next: NodeJS.Timeout | undefined;
  /** Kinds of trouble that were told since all was well. */
  readonly #told = new Set<string>();
  /** When each kind of trouble ended last, by `performance.now`. */
  readonly #ends = new Map<string, number>();
  #isTold = false;
  #backAt = Number.NEGATIVE_INFINITY;

  constructor(options: RedisHealthOptions) {
    this.#options = options;
    const { redis } = options;
    redis.on('close', () => {
      this.#takesWrites = false;
      clearTimeout(this.#next);
    });
    redis.on('ready', () => void this.#look());
    this.observe(redis, 'commands');
  }

  /** Whether Redis can be reached and takes writes, as far as is known. */
  get isUp(): boolean {
    return this.#takesWrites && this.#options.redis.status === 'ready';
  }

  /** What was wrong last: an answer of Redis', or an error of the connection. Undefined while all is well. */
  get trouble(): Error | undefined {
    return this.#trouble;
  }

  /** How long Redis has been well since there was trouble, in milliseconds; infinite where there was none. */
  get calmMs(): number {
    return performance.now() - this.#backAt;
  }

  /** Settles when for the first time either all is well or {@link trouble} is known. */
  get known(): Promise<void> {
    return this.#known.promise;
  }

  /** Has a function called whenever Redis begins to take writes. @returns a function that ends this. */
  onUp(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Watches a connection for errors. ioredis throws errors that nobody listens to. */
  observe(redis: Redis, purpose: string): void {
    this.#connections.push(redis);
    redis.on('error', (error: Error) => this.#suffer(error, purpose));
    redis.on('ready', () => this.#recover());
  }

  /**
   * Looks, by writing, whether Redis is still well: to be called when a command came back with an error, which may be its
   * own fault. Where Redis isn't well, the next look is due already, and this only says so. Never rejects.
   */
  async look(): Promise<boolean> {
    return this.isUp && this.#look();
  }

  #look(): Promise<boolean> {
    this.#looking ??= this.#write()
      .then(
        () => this.#succeed(),
        (error: Error) => this.#fail(error),
      )
      .finally(() => {
        this.#looking = undefined;
      });
    return this.#looking;
  }

  close(): void {
    clearTimeout(this.#next);
    this.#listeners.clear();
  }

  /** Does each kind of thing that jobs need Redis for: a write, a script that writes, and news. */
  async #write(): Promise<void> {
    const { redis, key } = this.#options;
    if (redis.status !== 'ready') throw new Error('There is no connection.');
    const script = "return redis.call('SET', KEYS[1], '', 'PX', ARGV[1])";
    transacted(await redis.pipeline().set(key, '', 'PX', keepMs).eval(script, 1, key, keepMs).publish(key, '').exec());
  }

  #succeed(): boolean {
    const wasUp = this.#takesWrites;
    this.#takesWrites = true;
    this.#refusals = 0;
    if (this.#trouble !== undefined) this.#backAt = performance.now();
    this.#trouble = undefined;
    this.#recover();
    this.#known.resolve();
    if (!wasUp) for (const listener of this.#listeners) listener();
    return true;
  }

  #fail(error: Error): boolean {
    const { redis, reconnect } = this.#options;
    if (isReply(error)) {
      this.#takesWrites = false;
      this.#suffer(error, 'commands');
    }
    // Without a connection, the next look is when there is one again.
    if (redis.status !== 'ready') return false;
    const again = isMisled(error) ? reconnect : () => void this.#look();
    clearTimeout(this.#next);
    this.#next = setTimeout(again, backoffMs(++this.#refusals, firstPauseMs, longestPauseMs)).unref();
    return this.isUp;
  }

  /** Logs trouble once for each kind of it, until all is well again. */
  #suffer(error: Error, purpose: string): void {
    if (purpose === 'commands') {
      this.#trouble = error;
      this.#known.resolve();
    }
    const kind = troubleOf(error);
    const isRecent = performance.now() - (this.#ends.get(kind) ?? Number.NEGATIVE_INFINITY) < quietMs;
    if (!this.#told.has(kind)) {
      const what = isReply(error)
        ? 'Redis refuses to work; trying again until it does'
        : "Redis can't be reached; trying again until it can";
      this.#options.log[isRecent ? 'debug' : 'warn']({ purpose, err: error }, what);
      this.#isTold ||= !isRecent;
    }
    this.#told.add(kind);
  }

  #recover(): void {
    if (this.#told.size === 0 || !this.isUp || this.#connections.some(({ status }) => status !== 'ready')) return;
    this.#options.log[this.#isTold ? 'info' : 'debug']('Redis is back');
    const now = performance.now();
    for (const kind of this.#told) this.#ends.set(kind, now);
    this.#told.clear();
    this.#isTold = false;
  }
}
