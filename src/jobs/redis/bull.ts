import type { Queue } from 'bullmq';
import type { Logger } from 'pino';
import { bullMq } from './bull-mq.js';
import type { RedisLink } from './redis-link.js';

/** All that BullMQ is told of a job: ids only, nothing of its person, and no pictures. */
export interface BullJob {
  readonly jobId: string;
  readonly run: string;
}

/** How many entries are kept of BullMQ's own stream of events, which nobody reads here. */
const eventsKept = 100;

/** BullMQ would write to the console about an unsuitable Redis, once for each queue: SettingsWarning does so instead. */
export const skipVersionCheck = true;

/** Opens a BullMQ queue on a connection. @throws where Redis can't be reached. */
export async function openQueue(name: string, link: RedisLink, log: Logger): Promise<Queue<BullJob>> {
  const queue = new bullMq.Queue<BullJob>(name, {
    connection: link.redis,
    prefix: link.prefix,
    skipVersionCheck,
    streams: { events: { maxLen: eventsKept } },
  });
  queue.on('error', (error) => log.debug({ queue: name, err: error }, 'BullMQ'));
  await queue.waitUntilReady();
  return queue;
}

/** Returns BullMQ's id of a job. BullMQ refuses ids that are whole numbers, which one in ten thousand of ours is. */
export function bullId(jobId: string): string {
  return `job-${jobId}`;
}

/** Returns our id of the job that has this id in BullMQ. */
export function jobIdOf(id: string): string {
  return id.replace(/^job-/, '');
}
