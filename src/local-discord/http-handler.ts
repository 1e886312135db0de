import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiError, notFound, type Problem, unauthorized } from './api-error.js';
import { isOfCdn, serveFile } from './cdn.js';
import type { Fault, Faults } from './faults.js';
import type { OpenApiCheck } from './openapi-check.js';
import type { RateLimiter } from './rate-limits.js';
import { type ApiRequest, parseBody, readBody, targetOf, UploadCutError } from './request.js';
import { type Answer, type Api, nameOfRequest, refuse } from './rest/api.js';
import { findRoute } from './rest/find-route.js';

/** A request that came in, and how it was answered. */
export interface RequestRecord {
  readonly method: string;
  /** The request's path, without `/api/v10` and query. */
  readonly path: string;
  /** Status of the answer; 0 where the connection was cut instead. */
  readonly status: number;
  /** Time from the request to its answer, in milliseconds. */
  readonly ms: number;
  /** When the request came in, in milliseconds since 1970 by the clock of the local Discord. */
  readonly at: number;
  /** What the bot did wrong in it, in sentences. */
  readonly violations: readonly string[];
}

export interface HttpParts {
  readonly api: Api;
  readonly faults: Faults;
  readonly rateLimiter: RateLimiter;
  readonly openApi: OpenApiCheck | undefined;
  /** Returns the bot's token. */
  readonly token: () => string;
  /** Whether the local Discord's own answers are checked against Discord's OpenAPI description, too. */
  readonly checksAnswers: boolean;
}

const mostRecords = 10_000;
const apiPrefix = /^\/api(\/v10)?(?=\/)/;

/** Answers every request to the API and to the CDN. */
export class HttpHandler {
  readonly requests: RequestRecord[] = [];
  readonly #parts: HttpParts;

  constructor(parts: HttpParts) {
    this.#parts = parts;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const violations: string[] = [];
    await this.#parts.api.violations.noting(violations, () => this.#handle(request, response, violations));
  }

