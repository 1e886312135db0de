import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { serve } from '../../download/local-server.js';

/** A request for a file, and how much was sent in answer. */
export interface FileRequest {
  readonly path: string;
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
  /** Number of bytes of the body that were sent. */
  sent: number;
}

/** How a file is served, and what goes wrong meanwhile. */
export interface FileBehaviour {
  readonly etag?: string | undefined;
  readonly contentType?: string | undefined;
  /** Whether every request is answered with the whole file. */
  readonly ignoresRanges?: boolean | undefined;
  /** Whether the answer does not say how long its body is. */
  readonly isChunked?: boolean | undefined;
  /** Number of bytes of the body that are sent before {@link ending} happens. Default: all. */
  readonly sendOnly?: number | undefined;
  /**
   * How a partial body ends: `break` cuts the connection (see {@link FileServer.taken}), `hang` keeps it open, `end`
   * pretends that the body is complete.
   */
  readonly ending?: 'break' | 'hang' | 'end' | undefined;
}

/** A server of files that can misbehave in the ways that servers and networks do. */
export class FileServer {
  readonly origin: string;
  readonly requests: readonly FileRequest[];
  readonly #requests: FileRequest[];
  /** Answers to the next requests, in turn; the last one answers all further ones. */
  answers: ((request: IncomingMessage, response: ServerResponse, record: FileRequest) => void)[] = [];
  /** Connections that are to be cut, by how many bytes of the file their client must have by then. */
  readonly #breaking = new Map<ServerResponse, number>();

  private constructor(origin: string, requests: FileRequest[]) {
    this.origin = origin;
    this.requests = requests;
    this.#requests = requests;
  }

  /** Starts a server that listens until the test is finished. */
  static async start(): Promise<FileServer> {
    const listen: RequestListener = (request, response) => server.#answer(request, response);
    const server: FileServer = new FileServer(await serve(listen), []);
    return server;
  }

  /** Answers the next request with a status and a short text. */
  status(code: number, headers: Record<string, string> = {}): this {
    this.answers.push((_, response) => void response.writeHead(code, headers).end(`status ${code}`));
    return this;
  }

  /** Answers the next request with a file. */
  file(bytes: Uint8Array, behaviour: FileBehaviour = {}): this {
    this.answers.push((request, response, record) => {
      const end = sendFile(request, response, record, bytes, behaviour);
      if (end !== undefined) this.#breaking.set(response, end);
    });
    return this;
  }

  /**
   * Tells the server how many bytes of the file a client has. A connection is cut only once its client has everything
   * that was sent: if it broke sooner, some of that might be lost.
   */
  taken(size: number): void {
    for (const [response, end] of this.#breaking) {
      if (size < end) continue;
      this.#breaking.delete(response);
      response.destroy();
    }
  }

  get bytesSent(): number {
    return this.#requests.reduce((sum, { sent }) => sum + sent, 0);
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { range, 'if-range': ifRange } = request.headers;
    const record: FileRequest = { path: request.url ?? '', range, ifRange: ifRange?.toString(), sent: 0 };
    this.#requests.push(record);
    const answer = this.answers.length > 1 ? this.answers.shift() : this.answers[0];
    if (answer) answer(request, response, record);
    else response.writeHead(404).end();
  }
}

/**
 * Sends a file.
 * @returns how many bytes of the file the client will have when the connection is to be cut; undefined where it is not.
 */
function sendFile(
  { headers }: IncomingMessage,
  response: ServerResponse,
  record: FileRequest,
  bytes: Uint8Array,
  { etag, contentType, ignoresRanges, isChunked, sendOnly, ending = 'break' }: FileBehaviour,
): number | undefined {
  const asked = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? Number.NaN);
  const isSame = headers['if-range'] === undefined || headers['if-range'] === etag;
  const isPart = !Number.isNaN(asked) && isSame && !ignoresRanges;
  if (isPart && asked >= bytes.length) {
    response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
    return undefined;
  }
  const begin = isPart ? asked : 0;
  const body = bytes.subarray(begin);
  response.writeHead(isPart ? 206 : 200, {
    'content-type': contentType ?? 'application/octet-stream',
    ...(etag === undefined ? {} : { etag }),
    ...(isChunked ? {} : { 'content-length': String(body.length) }),
    ...(isPart ? { 'content-range': `bytes ${begin}-${bytes.length - 1}/${bytes.length}` } : {}),
  });
  const sent = body.subarray(0, sendOnly);
  record.sent = sent.length;
  response.write(sent);
  if (sendOnly === undefined || ending === 'end') response.end();
  else if (ending === 'break') return begin + sent.length;
  return undefined;
}
