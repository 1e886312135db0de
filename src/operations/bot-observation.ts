import { type Client, InteractionType, RESTEvents, Status } from 'discord.js';
import type { ComputePlace } from '../compute-place.js';
import type { Database } from '../database/database.js';
import type { Journal } from '../jobs/journal.js';
import type { ComputeHealth } from './compute-health.js';
import type { Metrics } from './metrics.js';
import { type ReadinessCheck, readinessOf } from './readiness.js';
import { residentBytes } from './resident-memory.js';

export interface ObservedBot {
  readonly client: Client;
  readonly database: Database;
  readonly journal: Journal;
  readonly computeHealth: ComputeHealth;
  readonly place: ComputePlace;
  /** Jobs that may wait. */
  readonly queueLength: number;
  /** Whether it is being stopped. */
  readonly isStopping: () => boolean;
}

/** What has to be well for the bot to do its work. */
export function botChecks({ client, database, place, isStopping }: ObservedBot): readonly ReadinessCheck[] {
  return [
    {
      name: 'running',
      look: () => {
        if (isStopping()) throw new Error('The bot is being stopped.');
      },
    },
    {
      name: 'gateway',
      look: () => {
        if (!isConnected(client)) throw new Error("The connection to Discord's gateway is down.");
      },
    },
    { name: 'database', look: () => void database.get('SELECT count(*) FROM registrations') },
    ...place.checks,
  ];
}

/** Has metrics of a bot that change by themselves looked up, and of its client what happens there counted. */
export function observeBot(metrics: Metrics, bot: ObservedBot, checks: readonly ReadinessCheck[]): void {
  const { client, journal, computeHealth } = bot;
  metrics.gauge('jobs', 'Jobs that are not closed, by state.', ['state'], (set) => {
    for (const [state, count] of journal.countByState()) set(count, { state });
  });
  metrics.gauge('oldest_waiting_seconds', 'How long the job that waits longest has waited.', [], (set) => {
    const since = journal.oldestWaiting();
    set(since === undefined ? 0 : Math.max(0, (Date.now() - since) / 1000));
  });
  metrics.gauge('queue_capacity', 'Jobs that may wait.', [], (set) => set(bot.queueLength));
  metrics.gauge('compute_slots', 'Jobs that are computed at once.', [], (set) => set(bot.place.slots()));
  metrics.gauge('workers', 'Workers that are connected.', [], (set) => set(bot.place.workers()?.length ?? 0));
  metrics.gauge('compute_processes', 'Compute processes that there are.', [], (set) => set(computeHealth.pids.size));
  metrics.gauge('compute_resident_memory_bytes', 'Of all compute processes; on Linux.', [], async (set) => {
    const sizes = await Promise.all([...computeHealth.pids].map(residentBytes));
    const known = sizes.filter((size) => size !== undefined);
    if (known.length > 0) set(known.reduce((sum, size) => sum + size, 0));
  });
  metrics.gauge('gateway_latency_seconds', "Of the gateway's heartbeat.", [], (set) => {
    if (isConnected(client) && client.ws.ping >= 0) set(client.ws.ping / 1000);
  });
  metrics.gauge('servers', 'Servers that the bot is in.', [], (set) => set(client.guilds.cache.size));
  metrics.gauge('ready', 'Whether each check of /readyz is well.', ['check'], async (set) => {
    const { checks: results } = await readinessOf(checks);
    for (const [check, { ok }] of Object.entries(results)) set(ok ? 1 : 0, { check });
  });
  client.rest.on(RESTEvents.RateLimited, ({ scope, global, timeToReset }) =>
    metrics.discordWaits(global ? 'global' : scope, timeToReset / 1000),
  );
}

/** Such as `MessageComponent`: what an interaction is counted as. */
export function interactionType(type: InteractionType): string {
  return InteractionType[type];
}

function isConnected({ ws }: Client): boolean {
  return ws.shards.size > 0 && ws.shards.every(({ status }) => status === Status.Ready);
}
