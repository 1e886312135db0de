import { type Client, Events } from 'discord.js';
import type { Logger } from 'pino';
import type { Erasure } from '../privacy/erasure.js';

/** Deletes the data of servers that the bot has left: because it was removed there, or because they were deleted. */
export class Departures {
  readonly #client: Client;
  readonly #erasure: Erasure;
  readonly #log: Logger;

  constructor(client: Client, erasure: Erasure, log: Logger) {
    this.#client = client;
    this.#erasure = erasure;
    this.#log = log;
    // A server that is only out of order is not deleted: discord.js tells of it by another event.
    client.on(Events.GuildDelete, ({ id }) => void this.#forget(id));
  }

  /**
   * Deletes the data of servers that removed the bot while it was down. To be called only once the client is ready:
   * then it knows all servers of the bot, also those that are out of order.
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
