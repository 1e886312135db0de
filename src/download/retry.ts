import { setTimeout as wait } from 'node:timers/promises';
import type { CodedError } from '../coded-error.js';

export interface RetryOptions {
  /** Stops attempts and pauses: its reason is thrown then, whatever broke because of it. */
  readonly signal: AbortSignal;
  /** Pauses before the second attempt, the third and so on, where the other side doesn't say when to come back. */
  readonly pausesMs: readonly number[];
  /** Time, on the clock of {@link performance.now}, before which each pause has to end; otherwise it is not made. */
  readonly deadline?: number | undefined;
  /** Longest pause that is made: where a longer one is due, there are no further attempts. */
  readonly longestPauseMs?: number | undefined;
  /** Largest number of attempts in all, however far each of them came. */
  readonly mostAttempts?: number | undefined;
  /** Whether the attempt that failed came further than those before: then the pauses begin anew. */
  readonly hasProgressed?: (() => boolean) | undefined;
  readonly onRetry?: ((error: CodedError, pauseMs: number) => void) | undefined;
}

/** Attempts throw this for a failure that the next one may not meet. {@link retry} itself throws its `failure`. */
export class TemporaryFailure extends Error {
  override readonly name = 'TemporaryFailure';
  readonly failure: CodedError;
  /** Pause after which the other side said that the next attempt makes sense; undefined where it did not say. */
  readonly retryAfterMs: number | undefined;
  /** Number of failures in a row after which there are no further attempts, even if there are more pauses. */
  readonly mostFailures: number;

  constructor(
    failure: CodedError,
    {
      retryAfterMs,
      mostFailures = Number.POSITIVE_INFINITY,
    }: { retryAfterMs?: number | undefined; mostFailures?: number } = {},
  ) {
    super(failure.message, { cause: failure });
    this.failure = failure;
    this.retryAfterMs = retryAfterMs;
    this.mostFailures = mostFailures;
  }
}

/**
 * Makes attempts, with pauses between them, until one succeeds, fails for good, or the next one would be too many or
 * too late. The pauses are exactly as given: few of our processes ask the same server, so that nothing is won by
 * spreading them.
 * @returns what the successful attempt returns.
 * @throws the last failure; at once, whatever an attempt throws that is no {@link TemporaryFailure}; the signal's
 *   reason.
 */
export async function retry<Result>(attempt: () => Promise<Result>, options: RetryOptions): Promise<Result> {
  const { signal, mostAttempts = Number.POSITIVE_INFINITY, hasProgressed, onRetry } = options;
  let failures = 0;
  for (let attempts = 1; ; attempts++) {
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof TemporaryFailure)) throw error;
      failures = hasProgressed?.() ? 1 : failures + 1;
      const pauseMs = attempts < mostAttempts ? pauseAfter(error, failures, options) : undefined;
      if (pauseMs === undefined) throw error.failure;
      onRetry?.(error.failure, pauseMs);
      await wait(pauseMs, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }
}

/** Returns the pause before the next attempt; undefined where there shall be no further attempt. */
function pauseAfter(
  { retryAfterMs, mostFailures }: TemporaryFailure,
  failures: number,
  { pausesMs, deadline = Number.POSITIVE_INFINITY, longestPauseMs = Number.POSITIVE_INFINITY }: RetryOptions,
): number | undefined {
  const usualMs = failures < mostFailures ? pausesMs[failures - 1] : undefined;
  if (usualMs === undefined) return undefined;
  const pauseMs = retryAfterMs ?? usualMs;
  return pauseMs > longestPauseMs || performance.now() + pauseMs >= deadline ? undefined : pauseMs;
}

/** Returns the pause that Retry-After asks for; the header's other form, a date, is not worth the trouble. */
export function retryAfterMs(headers: Headers): number | undefined {
  const seconds = /^\d+$/.exec(headers.get('retry-after')?.trim() ?? '')?.[0];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}
