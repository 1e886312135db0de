import { DefaultRestOptions, type RESTOptions } from 'discord.js';

/** Told of each call of Discord's HTTP API, with the status that came, if one did. */
export type CallListener = (method: string, status: number | undefined, seconds: number) => void;

/** discord.js's way of making requests, each of which is told of: also those that it repeats by itself. */
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
