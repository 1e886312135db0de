import { invalidFormBody, type Problem } from '../api-error.js';
import type { Gateway } from '../gateway.js';
import type { Interactions } from '../interactions.js';
import type { WritingRules } from '../message-writing.js';
import type { RateLimitName } from '../rate-limits.js';
import type { ApiRequest } from '../request.js';
import type { Violations } from '../violations.js';
import type { World } from '../world.js';

/** The parts of the local Discord that routes work with. */
export interface Api {
  readonly world: World;
  readonly interactions: Interactions;
  readonly violations: Violations;
  readonly gateway: Gateway;
}

export interface Answer {
  readonly status: number;
  /** The answer's body, which is sent as JSON; nothing is sent where it is undefined. */
  readonly body?: unknown;
}

export interface Route {
  readonly method: string;
  /** The path of the route; parts that begin with `:` stand for anything. */
  readonly pattern: string;
  /** Whether the route needs no Authorization header: the token in its path is enough, or it is open to all. */
  readonly isPublic?: boolean;
  readonly rateLimit: RateLimitName;
  readonly handle: (request: ApiRequest, api: Api) => Answer | Promise<Answer>;
}

export const noContent: Answer = { status: 204 };

export function found(body: unknown): Answer {
  return { status: 200, body };
}

/**
 * Returns the value of a variable part of the route's path.
 * @throws Error where the route's pattern has no such part.
 */
export function parameter(request: ApiRequest, name: string): string {
  const value = request.parameters[name];
  if (value === undefined) throw new Error(`The route ${request.path} has no parameter "${name}"`);
  return value;
}

/** Returns a request's name in violations: method and path, without the long tokens of interactions. */
export function nameOfRequest({ method, path }: Pick<ApiRequest, 'method' | 'path'>): string {
  return `${method} ${path.replaceAll(/interaction-[\w-]+/g, '…')}`;
}

/**
 * Notes problems as violations, and refuses the request if there are any.
 * @throws ApiError 50035 for any problems.
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
    onUnseen: (name) =>
      api.violations.report(nameOfRequest(request), `nobody sees the file ${name}: no component refers to it`),
  };
}
