import type { IncomingMessage } from 'node:http';
import { ApiError, entityTooLarge, invalidJson } from './api-error.js';
import type { Upload } from './file-store.js';

/** A request to the API, read and taken apart. */
export interface ApiRequest {
  readonly method: string;
  /** The request's path, without `/api/v10` and query. */
  readonly path: string;
  /** Values of the route's variable parts, by their names: what stands for each `:name`. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The JSON body, or the form's `payload_json`; routes get an empty object where there is none. */
  readonly body: unknown;
  /** Uploaded files, by the number n in `files[n]`. */
  readonly uploads: ReadonlyMap<number, Upload>;
}

/** What a request asks for. */
export interface Target {
  readonly url: URL;
  /** The path of {@link url}, decoded. */
  readonly path: string;
}

/** Returns what a request's line asks for; undefined where that is no path, such as `*` or one that is coded wrongly. */
export function targetOf({ url: line = '' }: IncomingMessage): Target | undefined {
  if (!line.startsWith('/')) return undefined;
  try {
    // Of two slashes at the beginning, the second would begin a host.
    const url = new URL(`http://localhost${line}`);
    return { url, path: decodeURIComponent(url.pathname) };
  } catch {
    return undefined;
  }
}

/** Largest size of one request, in bytes, whatever the limit of a single file is. */
export const maxRequestBytes = 25 * 2 ** 20;

/** Thrown where a fault breaks off an upload. */
export class UploadCutError extends Error {
  override readonly name = 'UploadCutError';
}

/**
 * Reads a request's body. A body that is too long is read to its end, so that its sender can hear the answer, but not
 * kept.
 *
 * @throws ApiError 413 beyond 25 MiB; UploadCutError once `cutAfterBytes` have come.
 */
export async function readBody(request: IncomingMessage, cutAfterBytes = Number.POSITIVE_INFINITY): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes >= cutAfterBytes) throw new UploadCutError();
    if (bytes <= maxRequestBytes) chunks.push(chunk);
  }
  if (bytes > maxRequestBytes) throw entityTooLarge();
  return Buffer.concat(chunks);
}

/**
 * Takes a body apart: JSON, or a form of `payload_json` and `files[n]`.
 *
 * @throws ApiError if it is neither.
 */
export async function parseBody(bytes: Buffer, contentType: string): Promise<Pick<ApiRequest, 'body' | 'uploads'>> {
  const uploads = new Map<number, Upload>();
  if (bytes.byteLength === 0) return { body: undefined, uploads };
  if (contentType.startsWith('application/json')) return { body: parseJson(bytes.toString('utf8')), uploads };
  if (!contentType.startsWith('multipart/form-data')) {
    throw new ApiError(400, 0, `Expected a body of JSON or multipart/form-data, got "${contentType}"`);
  }
  const form = await readForm(bytes, contentType);
  let body: unknown;
  for (const [name, value] of form) {
    const number = /^files\[(\d+)\]$/.exec(name)?.[1];
    if (typeof value === 'string') {
      if (name === 'payload_json') body = parseJson(value);
    } else if (number !== undefined) {
      uploads.set(Number(number), { bytes: new Uint8Array(await value.arrayBuffer()), name: value.name });
    }
  }
  return { body: body ?? {}, uploads };
}

async function readForm(bytes: Buffer, contentType: string): Promise<FormData> {
  try {
    return await new Response(bytes, { headers: { 'content-type': contentType } }).formData();
  } catch (error) {
    throw new ApiError(400, 50035, `Invalid Form Body: ${error instanceof Error ? error.message : error}`);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalidJson();
  }
}
