import { setTimeout as wait } from 'node:timers/promises';
import type { CodedError } from '../coded-error.js';

export interface RetryOptions {
  /** Stops attempts and pauses: then its reason is thrown, whatever broke because of it. */
  readonly signal: AbortSignal;
  /** Pauses before the second attempt, the third and so on, where the other side doesn't say when to come back. */
  readonly pausesMs: readonly number[];
  /** A pause that ends later is not made; a time as {@link performance.now} has it. */
  readonly deadline?: number | undefined;
  /** A longer pause is not made. */
  readonly longestPauseMs?: number | undefined;
  /** The most attempts in all, however far each of them came. */
  readonly mostAttempts?: number | undefined;
  /** Whether the attempt that failed came further than those before: then the pauses begin anew. */
  readonly hasProgressed?: (() => boolean) | undefined;
  readonly onRetry?: ((error: CodedError, pauseMs: number) => void) | undefined;
}

/** What an attempt throws for a failure that the next attempt may not meet. Callers of {@link retry} get the failure itself. */
export class TemporaryFailure extends Error {
  override readonly name = 'TemporaryFailure';
  readonly failure: CodedError;
  /** When the other side said that the next attempt makes sense. */
  readonly retryAfterMs: number | undefined;
  /** After so many failures in a row there are no further attempts, even if there are more pauses. */
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
 * Makes attempts, with pauses between them, until one succeeds, fails for good, or the next one would be too many or too late.
 * The pauses are exactly as given: few of our processes ask the same server, so that nothing is won by spreading them.
 *
 * @throws the last failure; whatever else an attempt throws, at once; the signal's reason.
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

/** The pause before the next attempt; undefined where there shall be none. */
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

/** The pause that an answer asks for, in its header Retry-After; the header's other form, a date, is not worth the trouble. */
export function retryAfterMs(headers: Headers): number | undefined {
  const seconds = /^\d+$/.exec(headers.get('retry-after')?.trim() ?? '')?.[0];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}
