import { DefaultRestOptions, type RESTOptions } from 'discord.js';

/** Called after each call of Discord's HTTP API, with the status that came, if one did. */
export type CallListener = (method: string, status: number | undefined, seconds: number) => void;

/**
 * Returns a function that makes requests as discord.js does and tells of each, also of those that it repeats itself.
 */
export function observedCalls(onCall: CallListener): RESTOptions['makeRequest'] {
  return async (url, init) => {
    const begin = performance.now();
    let status: number | undefined;
    try {
      const response = await DefaultRestOptions.makeRequest(url, init);
      status = response.status;
      return response;
    } finally {
      onCall(init.method ?? 'GET', status, (performance.now() - begin) / 1000);
    }
  };
}
