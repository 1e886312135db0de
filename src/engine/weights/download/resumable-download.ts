import { type CodedError, isCoded } from '../../../coded-error.js';
import { retry, retryAfterMs, TemporaryFailure } from '../../../download/retry.js';
import { systemCode } from '../../../files/file-trouble.js';
import { looksLikeMarkup } from '../markup.js';
import type { PartialFile } from './partial-file.js';
import { sourceError } from './source-error.js';

export interface ResumableDownloadOptions {
  readonly address: string;
  /** The part of the file that is there already, to which the download is appended. */
  readonly part: PartialFile;
  /** The file's size in bytes, where it is known beforehand: a file of another size is not downloaded. */
  readonly bytes: number | undefined;
  readonly signal: AbortSignal;
  /** Called before the first byte, with the file's size where it is known; it may throw to stop, like `checkRoom`. */
  readonly onBegin?: ((total: number | undefined) => Promise<void>) | undefined;
  readonly onProgress?: ((received: number, total: number | undefined) => void) | undefined;
  readonly onRetry?: ((error: CodedError, pauseMs: number) => void) | undefined;
  readonly patience?: Patience | undefined;
}

/** The pauses and timeouts after which a source is given up. */
export interface Patience {
  /** Pauses before further attempts, unless the source asks for one; they begin anew when an attempt brought bytes. */
  readonly pausesMs: readonly number[];
  /** The time without a byte after which a connection counts as broken. */
  readonly stallMs: number;
}

const defaultPatience: Patience = { pausesMs: [1000, 2000, 4000, 8000, 16_000], stallMs: 30_000 };

/** The most attempts in all, however many bytes each has brought. */
const mostAttempts = 100;

/** The most attempts at a source that can't be reached: it rarely can be a little later. */
const unreachableAttempts = 3;

/** The longest pause that a source may ask for; one that asks for a longer pause is given up. */
const longestPauseMs = 60_000;

/** Headers of every request: weights do not compress, and parts of a compressed body could not be asked for. */
const usualHeaders = { 'accept-encoding': 'identity', 'user-agent': 'whitewalker' } as const;

/**
 * Downloads the rest of a file: by Range, so that bytes that are there are not fetched again, and by If-Range, so that
 * a file that has changed meanwhile begins anew. Tries again where the connection breaks.
 *
 * @returns whether the file was put together from parts: then it can be wrong even though the source is right.
 * @throws `source/…` where the source is of no use; `weights/…` where the file can't be written; the signal's reason.
 *   Bytes that have arrived are kept in all cases but a file of the wrong kind.
 */
export async function downloadResumably(options: ResumableDownloadOptions): Promise<{ readonly isPatched: boolean }> {
  const { part, signal, onRetry, patience = defaultPatience } = options;
  let before = part.size;
  const hasProgressed = () => part.size > before;
  const next = async () => {
    before = part.size;
    try {
      return await attempt(options, patience);
    } catch (error) {
      // An empty part would only leave its provenance behind.
      if (part.size === 0) await part.discard();
      throw error;
    }
  };
  return retry(next, { signal, pausesMs: patience.pausesMs, longestPauseMs, mostAttempts, hasProgressed, onRetry });
}

async function attempt(
  { address, part, bytes, signal, onBegin, onProgress }: ResumableDownloadOptions,
  { stallMs }: Patience,
): Promise<{ readonly isPatched: boolean }> {
  if (part.size > 0 && part.size === (bytes ?? part.provenance?.total)) return { isPatched: true };
  const stall = new AbortController();
  const stalled = () => stall.abort(cutOff(address, `sent nothing for ${stallMs / 1000} s`));
  const timer = setTimeout(stalled, stallMs);
  try {
    const response = await request(address, part, AbortSignal.any([signal, stall.signal]));
    const total = totalOf(response);
    let start: number;
    try {
      start = checkedStart(response, address, { total, part, bytes });
    } catch (error) {
      await response.body?.cancel().catch(() => {});
      // The source sent a wrong range or none: the next attempt asks for the whole file.
      if (response.status === 206 || response.status === 416) await part.discard();
      throw error;
    }
    await onBegin?.(total);
    if (start === 0) await part.restart({ address, validator: validatorOf(response), total });
    const size = total ?? bytes;
    onProgress?.(part.size, size);
    const chunks = bodyOf(response, { address, isStart: start === 0, onChunk: () => timer.refresh() });
    await part.append(chunks, (received) => {
      onProgress?.(received, size);
      if (received > (size ?? received)) throw wrongSize(address, `more than ${size}`, size);
    });
    if (part.size < (size ?? 0)) throw cutOff(address, `ended after ${part.size} of ${size} bytes`);
    return { isPatched: start > 0 };
  } catch (error) {
    if (isCoded(error, 'source', 'wrong-size') && part.size > (bytes ?? 0)) await part.discard();
    throw stall.signal.aborted ? stall.signal.reason : error;
  } finally {
    clearTimeout(timer);
  }
}

