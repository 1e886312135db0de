import { z } from 'zod';
import { isNetworkName, type NetworkName } from '../../engine/topology.js';
import { understood } from './job-schema.js';
import type { RedisLink } from './redis-link.js';

/** What a worker says of itself. */
const workerInfoSchema = z
  .object({
    id: z.string(),
    host: z.string(),
    /** Version of whitewalker. */
    version: z.string(),
    /** Version of the job schema. */
    schema: z.number(),
    /** Jobs that it computes at once. */
    slots: z.number(),
    /** Jobs that it has in hand. */
    running: z.number(),
    /** Networks that it can compute with; those that this version doesn't know are passed over. */
    networks: z.array(z.string()).transform((names): readonly NetworkName[] => names.filter(isNetworkName)),
    /** The longest side that it takes, in pixels; null: whatever comes. */
    maxSize: z.number().nullable(),
    engine: z.string(),
    /** When it was started, in milliseconds since 1970. */
    since: z.number(),
  })
  .readonly();
export type WorkerInfo = z.infer<typeof workerInfoSchema>;

/** What the bot says of itself: the versions of the job schema and of whitewalker. */
const botPresenceSchema = z.object({ schema: z.number(), version: z.string() }).readonly();
type BotPresence = z.infer<typeof botPresenceSchema>;

/** A sign of life that is not renewed is forgotten after this. */
const lifeMs = 10_000;

/** How often signs of life are renewed. */
export const renewalMs = 3000;

/** Who is there: signs of life in Redis that expire by themselves. All methods throw where Redis can't be reached. */
export class Presence {
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
    return texts.flatMap((text) => understood(text, workerInfoSchema) ?? []);
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
    return understood(await this.#link.redis.get(this.#link.key('bot')), botPresenceSchema);
  }

  #workerKey(id: string): string {
    return this.#link.key('worker', id);
  }
}
