import { type Client, Events } from 'discord.js';
import type { Logger } from 'pino';
import type { JobService } from '../jobs/job-service.js';
import type { Journal } from '../jobs/journal.js';
import type { ServerLog } from './server-log.js';

export interface DeletionsParts {
  readonly client: Client;
  readonly journal: Journal;
  readonly jobs: Pick<JobService, 'cancel'>;
  readonly serverLog: ServerLog;
  readonly log: Logger;
}

/**
 * Cancels the jobs whose messages are deleted in servers. Mostly moderators delete them, who don't want to see such a
 * picture there, so nothing more is said of it but in the server's log.
 */
export class Deletions {
  readonly #parts: DeletionsParts;

  constructor(parts: DeletionsParts) {
    this.#parts = parts;
    const { client } = parts;
    client.on(Events.MessageDelete, ({ id, guildId, channelId }) => this.#deleted(guildId, channelId, [id]));
    client.on(Events.MessageBulkDelete, (messages, { guildId, id }) =>
      this.#deleted(guildId, id, [...messages.keys()]),
    );
    client.on(Events.ThreadDelete, ({ id, guildId }) => this.#deleted(guildId, id));
    client.on(Events.ChannelDelete, (channel) => {
      if ('guildId' in channel) this.#deleted(channel.guildId, channel.id);
    });
  }

  /** Cancels a job whose message is gone. Never throws. */
  async cancel(jobId: string): Promise<void> {
    const { journal, jobs, serverLog, log } = this.#parts;
    try {
      const job = journal.job(jobId);
      if (job === undefined || !(await jobs.cancel(jobId, 'deletion')) || job.guildId === undefined) return;
      const [owner, where] = [`<@${job.ownerId}>`, `<#${job.reply.channelId}>`];
      await serverLog.write(job.guildId, ({ settings }) => settings.messageDeletedEntry(owner, where));
    } catch (error) {
      log.error({ job: jobId, err: error }, 'a job whose message was deleted could not be cancelled');
    }
  }

  /** @param messageIds - what was deleted in the channel; undefined: all of it. */
  #deleted(guildId: string | null, channelId: string, messageIds?: readonly string[]): void {
    if (guildId === null) return;
    try {
      for (const id of this.#parts.journal.shownIn(guildId, channelId, messageIds)) void this.cancel(id);
    } catch (error) {
      this.#parts.log.error({ guild: guildId, err: error }, 'jobs whose messages were deleted could not be looked up');
    }
  }
}
