import { DefaultRestOptions, type RESTOptions } from 'discord.js';

/** A call of Discord's HTTP API, once it has ended. */
export interface ObservedCall {
  readonly method: string;
  /** Status of the answer; undefined where none came. */
  readonly status: number | undefined;
  /** Whether the answer is JSON, as all of Discord's own are: what stands before it answers with pages. */
  readonly isJson: boolean;
  readonly seconds: number;
}

/**
 * Returns a function that makes requests as discord.js does and tells of each, also of those that it repeats itself.
 */
export function observedCalls(onCall: (call: ObservedCall) => void): RESTOptions['makeRequest'] {
  return async (url, init) => {
    const begin = performance.now();
    let [status, isJson]: [status: number | undefined, isJson: boolean] = [undefined, false];
    try {
      const response = await DefaultRestOptions.makeRequest(url, init);
      status = response.status;
      isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
      return response;
    } finally {
      onCall({ method: init.method ?? 'GET', status, isJson, seconds: (performance.now() - begin) / 1000 });
    }
  };
}
