import { DiscordAPIError, DiscordjsError, DiscordjsErrorCodes, HTTPError } from 'discord.js';
import { CodedError } from '../coded-error.js';
import { unknownToken } from './closed-for-good.js';

/**
 * Returns what to tell an operator of an error at login: a CodedError of the domain `start`, whose message says what to
 * do; an error that nobody foresaw is returned as it is.
 */
export function startError(error: unknown): unknown {
  const trouble = troubleOf(error);
  return trouble === undefined ? error : new CodedError('start', ...trouble, { cause: error });
}

/** Whether Discord has refused a call because it doesn't know the bot's token. */
export function isUnauthorized(error: unknown): boolean {
  return error instanceof DiscordAPIError && error.status === 401;
}

/** Returns a code and a sentence for an error at login; undefined where nobody foresaw it. */
function troubleOf(error: unknown): readonly [code: string, message: string] | undefined {
  if (isUnauthorized(error) || (error instanceof DiscordjsError && error.code === DiscordjsErrorCodes.TokenInvalid)) {
    return ['unknown-token', unknownToken()];
  }
  if (error instanceof DiscordAPIError) {
    const call = `${error.method} ${new URL(error.url).pathname}`;
    // What stands before Discord answers with a page, Discord itself with a code.
    if (typeof error.code !== 'number') {
      return [
        'blocked',
        `Discord's protection turns this machine away (it answered ${call} with status ${error.status}), as a rule after ` +
          'too many refused calls from its address. Wait an hour, or run the bot elsewhere.',
      ];
    }
    return ['refused', `Discord refused ${call}: ${error.message}`];
  }
  if (error instanceof HTTPError) {
    return [
      'discord-in-trouble',
      `Discord answered ${error.method} ${new URL(error.url).pathname} with status ${error.status}: it has trouble of its own ` +
        '(https://discordstatus.com). Start again in a while.',
    ];
  }
  if (!(error instanceof Error)) return undefined;
  // discord.js has a sentence for this, and no code.
  const noMoreLogins = /^Not enough sessions remaining.*; resets at (\S+)$/.exec(error.message);
  if (noMoreLogins !== null) {
    return [
      'no-more-logins',
      `Discord lets this bot log in no more until ${noMoreLogins[1]}: it has done so too often within a day. Stop whatever ` +
        'starts it over and over, and look in the log why it ended each time; then start it again after that time.',
    ];
  }
  if ([error, error.cause].some(isNetworkTrouble)) {
    return [
      'unreachable',
      `Discord can't be reached: ${reasonOf(error)}. Check the network, and DISCORD_API_URL if set; where both are well, Discord ` +
        'may have trouble of its own (https://discordstatus.com): start again in a while.',
    ];
  }
  return undefined;
}

/** What the system, Node.js' HTTP client and parser, and OpenSSL call connections that fail, answers of others and bad certificates. */
const networkTrouble =
  /^(?:ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|HPE_|UND_ERR_(?!INVALID_ARG)|CERT_|ERR_TLS|ERR_SSL|UNABLE_TO_|(?:DEPTH_ZERO_)?SELF_SIGNED_)/;

function isNetworkTrouble(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return isOverdue(error) || ('code' in error && networkTrouble.test(String(error.code)));
}

/**
 * Whether discord.js has given a call up because no answer came. It says only that the call was aborted. Redis' client has an
 * error of the same name, which is no DOMException.
 */
function isOverdue(error: Error): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

function reasonOf(error: Error): string {
  if (isOverdue(error)) return 'no answer came in time';
  // `fetch` says why it failed in the cause alone.
  return error.cause instanceof Error && error.cause.message !== ''
    ? `${error.message} (${error.cause.message})`
    : error.message;
}
