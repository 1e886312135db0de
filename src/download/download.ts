import type { CodedError } from '../coded-error.js';
import { downloadError } from './download-error.js';
import { isAllowed } from './origins.js';
import { retry, retryAfterMs, TemporaryFailure } from './retry.js';

export interface DownloadOptions {
  /** Origins that may be downloaded from, for {@link isAllowed}. */
  readonly origins: readonly string[];
  /** Largest size of the body in bytes, after decoding. */
  readonly maxBytes: number;
  /** Time limit for all of it: connecting, redirects, further attempts and the body. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Options of one attempt, with the signal that ends all attempts. */
interface Attempt extends Pick<DownloadOptions, 'origins' | 'maxBytes'> {
  readonly signal: AbortSignal;
}

const maxRedirects = 3;

/** Pauses before the second and the third attempt, where the server doesn't say how long to wait. */
const pausesMs = [250, 1000] as const;

/** Headers of requests, without compression: pictures gain nothing by it, and few bytes could become many. */
const headers = { 'accept-encoding': 'identity', 'user-agent': 'whitewalker' } as const;

/**
 * Downloads what is at an address, which strangers choose: only from the origins that are allowed, redirects included,
 * and never more than the limits. It tries again where the connection broke or the server said that it can't just now.
 * @returns the body, which may be empty.
 * @throws `download/…`, see {@link downloadError}; the signal's reason once it is aborted.
 */
export async function download(address: string, options: DownloadOptions): Promise<Uint8Array> {
  const { origins, maxBytes, timeoutMs, signal } = options;
  signal?.throwIfAborted();
  const url = allowed(address, undefined, origins);
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(timeoutError(url, timeoutMs)), timeoutMs);
  const attempt: Attempt = {
    origins,
    maxBytes,
    signal: signal ? AbortSignal.any([signal, timeout.signal]) : timeout.signal,
  };
  const deadline = performance.now() + timeoutMs;
  try {
    return await retry(() => attemptOnce(url, attempt), { signal: attempt.signal, pausesMs, deadline });
  } finally {
    clearTimeout(timer);
  }
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
  throw downloadError('unavailable', `${url.host} redirects again and again.`, { host: url.host });
}

async function request(url: URL, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, { headers, signal, redirect: 'manual', credentials: 'omit' });
  } catch (cause) {
    throw broken(url, cause);
  }
}

/** Returns where an answer redirects to; undefined where it does not. */
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
  // A connection that broke is closed already.
  await body?.cancel().catch(() => {});
}

/** Returns an address as a URL. @throws `download/not-allowed` where it may not be asked for. */
function allowed(address: string, base: URL | undefined, origins: readonly string[]): URL {
  const url = URL.canParse(address, base?.href) ? new URL(address, base) : undefined;
  if (url !== undefined && isAllowed(url, origins)) return url;
  const context = url?.host ? { host: url.host } : {};
  throw downloadError(
    'not-allowed',
    `${url?.host || 'This address'} is not among the hosts to download from.`,
    context,
  );
}

/** Makes the error for an answer other than success. */
function refusal({ status, headers }: Response, { host }: URL): Error {
  const message = `${host} answered with status ${status}.`;
  const context = { host, status };
  if (status === 403 || status === 404 || status === 410) return downloadError('not-found', message, context);
  const unavailable = downloadError('unavailable', message, context);
  const isTemporary = status === 429 || status >= 500;
  return isTemporary ? new TemporaryFailure(unavailable, { retryAfterMs: retryAfterMs(headers) }) : unavailable;
}

function broken({ host }: URL, cause: unknown): TemporaryFailure {
  return new TemporaryFailure(downloadError('unavailable', `The connection to ${host} broke.`, { host }, cause));
}

function tooManyBytes({ host }: URL, maxBytes: number): CodedError {
  const maxMegabytes = Math.floor((maxBytes / 1024 ** 2) * 10) / 10;
  return downloadError('too-many-bytes', `${host} has more than ${maxBytes} bytes there.`, {
    host,
    maxBytes,
    maxMegabytes,
  });
}

function timeoutError({ host }: URL, timeoutMs: number): CodedError {
  return downloadError('timeout', `${host} took more than ${timeoutMs} ms.`, { host });
}
