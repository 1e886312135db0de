import { createHash } from 'node:crypto';

/** The largest number of requests in a window of time. */
export interface RateLimit {
  readonly limit: number;
  readonly windowMs: number;
}

/** The limits that Discord is known to have or to have had; it changes them without notice. */
export const defaultRateLimits = {
  /** Limit of edits and follow-ups of one interaction. */
  webhook: { limit: 5, windowMs: 2_000 },
  interactionCallback: { limit: 5, windowMs: 1_000 },
  /** Limit of messages posted into one channel. */
  postMessage: { limit: 5, windowMs: 5_000 },
  editMessage: { limit: 5, windowMs: 5_000 },
  deleteMessage: { limit: 5, windowMs: 1_000 },
  commands: { limit: 20, windowMs: 5_000 },
  other: { limit: 50, windowMs: 1_000 },
  /** Limit of all requests with the bot's token together. */
  global: { limit: 50, windowMs: 1_000 },
} as const satisfies Record<string, RateLimit>;

export type RateLimitName = keyof typeof defaultRateLimits;
export type RateLimits = Readonly<Record<RateLimitName, RateLimit>>;

interface Window {
  readonly endsAt: number;
  used: number;
}

/** Whether a request is within its limits, with the headers that say so. */
export interface RateLimitAnswer {
  readonly isAllowed: boolean;
  readonly isGlobal: boolean;
  readonly retryAfterMs: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** Counts requests in buckets, and makes the headers in which Discord tells the limits. */
export class RateLimiter {
  readonly #limits: RateLimits;
  readonly #windows = new Map<string, Window>();

  constructor(limits: Partial<RateLimits>) {
    this.#limits = { ...defaultRateLimits, ...limits };
  }

  /**
   * Counts a request, and returns whether it is allowed.
   * @param owner - what the bucket belongs to: a channel's id, say, or an interaction's token.
   */
  take(name: RateLimitName, owner: string, isBot: boolean): RateLimitAnswer {
    if (isBot && !name.startsWith('interaction') && name !== 'webhook') {
      const global = this.#count('global', '');
      if (!global.isAllowed) return { ...global, isGlobal: true, headers: { 'x-ratelimit-global': 'true' } };
    }
    return { ...this.#count(name, owner), isGlobal: false };
  }

  #count(name: RateLimitName, owner: string) {
    const { limit, windowMs } = this.#limits[name];
    const key = `${name} ${owner}`;
    const now = performance.now();
    let window = this.#windows.get(key);
    if (!window || window.endsAt <= now) {
      window = { endsAt: now + windowMs, used: 0 };
      this.#forgetPast(now);
      this.#windows.set(key, window);
    }
    const isAllowed = window.used < limit;
    if (isAllowed) window.used++;
    const leftMs = window.endsAt - now;
    const headers = {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(limit - window.used),
      'x-ratelimit-reset': ((Date.now() + leftMs) / 1000).toFixed(3),
      'x-ratelimit-reset-after': (leftMs / 1000).toFixed(3),
      'x-ratelimit-bucket': createHash('md5').update(name).digest('hex'),
    };
    return { isAllowed, retryAfterMs: leftMs, headers };
  }

  #forgetPast(now: number): void {
    if (this.#windows.size < 1_000) return;
    for (const [key, window] of this.#windows) if (window.endsAt <= now) this.#windows.delete(key);
  }
}
