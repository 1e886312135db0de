import type { Logger } from 'pino';
import { slowdownAmong } from '../../../compute/thread-shares.js';
import type { SlotGroup } from '../../forecast.js';
import { jobSchemaVersion } from '../job-schema.js';
import { queueNamesFor } from '../needs.js';
import { Presence, renewalMs, type WorkerInfo } from '../presence.js';
import type { RedisLink } from '../redis-link.js';

export interface KnownWorkersOptions {
  readonly link: RedisLink;
  /** The bot's version of whitewalker. */
  readonly version: string;
  /** Called when workers or their slots came or went. Must not throw. */
  readonly onChange: () => void;
  /** Called when Redis has lost this bot's sign of life, and maybe everything else. Must not throw. */
  readonly onForgotten: () => void;
  readonly log: Logger;
}

/** How long workers have to give signs of life again, once Redis takes them after it took none. */
const returnMs = 2 * renewalMs;

/** Keeps the list of workers that are there, and makes workers know that the bot is there. */
export class KnownWorkers {
  readonly #options: KnownWorkersOptions;
  readonly #presence: Presence;
  #list: readonly WorkerInfo[] = [];
  #groups: readonly SlotGroup[] = [];
  /** Names of the queues that each worker serves, by the worker's id. */
  #served: ReadonlyMap<string, ReadonlySet<string>> = new Map();
  /** When the bot began to give its last sign of life, by `performance.now`. */
  #renewedAt = Number.NEGATIVE_INFINITY;

  constructor(options: KnownWorkersOptions) {
    this.#options = options;
    this.#presence = new Presence(options.link);
  }

  get list(): readonly WorkerInfo[] {
    return this.#list;
  }

  /** The workers' slots, which take the queues that their worker serves; workers of another job schema are left out. */
  get groups(): readonly SlotGroup[] {
    return this.#groups;
  }

  /** How many jobs all workers of this bot's job schema together compute at once. */
  get slots(): number {
    return this.#groups.reduce((sum, { slots }) => sum + slots, 0);
  }

  /** Whether a worker takes jobs of this queue. */
  takes(workerId: string | undefined, queueName: string): boolean {
    return this.#served.get(workerId ?? '')?.has(queueName) ?? false;
  }

  /** Gives a sign of life of the bot, and looks for those of workers. Never rejects. */
  async renew(): Promise<void> {
    const { link, version, onForgotten, log } = this.#options;
    if (!link.isUp) return;
    const now = performance.now();
    try {
      const wasThere = await this.#presence.renewBot({ schema: jobSchemaVersion, version });
      this.#renewedAt = now;
      await this.look();
      if (!wasThere) onForgotten();
    } catch (error) {
      log.debug({ err: error }, 'no sign of life could be given');
    }
  }

  /** Gives a sign of life of the bot if the last one could soon expire. Never rejects. */
  async renewInTime(): Promise<void> {
    if (performance.now() - this.#renewedAt > 2 * renewalMs) await this.renew();
  }

  /** Brings the list of workers up to date by their signs of life. Never rejects. */
  async look(): Promise<void> {
    const { link } = this.#options;
    // A Redis that takes no writes takes no signs of life either.
    if (!link.isUp) return;
    const found = await this.#presence.workers().catch(() => this.#list);
    const isEarly = link.calmMs < returnMs;
    const missing = isEarly ? this.#list.filter(({ id }) => found.every((worker) => worker.id !== id)) : [];
    const workers = [...found, ...missing].toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const isNews = summaryOf(workers) !== summaryOf(this.#list);
    this.#list = workers;
    if (!isNews) return;
    const ours = workers.filter(({ schema }) => schema === jobSchemaVersion);
    this.#served = new Map(
      ours.map(({ id, networks, maxSize }) => {
        return [id, new Set(queueNamesFor({ networks, maxSize: maxSize ?? undefined }))];
      }),
    );
    this.#groups = ours.map(({ id, slots, sharedThreads }) => {
      return { slots, slowdown: slowdownAmong(sharedThreads), takes: (need) => this.takes(id, need) };
    });
    const { log, onChange } = this.#options;
    const summary = workers.map(({ host, slots, networks, maxSize }) => ({ host, slots, networks, maxSize }));
    log[workers.length === 0 ? 'warn' : 'info']({ workers: summary }, workers.length === 0 ? 'no workers' : 'workers');
    onChange();
  }

  /** Removes the bot's sign of life. Never rejects. */
  async leave(): Promise<void> {
    if (this.#options.link.isUp) await this.#presence.removeBot().catch(() => {});
  }
}

function summaryOf(workers: readonly WorkerInfo[]): string {
  return workers
    .map(({ id, slots, sharedThreads, networks, maxSize }) => `${id} ${slots} ${sharedThreads} ${networks} ${maxSize}`)
    .join();
}
