import { DiscordAPIError, DiscordjsError, DiscordjsErrorCodes, HTTPError } from 'discord.js';
import { StartError } from './start-error.js';

/** What to tell an operator of an error while logging in; what nobody foresaw stays as it is. */
export function startError(error: unknown): unknown {
  const isUnauthorized = error instanceof DiscordAPIError && error.status === 401;
  if (isUnauthorized || (error instanceof DiscordjsError && error.code === DiscordjsErrorCodes.TokenInvalid)) {
    return new StartError(
      'Discord does not know the token in DISCORD_TOKEN. Copy it anew from the page "Bot" of your application at ' +
        'https://discord.com/developers/applications.',
      { cause: error },
    );
  }
  if (error instanceof DiscordAPIError) {
    return new StartError(`Discord refused ${error.method} ${new URL(error.url).pathname}: ${error.message}`, {
      cause: error,
    });
  }
  if (error instanceof HTTPError) {
    return new StartError(
      `Discord answered ${error.method} ${new URL(error.url).pathname} with status ${error.status}: it has trouble of its own ` +
        '(https://discordstatus.com). Start again in a while.',
      { cause: error },
    );
  }
  if (error instanceof Error && [error, error.cause].some(isNetworkTrouble)) {
    return new StartError(
      `Discord can't be reached: ${error.message}. Check the network, and DISCORD_API_URL if set.`,
      {
        cause: error,
      },
    );
  }
  return error;
}

const networkTrouble = /^(?:ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|UND_ERR_|CERT_|ERR_TLS)/;

function isNetworkTrouble(error: unknown): boolean {
  return error instanceof Error && 'code' in error && networkTrouble.test(String(error.code));
}
