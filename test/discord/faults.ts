/** How a request is made to go wrong. */
export type Fault =
  /** Answers this, and does nothing. */
  | { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }
  /** Cuts the connection: at once, or in the middle of an upload. */
  | 'reset'
  | { readonly resetAfterBytes: number }
  /** Does it, and cuts the connection instead of answering. */
  | 'reset-after-processing'
  /** Does it, but later. */
  | { readonly delayMs: number }
  /** These are for files of the CDN. A body that comes in drops: */
  | { readonly slowBody: { readonly chunkBytes: number; readonly everyMs: number } }
  /** A body that never ends: */
  | 'endless-body'
  /** A Content-Length that is not the file's: */
  | { readonly contentLength: number }
  /** A body that ends early, though its Content-Length is right: */
  | { readonly endsAfterBytes: number };

export interface FaultRule {
  readonly method?: string | undefined;
  /** Of the path without `/api/v10`; default any. */
  readonly path?: RegExp | undefined;
  /** How many requests it is for. Default 1. */
  readonly times?: number | undefined;
  readonly do: Fault;
}

/** A rule in force. */
export interface PlannedFault {
  /** How many requests it has hit. */
  readonly hits: number;
  /** Takes it back. */
  cancel(): void;
}

export interface FaultScope {
  readonly method?: string | undefined;
  readonly path?: RegExp | undefined;
  readonly times?: number | undefined;
}

const posting = { method: 'POST', path: /^\/channels\/\d+\/messages$/ };
const cdn = { method: 'GET', path: /^\/(ephemeral-)?attachments\// };

/** What is to go wrong, in the order in which it was asked for. */
export class Faults {
  #planned: { readonly rule: FaultRule; hits: number }[] = [];

  /** Makes the next request that fits go wrong. */
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

  /** Answers 429, for a bucket or for everything the bot does. */
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

  /** Answers 5xx. */
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

  /** Sends the bot, when it fetches an attachment, somewhere else. */
  cdnRedirect(location: string, { times }: { readonly times?: number | undefined } = {}): PlannedFault {
    return this.cdn({ status: 302, headers: { location } }, { times });
  }

  /** Takes everything back. */
  clear(): void {
    this.#planned = [];
  }

  /** What is to go wrong with this request, if anything; used by the server. */
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