async function request(address: string, part: PartialFile, signal: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = { ...usualHeaders };
  if (part.size > 0) {
    headers.range = `bytes=${part.size}-`;
    const { validator, address: begunAt } = part.provenance ?? {};
    // Another source has other ETags for the same file: there, only the digest in the end tells whether the parts fit.
    if (validator !== undefined && begunAt === address) headers['if-range'] = validator;
  }
  try {
    return await fetch(address, { headers, signal });
  } catch (cause) {
    throw unreachable(address, cause);
  }
}

/**
 * Returns the position in the file, in bytes, at which an answer's body begins.
 * @throws `source/…` for an answer that is of no use.
 */
function checkedStart(
  response: Response,
  address: string,
  { total, part, bytes }: Pick<ResumableDownloadOptions, 'part' | 'bytes'> & { readonly total: number | undefined },
): number {
  const { status, headers } = response;
  if (status === 416) throw cutOff(address, `has no bytes after the first ${part.size}`);
  if (status !== 200 && status !== 206) throw refusal(response, address);
  if (/^text\/html\b/i.test(headers.get('content-type') ?? '')) throw webPage(address);
  if (bytes !== undefined && total !== undefined && total !== bytes) {
    throw wrongSize(address, String(total), bytes);
  }
  if (status === 200) return 0;
  const start = /^bytes (\d+)-/.exec(headers.get('content-range') ?? '')?.[1];
  if (Number(start) !== part.size || total !== (part.provenance?.total ?? total)) {
    throw cutOff(address, 'answered with another part of the file than was asked for');
  }
  return part.size;
}

/** Returns the whole file's size in bytes, where an answer tells it. */
function totalOf({ status, headers }: Response): number | undefined {
  const size =
    status === 206 ? /\/(\d+)$/.exec(headers.get('content-range') ?? '')?.[1] : headers.get('content-length');
  return size && /^\d+$/.test(size) ? Number(size) : undefined;
}

function validatorOf({ headers }: Response): string | undefined {
  const tag = headers.get('etag');
  // A weak ETag promises the same meaning, not the same bytes.
  return tag?.startsWith('"') ? tag : (headers.get('last-modified') ?? undefined);
}

async function* bodyOf(
  response: Response,
  { address, isStart, onChunk }: { readonly address: string; readonly isStart: boolean; readonly onChunk: () => void },
): AsyncGenerator<Uint8Array> {
  let isFirst = isStart;
  try {
    for await (const chunk of response.body ?? []) {
      onChunk();
      if (isFirst && looksLikeMarkup(chunk)) throw webPage(address);
      isFirst = false;
      yield chunk;
    }
  } catch (cause) {
    throw isCoded(cause, 'source') ? cause : cutOff(address, `broke the connection (${reasonOf(cause)})`, cause);
  }
}

function refusal({ status, headers }: Response, address: string): Error {
  const answer = `answered with status ${status}`;
  if (status === 404 || status === 410) return sourceError('not-found', address, `has no such file (status ${status})`);
  if (status !== 408 && status !== 429 && status < 500) return sourceError('refused', address, answer);
  return new TemporaryFailure(sourceError('unavailable', address, answer), { retryAfterMs: retryAfterMs(headers) });
}

function wrongSize(address: string, found: string, expected: number | undefined): CodedError {
  return sourceError('wrong-size', address, `has a file of ${found} bytes, expected are ${expected}`);
}

function webPage(address: string): CodedError {
  const clause = 'sent a web page instead of the file; is there a proxy or a sign-in page between?';
  return sourceError('web-page', address, clause);
}

function cutOff(address: string, clause: string, cause?: unknown): TemporaryFailure {
  return new TemporaryFailure(sourceError('cut-off', address, clause, cause));
}

function unreachable(address: string, cause: unknown): TemporaryFailure {
  const failure = sourceError('unreachable', address, `cannot be reached (${reasonOf(cause)})`, cause);
  return new TemporaryFailure(failure, { mostFailures: unreachableAttempts });
}

/** Returns why a request failed, as a clause: `fetch` always says "fetch failed" and has the reason in its cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const code = systemCode(cause);
  const known: Readonly<Record<string, string>> = {
    ENOTFOUND: 'its name is not known: is there a connection to the internet?',
    EAI_AGAIN: 'its name cannot be looked up: is there a connection to the internet?',
    ECONNREFUSED: 'it refuses connections',
    ECONNRESET: 'it was reset',
    ETIMEDOUT: 'no answer',
    ENETUNREACH: 'there is no network',
    EHOSTUNREACH: 'there is no way to it',
    UND_ERR_CONNECT_TIMEOUT: 'no answer',
    UND_ERR_SOCKET: 'the other side closed it',
  };
  if (code !== undefined && Object.hasOwn(known, code)) return known[code] ?? code;
  return code ?? (cause instanceof Error ? cause.message : String(cause));
}
