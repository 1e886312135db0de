import type { Logger } from 'pino';
import type { SlotGroup } from '../../forecast.js';
import { jobSchemaVersion } from '../job-schema.js';
import { queueNamesFor } from '../needs.js';
import { Presence, renewalMs, type WorkerInfo } from '../presence.js';
import type { RedisLink } from '../redis-link.js';

export interface KnownWorkersOptions {
  readonly link: RedisLink;
  /** Of whitewalker. */
  readonly version: string;
  /** Slots came or went. Must not throw. */
  readonly onChange: () => void;
  /** Redis has forgotten that this bot is there, and what not else. Must not throw. */
  readonly onForgotten: () => void;
  readonly log: Logger;
}

/** The workers that there are, as the bot knows them; and that workers know of the bot. */
export class KnownWorkers {
  readonly #options: KnownWorkersOptions;
  readonly #presence: Presence;
  #list: readonly WorkerInfo[] = [];
  #groups: readonly SlotGroup[] = [];
  /** When the last sign of life began to be given, by `performance.now`. */
  #renewedAt = Number.NEGATIVE_INFINITY;

  constructor(options: KnownWorkersOptions) {
    this.#options = options;
    this.#presence = new Presence(options.link);
  }

  get list(): readonly WorkerInfo[] {
    return this.#list;
  }

  /** Their slots, with the queues that they serve for needs; those of another version take nothing. */
  get groups(): readonly SlotGroup[] {
    return this.#groups;
  }

  /** Jobs that all of them together compute at once. */
  get slots(): number {
    return this.#groups.reduce((sum, { slots }) => sum + slots, 0);
  }

  /** Gives a sign of life, and looks for those of workers. Never rejects. */
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

  /** Gives a sign of life where the last one could soon be forgotten. Never rejects. */
  async renewInTime(): Promise<void> {
    if (performance.now() - this.#renewedAt > 2 * renewalMs) await this.renew();
  }

  /** Looks for signs of life of workers. Never rejects. */
  async look(): Promise<void> {
    const workers = await this.#presence.workers().catch(() => this.#list);
    const isNews = summaryOf(workers) !== summaryOf(this.#list);
    this.#list = workers;
    if (!isNews) return;
    this.#groups = workers
      .filter(({ schema }) => schema === jobSchemaVersion)
      .map(({ slots, networks, maxSize }) => {
        const served = new Set(queueNamesFor({ networks, maxSize: maxSize ?? undefined }));
        return { slots, takes: (need: string) => served.has(need) };
      });
    const { log, onChange } = this.#options;
    const summary = workers.map(({ host, slots, networks, maxSize }) => ({ host, slots, networks, maxSize }));
    log[workers.length === 0 ? 'warn' : 'info']({ workers: summary }, workers.length === 0 ? 'no workers' : 'workers');
    onChange();
  }

  /** This bot is there no more. Never rejects. */
  async leave(): Promise<void> {
    if (this.#options.link.isUp) await this.#presence.removeBot().catch(() => {});
  }
}

function summaryOf(workers: readonly WorkerInfo[]): string {
  return workers.map(({ id, slots, networks, maxSize }) => `${id} ${slots} ${networks} ${maxSize}`).join();
}
