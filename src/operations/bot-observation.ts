import { type Client, InteractionType } from 'discord.js';
import type { Logger } from 'pino';
import type { ComputeHealth } from '../compute/compute-health.js';
import type { Database } from '../database/database.js';
import type { JobFiles } from '../jobs/job-files.js';
import type { Journal } from '../jobs/journal.js';
import type { Workshop } from '../jobs/workshop.js';
import type { Metrics } from './metrics.js';
import { observeProcess } from './process-observation.js';
import type { ReadinessCheck } from './readiness.js';

export interface ObservedBot {
  readonly client: Client;
  /** The client's connection to the gateway; `require` throws Error with a sentence while it is down. */
  readonly connection: { readonly isUp: boolean; require(): void };
  readonly database: Database;
  readonly files: JobFiles;
  readonly journal: Journal;
  readonly computeHealth: ComputeHealth;
  readonly workshop: Workshop;
  readonly log: Logger;
  /** Number of jobs that may wait. */
  readonly queueLength: number;
  /** Whether the bot is being stopped. */
  readonly isStopping: () => boolean;
}

/** Lists the checks that have to be well for the bot to do its work. */
export function botChecks({
  connection,
  database,
  files,
  workshop,
  isStopping,
}: ObservedBot): readonly ReadinessCheck[] {
  return [
    {
      name: 'running',
      look: () => {
        if (isStopping()) throw new Error('The bot is being stopped.');
      },
    },
    { name: 'gateway', look: () => connection.require() },
    {
      name: 'database',
      look: () => {
        database.get('SELECT count(*) FROM registrations');
        database.requireWritable();
      },
    },
    { name: 'files', look: () => files.requireWritable() },
    ...workshop.checks,
  ];
}

/** Adds the metrics of a bot that are looked up whenever somebody asks, and counts its waits for rate limits. */
export function observeBot(metrics: Metrics, bot: ObservedBot, checks: readonly ReadinessCheck[]): void {
  const { client, journal, computeHealth, log } = bot;
  observeProcess(metrics, { computeHealth, checks, rest: client.rest, log });
  metrics.gauge('jobs', 'Jobs that are not closed, by state.', ['state'], (set) => {
    for (const [state, count] of journal.countByState()) set(count, { state });
  });
  metrics.gauge('oldest_waiting_seconds', 'How long the job that waits longest has waited.', [], (set) => {
    const since = journal.oldestWaiting();
    set(since === undefined ? 0 : Math.max(0, (Date.now() - since) / 1000));
  });
  metrics.gauge('queue_capacity', 'Jobs that may wait.', [], (set) => set(bot.queueLength));
  metrics.gauge('compute_slots', 'Jobs that are computed at once.', [], (set) => set(bot.workshop.slots));
  metrics.gauge('workers', 'Workers that are connected.', [], (set) => set(bot.workshop.workers?.length ?? 0));
  metrics.gauge('gateway_latency_seconds', "Of the gateway's heartbeat.", [], (set) => {
    if (bot.connection.isUp && client.ws.ping >= 0) set(client.ws.ping / 1000);
  });
  metrics.gauge('servers', 'Servers that the bot is in.', [], (set) => set(client.guilds.cache.size));
}

/** Returns the name that an interaction is counted under, such as `MessageComponent`. */
export function interactionType(type: InteractionType): string {
  return InteractionType[type];
}
