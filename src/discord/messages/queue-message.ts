import type { Job } from '../../jobs/job.js';
import type { Place } from '../../jobs/workshop.js';
import type { Texts } from '../texts/texts.js';
import { customId } from './custom-id.js';
import { selectRow, shortened } from './rows.js';

export const queueCancelAction = 'queue-cancel';

/** Most jobs that are shown: a menu has no more options, and nobody reads more lines. */
const mostShown = 25;

/** A job in somebody's view of the queue. */
export interface QueueEntry {
  readonly job: Job;
  /** Where the job stands; undefined while its pictures are being fetched. */
  readonly place: Place | undefined;
  /** What the job makes, in a few words. */
  readonly title: string;
}

/** Summary of the connected workers, for a bot that doesn't compute by itself. */
export interface WorkersSummary {
  readonly count: number;
  /** Pictures that all workers together compute at once. */
  readonly slots: number;
}

/**
 * Returns the message that lists jobs with where they stand, and has a menu to cancel one of them.
 * @param ofServer - whether the jobs are everybody's, for a moderator; then their owners are named.
 * @param workers - the workers, which are shown where they are given.
 */
export function queueMessage(
  texts: Texts,
  entries: readonly QueueEntry[],
  ofServer: boolean,
  workers?: WorkersSummary | undefined,
) {
  const summary = workers === undefined ? '' : `\n-# ${texts.queue.workers(workers.count, workers.slots)}`;
  const title = `### ${ofServer ? texts.queue.serverTitle : texts.queue.title}${summary}`;
  if (entries.length === 0) return { content: `${title}\n${texts.queue.empty}`, components: [] };
  const shown = entries.slice(0, mostShown);
  const lines = shown.map(({ job, place, title: name }, index) => {
    const owner = ofServer ? ` · <@${job.ownerId}>` : '';
    return `${index + 1}. **${name}**${owner}: ${state(texts, place)}`;
  });
  if (entries.length > mostShown) lines.push(texts.queue.more(entries.length - mostShown));
  const options = shown.map(({ job, title: name }, index) => ({
    label: shortened(`${index + 1}. ${name}`, 100),
    value: job.id,
  }));
  return {
    content: [title, ...lines].join('\n'),
    components: [selectRow(customId(queueCancelAction), texts.queue.cancelPlaceholder, options)],
  };
}

function state(texts: Texts, place: Place | undefined): string {
  if (place === undefined) return texts.queue.fetching;
  const { position, endsAt } = place;
  if (place.state === 'running') return texts.queue.running(endsAt);
  return Number.isFinite(endsAt) ? texts.queue.waiting(position, endsAt) : texts.queue.noWorkers(position);
}
