import { type DestinationStream, type Logger, pino } from 'pino';
import type { LogLevel } from './config.js';

/** What must never be in a log: tokens in Discord's addresses, what signs a picture's address, Redis' password, the bot's token. */
const secrets: readonly (readonly [RegExp, string])[] = [
  [/(\/(?:webhooks|interactions)\/\d+\/)[^/\s?"']+/g, '$1…'],
  [/(\?(?:ex|is|hm)=)[^\s"']*/g, '?…'],
  [/(\brediss?:\/\/[^:@/\s]*:)[^@\s]+@/g, '$1…@'],
  [/\b[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}/g, '…'],
];

/** A text without the secrets that it may hold. */
export function withoutSecrets(text: string): string {
  return secrets.reduce((clean, [pattern, replacement]) => clean.replace(pattern, replacement), text);
}

/**
 * The bot's log: JSON lines, one for an event, with ids. Errors are written with what helps and without what they carry
 * along: discord.js hangs whole requests on them, with tokens in their addresses.
 */
export function createLog(level: LogLevel, destination?: DestinationStream): Logger {
  const options = { level, base: null, serializers: { err: describeError }, timestamp: pino.stdTimeFunctions.isoTime };
  return destination ? pino(options, destination) : pino(options);
}

function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: withoutSecrets(String(error)) };
  const { name, message, stack, cause } = error;
  const code = 'code' in error ? error.code : undefined;
  const status = 'status' in error ? error.status : undefined;
  return {
    type: name,
    message: withoutSecrets(message),
    ...(code !== undefined && { code }),
    ...(status !== undefined && { status }),
    ...(stack !== undefined && { stack: withoutSecrets(stack) }),
    ...(cause !== undefined && { cause: describeError(cause) }),
  };
}
