import { GatewayCloseCodes } from 'discord.js';
import { CodedError } from '../coded-error.js';

/** The page on which operators change their application. */
export const applicationsPage = 'https://discord.com/developers/applications';

const closings: Readonly<Record<number, string>> = {
  [GatewayCloseCodes.AuthenticationFailed]: unknownToken(),
  [GatewayCloseCodes.InvalidShard]:
    'Discord does not take this division into shards. Set SHARDS to auto, then start the bot again.',
  [GatewayCloseCodes.ShardingRequired]:
    'The bot is in more servers than one connection serves. Set SHARDS to auto, then start the bot again.',
  [GatewayCloseCodes.InvalidAPIVersion]:
    "Discord no longer speaks this version of its gateway's protocol. Update whitewalker, then start the bot again.",
  [GatewayCloseCodes.InvalidIntents]:
    'Discord does not know an intent that the bot asks for. Update whitewalker, then start the bot again.',
  [GatewayCloseCodes.DisallowedIntents]:
    'Discord does not allow this application an intent that the bot asks for. Switch it on under "Privileged Gateway ' +
    `Intents" on the page "Bot" of your application at ${applicationsPage}, then start the bot again.`,
};

/**
 * Says that Discord has closed the gateway with a code after which no connection is made any more, and what to do.
 * @returns CodedError `gateway/closed`, with the code in its context.
 */
export function closedForGood(closeCode: number): CodedError {
  const what = closings[closeCode] ?? 'Discord has closed the connection for good. Update whitewalker, then start it.';
  return new CodedError('gateway', 'closed', `${what} (Gateway close code ${closeCode}.)`, { context: { closeCode } });
}

/** Says that Discord doesn't know the token, as a sentence for operators. */
export function unknownToken(): string {
  return (
    'Discord does not know the token in DISCORD_TOKEN: it is mistyped, it was reset, or its application was deleted. ' +
    `Copy it anew from the page "Bot" of your application at ${applicationsPage} into .env, then start again.`
  );
}
