import { type DestinationStream, type Logger, pino } from 'pino';
import type { LogLevel } from './config.js';

/**
 * Patterns of what must never be in a log, with what replaces it: tokens in Discord's addresses, signatures in
 * addresses of pictures, Redis' password, and the bot's token.
 */
const secrets: readonly (readonly [RegExp, string])[] = [
  [/(\/(?:webhooks|interactions)\/\d+\/)[^/\s?"']+/g, '$1…'],
  [/(\?(?:ex|is|hm)=)[^\s"']*/g, '?…'],
  [/(\brediss?:\/\/[^:@/\s]*:)[^@\s]+@/g, '$1…@'],
  [/\b[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}/g, '…'],
];

/** Returns a text in which every secret is replaced by an ellipsis. */
export function withoutSecrets(text: string): string {
  return secrets.reduce((clean, [pattern, replacement]) => clean.replace(pattern, replacement), text);
}

/**
 * Makes the log of a bot or worker: JSON lines, one for each event, with ids. Of an error only type, message, code,
 * status, stack and cause are written: discord.js attaches whole requests to its errors, with tokens in their
 * addresses.
 */
export function createLog(level: LogLevel, destination?: DestinationStream): Logger {
  const options = { level, base: null, serializers: { err: describeError }, timestamp: pino.stdTimeFunctions.isoTime };
  return pino(options, destination ?? standardOutput());
}

/**
 * Returns the standard output for a log. Lines that it doesn't take, because its disk is full or nobody reads it, are
 * kept up to a mebibyte, and dropped beyond that. Its flushSync() is left out: it tries for ever on a full disk.
 */
function standardOutput(): DestinationStream {
  const stream = pino.destination({ dest: 1, sync: true, maxLength: 1024 * 1024 });
  stream.on('error', () => {});
  return { write: (line) => void stream.write(line) };
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
