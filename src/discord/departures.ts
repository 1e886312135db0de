import { type Client, Events } from 'discord.js';
import type { Logger } from 'pino';
import type { Erasure } from '../privacy/erasure.js';

/** Has servers forgotten that the bot is in no more: because it was removed there, or they were deleted. */
export class Departures {
  readonly #client: Client;
  readonly #erasure: Erasure;
  readonly #log: Logger;

  constructor(client: Client, erasure: Erasure, log: Logger) {
    this.#client = client;
    this.#erasure = erasure;
    this.#log = log;
    // Of a server that is only out of order, discord.js tells by another event.
    client.on(Events.GuildDelete, ({ id }) => void this.#forget(id));
  }

  /**
   * Forgets those that the bot was removed from while it was away. Only for a client that is ready: then it knows all of its
   * servers, also those that are out of order.
   */
  async catchUp(): Promise<void> {
    const { cache } = this.#client.guilds;
    for (const id of this.#erasure.servers()) if (!cache.has(id)) await this.#forget(id);
  }

  async #forget(guildId: string): Promise<void> {
    try {
      const jobs = await this.#erasure.server(guildId);
      this.#log.info({ guild: guildId, jobs }, 'left a server, whose data is deleted');
    } catch (error) {
      this.#log.error({ guild: guildId, err: error }, 'the data of a server that was left could not be deleted');
    }
  }
}
