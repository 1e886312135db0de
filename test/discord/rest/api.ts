import { invalidFormBody, type Problem } from '../api-error.js';
import type { Interactions } from '../interactions.js';
import type { WritingRules } from '../message-writing.js';
import type { RateLimitName } from '../rate-limits.js';
import type { ApiRequest } from '../request.js';
import type { Violations } from '../violations.js';
import type { World } from '../world.js';

/** What every route works with. */
export interface Api {
  readonly world: World;
  readonly interactions: Interactions;
  readonly violations: Violations;
  /** Where the gateway is. */
  readonly gatewayUrl: () => string;
}

export interface Answer {
  readonly status: number;
  /** Sent as JSON; nothing where it is undefined. */
  readonly body?: unknown;
}

export interface Route {
  readonly method: string;
  /** Its parts that begin with `:` stand for anything. */
  readonly pattern: string;
  /** Whether the token in the path is all that is needed. */
  readonly isPublic?: boolean;
  readonly rateLimit: RateLimitName;
  readonly handle: (request: ApiRequest, api: Api) => Answer | Promise<Answer>;
}

export const noContent: Answer = { status: 204 };

export function found(body: unknown): Answer {
  return { status: 200, body };
}

/** A parameter that the route's pattern has. */
export function parameter(request: ApiRequest, name: string): string {
  const value = request.parameters[name];
  if (value === undefined) throw new Error(`The route ${request.path} has no parameter "${name}"`);
  return value;
}

/** How a request is called in violations and in the list of requests: long tokens are shortened. */
export function nameOfRequest({ method, path }: Pick<ApiRequest, 'method' | 'path'>): string {
  return `${method} ${path.replaceAll(/interaction-[\w-]+/g, '…')}`;
}

/**
 * Notes problems as violations, and refuses the request if there are any.
 * @throws ApiError 50035
 */
export function refuse(request: ApiRequest, api: Api, problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  for (const { path, message } of problems) {
    api.violations.report(nameOfRequest(request), path ? `${path}: ${message}` : message);
  }
  throw invalidFormBody(problems);
}

export function writingRules(request: ApiRequest, api: Api, maxFileBytes: number): WritingRules {
  return {
    maxFileBytes,
    refuse: (problems) => refuse(request, api, problems),
    onTooLarge: ({ name, bytes }) =>
      api.violations.report(
        nameOfRequest(request),
        `the file ${name} has ${bytes.byteLength} bytes, ${maxFileBytes} are allowed`,
      ),
  };
}
