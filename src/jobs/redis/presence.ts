import { z } from 'zod';
import { isNetworkName, type NetworkName } from '../../engine/topology.js';
import { understood } from './job-schema.js';
import { transacted } from './redis-errors.js';
import type { RedisLink } from './redis-link.js';

/** The sign of life of a worker, with what it says of itself. */
const workerInfoSchema = z
  .object({
    id: z.string(),
    host: z.string(),
    /** The worker's version of whitewalker. */
    version: z.string(),
    /** Version of the job schema that the worker speaks. */
    schema: z.number(),
    /** How many jobs the worker computes at once. */
    slots: z.number(),
    /** The threads that the worker's jobs share, of which a lone one has all; undefined: each slot has its own. */
    sharedThreads: z.number().optional(),
    /** How many jobs the worker has in hand. */
    running: z.number(),
    /** Networks that the worker can compute with, without those that this version doesn't know. */
    networks: z.array(z.string()).transform((names): readonly NetworkName[] => names.filter(isNetworkName)),
    /** The largest longer side of a picture that the worker takes, in pixels; null: any. */
    maxSize: z.number().nullable(),
    engine: z.string(),
    /** When the worker was started, in milliseconds since 1970. */
    since: z.number(),
  })
  .readonly();
export type WorkerInfo = z.infer<typeof workerInfoSchema>;

/** The sign of life of the bot, with its versions of the job schema and of whitewalker. */
const botPresenceSchema = z.object({ schema: z.number(), version: z.string() }).readonly();
type BotPresence = z.infer<typeof botPresenceSchema>;

/** How long Redis keeps a sign of life that is not renewed. */
const lifeMs = 10_000;

/** How often signs of life are renewed. */
export const renewalMs = 3000;

/** Signs of life of bot and workers in Redis, which expire. All methods throw where Redis doesn't do as asked. */
export class Presence {
  readonly #link: RedisLink;

  constructor(link: RedisLink) {
    this.#link = link;
  }

  async renewWorker(info: WorkerInfo): Promise<void> {
    transacted(
      await this.#link.redis
        .multi()
        .set(this.#workerKey(info.id), JSON.stringify(info), 'PX', lifeMs)
        .sadd(this.#link.key('workers'), info.id)
        .exec(),
    );
  }

  async removeWorker(id: string): Promise<void> {
    await this.#link.redis.multi().del(this.#workerKey(id)).srem(this.#link.key('workers'), id).exec();
  }

  /** Returns the workers that have given a sign of life, ordered by their ids. */
  async workers(): Promise<readonly WorkerInfo[]> {
    const { redis } = this.#link;
    const ids = (await redis.smembers(this.#link.key('workers'))).toSorted();
    if (ids.length === 0) return [];
    const texts = await redis.mget(ids.map((id) => this.#workerKey(id)));
    const gone = ids.filter((_, index) => texts[index] === null);
    // Whoever only asks must get an answer, also where Redis takes no writes.
    if (gone.length > 0) await redis.srem(this.#link.key('workers'), ...gone).catch(() => {});
    return texts.flatMap((text) => understood(text, workerInfoSchema) ?? []);
  }

  /** Gives a sign of life of the bot. @returns whether the last one was there: if not, Redis may have lost it all. */
  async renewBot(presence: BotPresence): Promise<boolean> {
    const key = this.#link.key('bot');
    return (await this.#link.redis.set(key, JSON.stringify(presence), 'PX', lifeMs, 'GET')) !== null;
  }

  async removeBot(): Promise<void> {
    await this.#link.redis.del(this.#link.key('bot'));
  }

  /** Returns the bot's sign of life; undefined where there is none. */
  async bot(): Promise<BotPresence | undefined> {
    return understood(await this.#link.redis.get(this.#link.key('bot')), botPresenceSchema);
  }

  #workerKey(id: string): string {
    return this.#link.key('worker', id);
  }
}
