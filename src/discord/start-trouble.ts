import { DiscordAPIError, DiscordjsError, DiscordjsErrorCodes, HTTPError } from 'discord.js';
import { CodedError } from '../coded-error.js';

/**
 * Returns what to tell an operator of an error at login: a CodedError of the domain `start`, whose message says what to
 * do; an error that nobody foresaw is returned as it is.
 */
export function startError(error: unknown): unknown {
  const trouble = troubleOf(error);
  return trouble === undefined ? error : new CodedError('start', ...trouble, { cause: error });
}

/** Returns a code and a sentence for an error at login; undefined where nobody foresaw it. */
function troubleOf(error: unknown): readonly [code: string, message: string] | undefined {
  const isUnauthorized = error instanceof DiscordAPIError && error.status === 401;
  if (isUnauthorized || (error instanceof DiscordjsError && error.code === DiscordjsErrorCodes.TokenInvalid)) {
    return [
      'unknown-token',
      'Discord does not know the token in DISCORD_TOKEN. Copy it anew from the page "Bot" of your application at ' +
        'https://discord.com/developers/applications.',
    ];
  }
  if (error instanceof DiscordAPIError) {
    return ['refused', `Discord refused ${error.method} ${new URL(error.url).pathname}: ${error.message}`];
  }
  if (error instanceof HTTPError) {
    return [
      'discord-in-trouble',
      `Discord answered ${error.method} ${new URL(error.url).pathname} with status ${error.status}: it has trouble of its own ` +
        '(https://discordstatus.com). Start again in a while.',
    ];
  }
  if (error instanceof Error && [error, error.cause].some(isNetworkTrouble)) {
    return [
      'unreachable',
      `Discord can't be reached: ${error.message}. Check the network, and DISCORD_API_URL if set.`,
    ];
  }
  return undefined;
}

const networkTrouble = /^(?:ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|UND_ERR_|CERT_|ERR_TLS)/;

function isNetworkTrouble(error: unknown): boolean {
  return error instanceof Error && 'code' in error && networkTrouble.test(String(error.code));
}