  async #handle(request: IncomingMessage, response: ServerResponse, violations: readonly string[]): Promise<void> {
    const method = request.method ?? 'GET';
    const target = targetOf(request);
    if (!target) {
      this.#parts.api.violations.report(`${method} ${request.url}`, 'that is no path');
      return sendJson(response, { status: 400, body: { message: '400: Bad Request', code: 0 } });
    }
    const { url } = target;
    const path = target.path.replace(apiPrefix, '');
    const begin = performance.now();
    const at = this.#parts.api.world.clock.now();
    response.once('close', () => {
      const status = response.writableFinished ? response.statusCode : 0;
      if (this.requests.length >= mostRecords) this.requests.shift();
      const record = { method, path, status, ms: performance.now() - begin, at, violations };
      this.requests.push(record);
      this.#parts.api.world.changed({ kind: 'request', record });
    });
    try {
      const fault = this.#parts.faults.take(method, path);
      if (isOfCdn(url.pathname)) await this.#serveCdn(request, response, url, fault);
      else await this.#serveApi(request, response, { method, path, query: url.searchParams }, fault);
    } catch (error) {
      // Errors of a connection that the other side has closed half-way count as cut, too.
      if (error instanceof UploadCutError || !request.complete || response.destroyed) return cut(response);
      // An error of the local Discord itself must not pass for one of the bot.
      const message = `the local Discord failed: ${error instanceof Error ? error.stack : error}`;
      this.#parts.api.violations.report(`${method} ${path}`, message);
      sendJson(response, { status: 500, body: { message, code: 0 } });
    }
  }

  async #serveCdn(request: IncomingMessage, response: ServerResponse, url: URL, fault: Fault | undefined) {
    const complain = (what: string) => this.#parts.api.violations.report(`${request.method} ${url.pathname}`, what);
    if (request.headers.authorization !== undefined) complain('an Authorization header was sent to the CDN');
    if (request.url?.includes(this.#parts.token())) complain("the bot's token stands in an address of the CDN");
    if (await misbehave(response, fault)) return;
    await serveFile(this.#parts.api.world, url.pathname, url.searchParams, response, fault);
  }

  async #serveApi(
    request: IncomingMessage,
    response: ServerResponse,
    target: Pick<ApiRequest, 'method' | 'path' | 'query'>,
    fault: Fault | undefined,
  ): Promise<void> {
    const cutAfter = typeof fault === 'object' && 'resetAfterBytes' in fault ? fault.resetAfterBytes : undefined;
    const headers: Record<string, string> = {};
    let answer: Answer;
    try {
      if (fault === 'reset') throw new UploadCutError();
      const bytes = await readBody(request, cutAfter);
      if (await misbehave(response, fault)) return;
      answer = await this.#answer(request, target, bytes, headers);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const where = nameOfRequest(target);
      if (error.status === 413) this.#parts.api.violations.report(where, 'more was sent than is allowed');
      answer = { status: error.status, body: error.body };
    }
    if (fault === 'reset-after-processing') return cut(response);
    sendJson(response, answer, headers);
  }

  async #answer(
    request: IncomingMessage,
    target: Pick<ApiRequest, 'method' | 'path' | 'query'>,
    bytes: Buffer,
    headers: Record<string, string>,
  ): Promise<Answer> {
    const { api, openApi, rateLimiter, token } = this.#parts;
    const complain = (what: string) => api.violations.report(nameOfRequest(target), what);
    if (!request.headers['user-agent']) complain('there is no User-Agent');
    const match = findRoute(target.method, target.path);
    if (!match) {
      complain('the local Discord has no such route');
      throw notFound();
    }
    const { route, parameters } = match;
    const isBot = request.headers.authorization === `Bot ${token()}`;
    if (!route.isPublic && !isBot) throw unauthorized();
    const bucketOwner = parameters.token ?? parameters.channel ?? parameters.guild ?? '';
    const limit = rateLimiter.take(route.rateLimit, bucketOwner, isBot);
    Object.assign(headers, limit.headers);
    if (!limit.isAllowed) {
      const seconds = limit.retryAfterMs / 1000;
      headers['retry-after'] = String(Math.ceil(seconds));
      headers['x-ratelimit-scope'] = limit.isGlobal ? 'global' : 'user';
      const body = { message: 'You are being rate limited.', retry_after: seconds, global: limit.isGlobal };
      return { status: 429, body };
    }
    const { body, uploads } = await parseBody(bytes, request.headers['content-type'] ?? '');
    const read: ApiRequest = { ...target, parameters, body: body ?? {}, uploads };
    if (openApi) {
      const { problems, oddities } = openApi.check(target.method, target.path, target.query, body);
      for (const { path, message } of oddities) complain(path ? `${path}: ${message}` : message);
      refuse(read, api, problems);
    }
    const answer = await route.handle(read, api);
    for (const { path, message } of this.#answerProblems(target, answer)) {
      complain(`the local Discord answered wrongly: ${path}: ${message}`);
    }
    return answer;
  }

  #answerProblems({ method, path }: Pick<ApiRequest, 'method' | 'path'>, { status, body }: Answer): readonly Problem[] {
    const { openApi, checksAnswers } = this.#parts;
    if (!openApi || !checksAnswers) return [];
    // JSON leaves out fields that are undefined, so the answer is checked as it will be sent.
    const sent = body === undefined ? undefined : JSON.parse(JSON.stringify(body));
    return openApi.checkAnswer(method, path, status, sent);
  }
}

/** Carries out a fault that concerns the request as a whole; returns whether the request is answered by that. */
async function misbehave(response: ServerResponse, fault: Fault | undefined) {
  if (fault === 'reset') cut(response);
  else if (typeof fault === 'object' && 'status' in fault) {
    const text = fault.body === undefined || typeof fault.body === 'string' ? fault.body : JSON.stringify(fault.body);
    response.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers }).end(text);
  } else {
    if (typeof fault === 'object' && 'delayMs' in fault) await delay(fault.delayMs, undefined, { ref: false });
    if (typeof fault === 'object' && 'heldUntil' in fault) await fault.heldUntil;
    return false;
  }
  return true;
}

/** Resets the connection rather than closing it, which tells the other side that something broke. */
function cut(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
  response.destroy();
}

function sendJson(response: ServerResponse, { status, body }: Answer, headers: Record<string, string> = {}): void {
  if (body === undefined) response.writeHead(status, headers).end();
  else response.writeHead(status, { ...headers, 'content-type': 'application/json' }).end(JSON.stringify(body));
}
