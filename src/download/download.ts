import { setTimeout as wait } from 'node:timers/promises';
import { isAllowed } from './origins.js';

export interface DownloadOptions {
  /** Where it may be downloaded from, see {@link isAllowed}. */
  readonly origins: readonly string[];
  /** What the body may have, after decoding. */
  readonly maxBytes: number;
  /** For all of it: connecting, redirects, further attempts and the body. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Why something can't be downloaded; the texts a person reads are looked up by it. */
export type DownloadErrorCode = 'not-allowed' | 'not-found' | 'too-many-bytes' | 'timeout' | 'unavailable';

/** `maxBytes` and `maxMegabytes` with `too-many-bytes`; `status` where there was an answer; `host` where there is one. */
export type DownloadErrorContext = Readonly<Record<string, string | number>>;

/** A download that came to nothing. Neither message nor context has the address itself: it can be signed. */
export class DownloadError extends Error {
  override readonly name = 'DownloadError';
  readonly code: DownloadErrorCode;
  readonly context: DownloadErrorContext;

  constructor(code: DownloadErrorCode, message: string, context: DownloadErrorContext = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.context = context;
  }
}

/** What one attempt needs. */
interface Attempt extends Pick<DownloadOptions, 'origins' | 'maxBytes'> {
  readonly signal: AbortSignal;
}

/** A failure that the next attempt may not meet. */
class TemporaryDownloadError extends DownloadError {
  /** When the server said that the next attempt makes sense. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, context: DownloadError['context'], retryAfterMs?: number, options?: ErrorOptions) {
    super('unavailable', message, context, options);
    this.retryAfterMs = retryAfterMs;
  }
}

const maxRedirects = 3;

/** Before the second and the third attempt, where the server says nothing else. */
const pausesMs = [250, 1000] as const;

/** Compressed pictures gain nothing by compression, and decompression could make much of few bytes. */
const headers = { 'accept-encoding': 'identity', 'user-agent': 'whitewalker' } as const;

/**
 * What is at an address, which strangers choose: only from the origins that are allowed, redirects included, and never
 * more than the limits. Tries again where the connection broke or the server said that it can't just now.
 *
 * @returns the body, be it empty.
 * @throws DownloadError `not-allowed`, `not-found`, `too-many-bytes`, `timeout` or `unavailable`; the signal's reason.
 */
export async function download(address: string, options: DownloadOptions): Promise<Uint8Array> {
  const { origins, maxBytes, timeoutMs, signal } = options;
  signal?.throwIfAborted();
  const url = allowed(address, undefined, origins);
  const controller = new AbortController();
  const stop = () => controller.abort(signal?.reason);
  const timer = setTimeout(() => controller.abort(timeoutError(url, timeoutMs)), timeoutMs);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const deadline = performance.now() + timeoutMs;
    return await persistently(url, deadline, { origins, maxBytes, signal: controller.signal });
  } catch (error) {
    // Whatever breaks when it is stopped, breaks because of that.
    throw controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}

/** Makes attempts until one succeeds, or the next would be too many or too late. */
async function persistently(url: URL, deadline: number, attempt: Attempt): Promise<Uint8Array> {
  for (const usualPauseMs of pausesMs) {
    try {
      return await attemptOnce(url, attempt);
    } catch (error) {
      if (!(error instanceof TemporaryDownloadError)) throw error;
      const pauseMs = error.retryAfterMs ?? usualPauseMs;
      if (performance.now() + pauseMs >= deadline) throw error;
      await wait(pauseMs, undefined, { signal: attempt.signal });
    }
  }
  return attemptOnce(url, attempt);
}

async function attemptOnce(start: URL, attempt: Attempt): Promise<Uint8Array> {
  let url = start;
  for (let redirects = 0; redirects <= maxRedirects; redirects++) {
    const response = await request(url, attempt.signal);
    const location = redirection(response);
    if (location === undefined) return await bodyOf(response, url, attempt);
    await discard(response);
    url = allowed(location, url, attempt.origins);
  }
  throw new DownloadError('unavailable', `${url.host} redirects again and again.`, { host: url.host });
}

async function request(url: URL, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, { headers, signal, redirect: 'manual', credentials: 'omit' });
  } catch (cause) {
    throw broken(url, cause);
  }
}

/** Where an answer sends us, if it does. */
function redirection({ status, headers }: Response): string | undefined {
  return [301, 302, 303, 307, 308].includes(status) ? (headers.get('location') ?? undefined) : undefined;
}

async function bodyOf(response: Response, url: URL, { maxBytes }: Attempt): Promise<Uint8Array> {
  const { headers, body } = response;
  if (!response.ok) {
    await discard(response);
    throw refusal(response, url);
  }
  if (Number(headers.get('content-length')) > maxBytes) {
    await discard(response);
    throw tooManyBytes(url, maxBytes);
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of body ?? []) {
      length += chunk.length;
      // Leaving the loop closes the connection.
      if (length > maxBytes) break;
      chunks.push(chunk);
    }
  } catch (cause) {
    throw broken(url, cause);
  }
  if (length > maxBytes) throw tooManyBytes(url, maxBytes);
  return Buffer.concat(chunks, length);
}

/** Closes the connection of an answer whose body nobody wants. */
async function discard({ body }: Response): Promise<void> {
  // What broke already is closed.
  await body?.cancel().catch(() => {});
}

/** An address as an URL, if it may be asked for. */
function allowed(address: string, base: URL | undefined, origins: readonly string[]): URL {
  const url = URL.canParse(address, base?.href) ? new URL(address, base) : undefined;
  if (url !== undefined && isAllowed(url, origins)) return url;
  const context = url?.host ? { host: url.host } : {};
  throw new DownloadError(
    'not-allowed',
    `${url?.host || 'This address'} is not among the hosts to download from.`,
    context,
  );
}

/** What an answer other than success means. */
function refusal({ status, headers }: Response, { host }: URL): DownloadError {
  const message = `${host} answered with status ${status}.`;
  const context = { host, status };
  if (status === 403 || status === 404 || status === 410) return new DownloadError('not-found', message, context);
  if (status !== 429 && status < 500) return new DownloadError('unavailable', message, context);
  // The other form, a date, is not worth the trouble.
  const seconds = /^\d+$/.exec(headers.get('retry-after')?.trim() ?? '')?.[0];
  return new TemporaryDownloadError(message, context, seconds === undefined ? undefined : Number(seconds) * 1000);
}

function broken({ host }: URL, cause: unknown): TemporaryDownloadError {
  return new TemporaryDownloadError(`The connection to ${host} broke.`, { host }, undefined, { cause });
}

function tooManyBytes({ host }: URL, maxBytes: number): DownloadError {
  const maxMegabytes = Math.floor((maxBytes / 1024 ** 2) * 10) / 10;
  return new DownloadError('too-many-bytes', `${host} has more than ${maxBytes} bytes there.`, {
    host,
    maxBytes,
    maxMegabytes,
  });
}

function timeoutError({ host }: URL, timeoutMs: number): DownloadError {
  return new DownloadError('timeout', `${host} took more than ${timeoutMs} ms.`, { host });
}
