import { type REST, RESTEvents } from 'discord.js';
import type { Logger } from 'pino';
import type { ComputeHealth } from '../compute/compute-health.js';
import type { Metrics } from './metrics.js';
import { type ReadinessCheck, readinessOf } from './readiness.js';
import { residentBytes } from './resident-memory.js';

export interface ObservedProcess {
  readonly computeHealth: ComputeHealth;
  readonly checks: readonly ReadinessCheck[];
  readonly rest: REST;
  readonly log: Logger;
}

/** How long a call has to wait for a rate limit to be worth a line in the log. */
const longWaitMs = 30_000;

/** Adds the metrics that bots and workers have alike: of compute processes, readiness, and Discord's rate limits. */
export function observeProcess(metrics: Metrics, { computeHealth, checks, rest, log }: ObservedProcess): void {
  metrics.gauge('compute_processes', 'Compute processes that there are.', [], (set) => set(computeHealth.pids.size));
  metrics.gauge('compute_resident_memory_bytes', 'Of all compute processes; on Linux.', [], async (set) => {
    const sizes = await Promise.all([...computeHealth.pids].map(residentBytes));
    const known = sizes.filter((size) => size !== undefined);
    if (known.length > 0) set(known.reduce((sum, size) => sum + size, 0));
  });
  metrics.gauge('ready', 'Whether each check of /readyz is well.', ['check'], async (set) => {
    const { checks: results } = await readinessOf(checks);
    for (const [check, { ok }] of Object.entries(results)) set(ok ? 1 : 0, { check });
  });
  rest.on(RESTEvents.RateLimited, ({ scope, global, method, route, timeToReset, retryAfter }) => {
    metrics.discordWaits(global ? 'global' : scope, timeToReset / 1000);
    const waitMs = Math.max(timeToReset, retryAfter);
    if (waitMs >= longWaitMs) log.warn({ method, route, waitMs }, 'Discord has a call wait for long');
  });
}
