import { type Client, Routes } from 'discord.js';
import type { Logger } from 'pino';
import type { SettingsStore } from '../settings/server-settings.js';
import { type Texts, textsFor } from './texts/texts.js';

/** Writes what moderators do into the channel that a server has chosen for it, in the server's language. */
export class ServerLog {
  readonly #client: Client;
  readonly #settings: SettingsStore;
  readonly #log: Logger;

  constructor(client: Client, settings: SettingsStore, log: Logger) {
    this.#client = client;
    this.#settings = settings;
    this.#log = log;
  }

  /**
   * Writes an entry into a server's log, if it keeps one. Never throws: what the entry is about has been done.
   * @param formerChannelId - where the log was kept before a change that the entry is about: nobody can silence the log
   *   without leaving a trace in it.
   */
  async write(guildId: string, entry: (texts: Texts) => string, formerChannelId?: string): Promise<void> {
    const { logChannelId } = this.#settings.of(guildId);
    const channels = new Set([formerChannelId, logChannelId].filter((id) => id !== undefined));
    if (channels.size === 0) return;
    const content = entry(textsFor(this.#client.guilds.cache.get(guildId)?.preferredLocale ?? 'en-US'));
    for (const channelId of channels) {
      try {
        await this.#post(channelId, content);
      } catch (error) {
        this.#log.warn({ guild: guildId, channel: channelId, err: error }, 'server log could not be written');
      }
    }
  }

  /** Says in a channel that the server's log is kept there from now on. @returns whether the bot can write there. */
  async open(guildId: string, channelId: string, text: string): Promise<boolean> {
    try {
      await this.#post(channelId, text);
      return true;
    } catch (error) {
      this.#log.info({ guild: guildId, channel: channelId, err: error }, 'server log could not be opened');
      return false;
    }
  }

  async #post(channelId: string, text: string): Promise<void> {
    await this.#client.rest.post(Routes.channelMessages(channelId), {
      body: { content: text.slice(0, 2000), allowed_mentions: { parse: [] } },
    });
  }
}
