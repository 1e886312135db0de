import { REST, type RESTOptions, Routes } from 'discord.js';
import type { Metrics } from './metrics.js';
import { type ObservedCall, observedCalls } from './observed-calls.js';
import type { ReadinessCheck } from './readiness.js';

/** Number of calls in a row that have to fail before Discord counts as out of order: one or two fail every day. */
const failuresInARow = 5;

/** Pause between two calls that only find out whether the trouble is over. */
const probeEveryMs = 30_000;

/** Knows from the calls of Discord's HTTP API whether it does what it is asked. */
export class DiscordHealth {
  /** The check for operators: while calls fail, it has Discord asked now and then whether that is over. */
  readonly check: ReadinessCheck = { name: 'discord', look: () => this.#look() };
  readonly #probe: () => Promise<unknown>;
  #failures = 0;
  #trouble = '';
  #probedAt = Number.NEGATIVE_INFINITY;

  /** @param probe - makes a call of Discord's API that changes nothing, and that {@link hear} is told of. */
  constructor(probe: () => Promise<unknown>) {
    this.#probe = probe;
  }

  /** Hears of a call that has ended. */
  hear({ status, isJson }: Pick<ObservedCall, 'status' | 'isJson'>): void {
    const isBlocked = (status === 403 || status === 429) && !isJson;
    if (isBlocked) {
      // Nobody but whoever stands before Discord answers so, and it means all calls.
      this.#failures = failuresInARow;
      this.#trouble =
        `Discord's protection turns this machine away (status ${status}), as a rule after too many refused calls from its ` +
        'address: wait an hour, or run it elsewhere.';
    } else if (status === undefined || status >= 500) {
      this.#failures++;
      this.#trouble =
        status === undefined
          ? "Discord's HTTP API does not answer: check the network and https://discordstatus.com."
          : `Discord's HTTP API answers with status ${status}: it has trouble of its own (https://discordstatus.com).`;
    } else this.#failures = 0;
  }

  #look(): void {
    if (this.#failures < failuresInARow) return;
    const now = performance.now();
    if (now - this.#probedAt >= probeEveryMs) {
      this.#probedAt = now;
      this.#probe().catch(() => {});
    }
    throw new Error(this.#trouble);
  }
}

/**
 * Counts all calls of Discord's HTTP API in the metrics, and checks by them whether it does what it is asked.
 * @param api - address of the API; undefined for Discord's own.
 * @returns the function that makes the requests, and the check.
 */
export function observeDiscord(
  api: string | undefined,
  metrics: Pick<Metrics, 'discordAnswered'>,
): { readonly makeRequest: RESTOptions['makeRequest']; readonly check: ReadinessCheck } {
  const makeRequest = observedCalls((call) => {
    metrics.discordAnswered(call.method, call.status, call.seconds);
    health.hear(call);
  });
  // This client neither waits nor tries again: its calls only ask how things are.
  const probe = new REST({ ...(api !== undefined && { api }), makeRequest, retries: 0, rejectOnRateLimit: () => true });
  const health = new DiscordHealth(() => probe.get(Routes.gateway(), { auth: false }));
  return { makeRequest, check: health.check };
}
