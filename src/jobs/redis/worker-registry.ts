import type { NetworkName } from '../../engine/topology.js';
import type { RedisLink } from './redis-link.js';

/** What a worker says of itself. */
export interface WorkerInfo {
  readonly id: string;
  readonly host: string;
  /** Of whitewalker. */
  readonly version: string;
  /** Of the job schema. */
  readonly schema: number;
  /** Jobs that it computes at once. */
  readonly slots: number;
  /** Jobs that it has in hand. */
  readonly running: number;
  readonly networks: readonly NetworkName[];
  /** The longer side of what it takes, in pixels; null: whatever comes. */
  readonly maxSize: number | null;
  readonly engine: string;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** What the bot says of itself. */
export interface BotPresence {
  readonly schema: number;
  readonly version: string;
}

/** A sign of life that is not renewed is forgotten after this. */
const lifeMs = 10_000;

/** How often signs of life are renewed. */
export const renewalMs = 3000;

/** Who is there: signs of life in Redis that expire by themselves. All methods throw where Redis can't be reached. */
export class WorkerRegistry {
  readonly #link: RedisLink;

  constructor(link: RedisLink) {
    this.#link = link;
  }

  async renewWorker(info: WorkerInfo): Promise<void> {
    await this.#link.redis
      .multi()
      .set(this.#workerKey(info.id), JSON.stringify(info), 'PX', lifeMs)
      .sadd(this.#link.key('workers'), info.id)
      .exec();
  }

  async removeWorker(id: string): Promise<void> {
    await this.#link.redis.multi().del(this.#workerKey(id)).srem(this.#link.key('workers'), id).exec();
  }

  /** The workers that are there, by their ids' order. */
  async workers(): Promise<readonly WorkerInfo[]> {
    const { redis } = this.#link;
    const ids = (await redis.smembers(this.#link.key('workers'))).toSorted();
    if (ids.length === 0) return [];
    const texts = await redis.mget(ids.map((id) => this.#workerKey(id)));
    const gone = ids.filter((_, index) => texts[index] === null);
    if (gone.length > 0) await redis.srem(this.#link.key('workers'), ...gone);
    return texts.flatMap((text) => (text ? [JSON.parse(text) as WorkerInfo] : []));
  }

  /** @returns whether the last sign of life was still there: where it was not, Redis has forgotten it, and what not else. */
  async renewBot(presence: BotPresence): Promise<boolean> {
    const key = this.#link.key('bot');
    return (await this.#link.redis.set(key, JSON.stringify(presence), 'PX', lifeMs, 'GET')) !== null;
  }

  async removeBot(): Promise<void> {
    await this.#link.redis.del(this.#link.key('bot'));
  }

  /** The bot that is there; undefined: none is. */
  async bot(): Promise<BotPresence | undefined> {
    const text = await this.#link.redis.get(this.#link.key('bot'));
    return text === null ? undefined : (JSON.parse(text) as BotPresence);
  }

  #workerKey(id: string): string {
    return this.#link.key('worker', id);
  }
}
