/** How a request is made to go wrong. The faults from `slowBody` on are for files of the CDN only. */
export type Fault =
  /** Answers with this status, without doing what the request asks. */
  | { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }
  /** Cuts the connection: at once, or once so many bytes of an upload have come. */
  | 'reset'
  | { readonly resetAfterBytes: number }
  /** Does what the request asks, and cuts the connection instead of answering. */
  | 'reset-after-processing'
  /** Does what the request asks, and answers, after a delay. */
  | { readonly delayMs: number }
  /** The request is processed only once this has settled. */
  | { readonly heldUntil: Promise<unknown> }
  /** Sends the file in small chunks, with a pause after each. */
  | { readonly slowBody: { readonly chunkBytes: number; readonly everyMs: number } }
  /** Sends a body that never ends. */
  | 'endless-body'
  /** Says a Content-Length that is not the file's. */
  | { readonly contentLength: number }
  /** Ends the body early, though its Content-Length is right. */
  | { readonly endsAfterBytes: number };

export interface FaultRule {
  readonly method?: string | undefined;
  /** Pattern of the request's path, without `/api/v10`. Default: any path. */
  readonly path?: RegExp | undefined;
  /** Number of requests that go wrong. Default 1. */
  readonly times?: number | undefined;
  readonly do: Fault;
}

/** A fault that waits for requests. */
export interface PlannedFault {
  /** Number of requests that it has happened to so far. */
  readonly hits: number;
  /** Takes the fault back: no more requests go wrong by it. */
  cancel(): void;
}

export interface FaultScope {
  readonly method?: string | undefined;
  readonly path?: RegExp | undefined;
  readonly times?: number | undefined;
}

const posting = { method: 'POST', path: /^\/channels\/\d+\/messages$/ };
const cdn = { method: 'GET', path: /^\/(ephemeral-)?attachments\// };

/** The faults that requests are to meet, in the order in which tests asked for them. */
export class Faults {
  #planned: { readonly rule: FaultRule; hits: number }[] = [];

  /** Makes the next requests that match the rule go wrong; returns the fault, which can be taken back. */
  next(rule: FaultRule): PlannedFault {
    const planned = { rule, hits: 0 };
    this.#planned.push(planned);
    return {
      get hits() {
        return planned.hits;
      },
      cancel: () => {
        this.#planned = this.#planned.filter((each) => each !== planned);
      },
    };
  }

  /** Answers 429, for one bucket or for everything that the bot does. */
  rateLimited(options: FaultScope & { readonly retryAfterMs: number; readonly isGlobal?: boolean }): PlannedFault {
    const { retryAfterMs, isGlobal = false, ...scope } = options;
    const seconds = retryAfterMs / 1000;
    return this.next({
      ...scope,
      do: {
        status: 429,
        body: { message: 'You are being rate limited.', retry_after: seconds, global: isGlobal },
        headers: {
          'retry-after': String(Math.ceil(seconds)),
          'x-ratelimit-reset-after': String(seconds),
          'x-ratelimit-scope': isGlobal ? 'global' : 'user',
          ...(isGlobal && { 'x-ratelimit-global': 'true' }),
        },
      },
    });
  }

  /** Answers with a status of 500 or more. */
  serverError({ status = 500, ...scope }: FaultScope & { readonly status?: number } = {}): PlannedFault {
    return this.next({ ...scope, do: { status, body: { message: `${status}: Internal Server Error`, code: 0 } } });
  }

  /** Answers 403 when the bot posts into a channel. */
  postingForbidden({ times }: { readonly times?: number | undefined } = {}): PlannedFault {
    return this.next({ ...posting, times, do: { status: 403, body: { message: 'Missing Permissions', code: 50013 } } });
  }

  /** Makes the CDN misbehave when the bot fetches an attachment. */
  cdn(fault: Fault, { times }: { readonly times?: number | undefined } = {}): PlannedFault {
    return this.next({ ...cdn, times, do: fault });
  }

  /** Redirects the bot to another address when it fetches an attachment. */
  cdnRedirect(location: string, { times }: { readonly times?: number | undefined } = {}): PlannedFault {
    return this.cdn({ status: 302, headers: { location } }, { times });
  }

  /** Takes back all faults. */
  clear(): void {
    this.#planned = [];
  }

  /** Returns the fault that this request meets, if any, and counts it. Called by the server. */
  take(method: string, path: string): Fault | undefined {
    const planned = this.#planned.find(
      ({ rule, hits }) =>
        hits < (rule.times ?? 1) && (rule.method ?? method) === method && (rule.path?.test(path) ?? true),
    );
    if (!planned) return undefined;
    planned.hits++;
    return planned.rule.do;
  }
}
