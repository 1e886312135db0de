import { type REST, RESTEvents, Routes } from 'discord.js';
import type { Logger } from 'pino';
import { CodedError } from '../coded-error.js';
import { unknownToken } from './closed-for-good.js';
import { isUnauthorized } from './start-trouble.js';

export interface TokenWatchOptions {
  readonly token: string;
  readonly log: Logger;
  /** Called once, with CodedError `start/unknown-token`, when Discord doesn't know the token any more. */
  readonly onUnknown: (error: CodedError) => void;
}

/**
 * Watches whether Discord still knows the token that a REST client calls it with. At one answer 401 discord.js throws
 * the token away, and every call without it fails from then on; here Discord is asked once more, and the client keeps
 * its token unless the answer is the same.
 */
export function watchToken(rest: REST, { token, log, onUnknown }: TokenWatchOptions): void {
  let isAsking = false;
  let isUnknown = false;
  const ask = async () => {
    try {
      await rest.setToken(token).get(Routes.user());
      log.warn("Discord refused the bot's token once, and knows it all the same");
    } catch (error) {
      isUnknown = isUnauthorized(error);
      if (isUnknown) onUnknown(new CodedError('start', 'unknown-token', unknownToken(), { cause: error }));
      else log.warn({ err: error }, "Discord refused the bot's token once; whether it knows it is not known");
    } finally {
      isAsking = false;
      // Another call may have been refused meanwhile.
      rest.setToken(token);
    }
  };
  rest.on(RESTEvents.Response, ({ data }, { status }) => {
    if (status !== 401 || !data.auth || isAsking || isUnknown) return;
    isAsking = true;
    // discord.js has thrown the token away once this turn of the event loop is over.
    setImmediate(() => void ask());
  });
}
