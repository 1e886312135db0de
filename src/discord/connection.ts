import { type Client, Events, Status } from 'discord.js';
import type { Logger } from 'pino';
import { Deferred } from '../deferred.js';
import { closedForGood } from './closed-for-good.js';
import { counter } from './texts/language.js';

const minuteMs = 60_000;

/** The connection of a client to Discord's gateway, in one or several shards: whether it is up, or else since when not. */
export class Connection {
  readonly #client: Client;
  readonly #log: Logger;
  readonly #begunAt = Date.now();
  /** When the connection of each shard was lost that has none now, in milliseconds since 1970. */
  readonly #lostAt = new Map<number, number>();
  readonly #ended = new Deferred<never>();
  /** What went wrong last, in the words of discord.js. */
  #trouble: string | undefined;

  constructor(client: Client, log: Logger) {
    this.#client = client;
    this.#log = log;
    this.#ended.promise.catch(() => {});
    // discord.js tells of lost connections that it makes anew by other events.
    client.on(Events.ShardDisconnect, ({ code }) => this.end(closedForGood(code)));
    client.on(Events.ShardReconnecting, (shard) => this.#lost(shard));
    client.on(Events.ShardError, ({ message }) => {
      this.#trouble = message;
    });
    client.on(Events.ShardReady, (shard) => this.#regained(shard));
    client.on(Events.ShardResume, (shard) => this.#regained(shard));
  }

  /** Never resolves. Rejects once there won't be a connection any more until an operator has done something. */
  get ended(): Promise<never> {
    return this.#ended.promise;
  }

  /** Has {@link ended} reject with this reason, if it hasn't yet. */
  end(reason: Error): void {
    this.#ended.reject(reason);
  }

  get isUp(): boolean {
    const { shards } = this.#client.ws;
    return shards.size > 0 && shards.every(({ status }) => status === Status.Ready);
  }

  /** @throws Error with a sentence that says since when the connection is down, if it is. */
  require(): void {
    if (this.isUp) return;
    const { shards } = this.#client.ws;
    const down = shards.filter(({ status }) => status !== Status.Ready).size;
    const which = shards.size > 1 ? ` (${down} of ${shards.size} shards)` : '';
    const since = Math.min(...this.#lostAt.values());
    const what = Number.isFinite(since)
      ? `The connection to Discord's gateway${which} is down since ${time(since)}, for ${minutes(since)}.`
      : `There is no connection to Discord's gateway${which} yet, for ${minutes(this.#begunAt)}.`;
    throw new Error(this.#trouble === undefined ? what : `${what} The last trouble was: ${this.#trouble}.`);
  }

  #lost(shard: number): void {
    // discord.js tells of every attempt, and tries twice a second.
    if (this.#lostAt.has(shard)) return;
    this.#lostAt.set(shard, Date.now());
    this.#log.warn({ shard }, 'gateway connection lost, to be made again');
  }

  #regained(shard: number): void {
    const lostAt = this.#lostAt.get(shard);
    if (lostAt === undefined) return;
    this.#lostAt.delete(shard);
    this.#trouble = undefined;
    this.#log.info({ shard, downMs: Date.now() - lostAt }, 'gateway connection is back');
  }
}

function time(at: number): string {
  return new Date(at).toISOString();
}

function minutes(since: number): string {
  return counter('en')(Math.round((Date.now() - since) / minuteMs), 'minute');
}
