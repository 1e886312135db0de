import { describe, expect, it } from 'vitest';
import { CodedError } from '../../src/coded-error.js';
import { type RetryOptions, retry, retryAfterMs, TemporaryFailure } from '../../src/download/retry.js';

const failure = new CodedError('download', 'unavailable', 'The server is asleep.');

/** Tries an attempt that throws these errors in turn and then succeeds; returns result, attempts and pauses. */
async function retried(errors: readonly unknown[], options: Partial<RetryOptions> = {}) {
  let attempts = 0;
  const pauses: number[] = [];
  const attempt = async () => {
    if (attempts++ < errors.length) throw errors[attempts - 1];
    return 'done';
  };
  const result = await retry(attempt, {
    signal: new AbortController().signal,
    pausesMs: [1, 2],
    onRetry: (_, pauseMs) => pauses.push(pauseMs),
    ...options,
  }).catch((error: unknown) => error);
  return { result, attempts, pauses };
}

const temporary = (options?: ConstructorParameters<typeof TemporaryFailure>[1]) =>
  new TemporaryFailure(failure, options);

describe('attempts', () => {
  it('are made until one succeeds', async () => {
    expect(await retried([])).toEqual({ result: 'done', attempts: 1, pauses: [] });
    expect(await retried([temporary(), temporary()])).toEqual({ result: 'done', attempts: 3, pauses: [1, 2] });
  });

  it('end with the failure itself when there are no more pauses', async () => {
    const { result, attempts } = await retried([temporary(), temporary(), temporary()]);
    expect({ result, attempts }).toEqual({ result: failure, attempts: 3 });
  });

  it('end at once with what the next would meet again', async () => {
    expect(await retried([failure])).toEqual({ result: failure, attempts: 1, pauses: [] });
  });

  it('wait as long as the other side asks for, unless that is too long or too late', async () => {
    const asking = temporary({ retryAfterMs: 20 });
    expect(await retried([asking])).toMatchObject({ result: 'done', pauses: [20] });
    expect(await retried([asking], { longestPauseMs: 19 })).toEqual({ result: failure, attempts: 1, pauses: [] });
    const deadline = performance.now() + 10;
    expect(await retried([asking], { deadline })).toEqual({ result: failure, attempts: 1, pauses: [] });
  });

  it('are fewer for a failure that is worth fewer', async () => {
    const rare = temporary({ mostFailures: 2 });
    expect(await retried([rare, rare])).toEqual({ result: failure, attempts: 2, pauses: [1] });
  });

  it('count anew after one that came further, up to the most in all', async () => {
    const errors = Array.from({ length: 6 }, () => temporary());
    const hasProgressed = () => true;
    expect(await retried(errors, { hasProgressed })).toMatchObject({ result: 'done', pauses: [1, 1, 1, 1, 1, 1] });
    expect(await retried(errors, { hasProgressed, mostAttempts: 4 })).toMatchObject({ result: failure, attempts: 4 });
  });

  it('stop with the signal’s reason, in an attempt and in a pause', async () => {
    const controller = new AbortController();
    const stopping = { signal: controller.signal, onRetry: () => controller.abort('enough') };
    expect(await retried([temporary({ retryAfterMs: 60_000 })], stopping)).toMatchObject({ result: 'enough' });
    expect(await retried([new Error('broken by the signal')], stopping)).toMatchObject({ result: 'enough' });
  });
});

describe('the pause that an answer asks for', () => {
  it.each([
    ['3', 3000],
    [' 0 ', 0],
    ['Wed, 21 Oct 2026 07:28:00 GMT', undefined],
    ['-1', undefined],
  ])('is in seconds: "%s"', (value, expected) => {
    expect(retryAfterMs(new Headers({ 'retry-after': value }))).toBe(expected);
  });

  it('is none without the header', () => {
    expect(retryAfterMs(new Headers())).toBeUndefined();
  });
});
