import type { BaseInteraction } from 'discord.js';
import type { BotServices } from './bot-services.js';
import { titleOf } from './kinds/kinds.js';
import { queueMessage } from './messages/queue-message.js';
import { isModerator, serverOf } from './permissions.js';
import { textsFor } from './texts/texts.js';

/** Returns what `/queue` shows: a person's own jobs, or to moderators all of the server's; running ones come first. */
export function queueView(interaction: BaseInteraction, { journal, jobs, workers }: BotServices) {
  const guildId = serverOf(interaction);
  const ofServer = guildId !== undefined && isModerator(interaction);
  const texts = textsFor(interaction.locale);
  const entries = journal
    .openOf(ofServer ? { guildId } : { ownerId: interaction.user.id })
    .map((job) => ({ job, place: jobs.queue.place(job.id), title: titleOf(texts, job.order) }))
    .toSorted((a, b) => (a.place?.position ?? Infinity) - (b.place?.position ?? Infinity));
  const there = ofServer ? workers() : undefined;
  const slots = there?.reduce((sum, worker) => sum + worker.slots, 0) ?? 0;
  return queueMessage(texts, entries, ofServer, there && { count: there.length, slots });
}
