import { CodedError } from '../coded-error.js';
import { fileFault, systemCode } from '../files/file-trouble.js';

// This file is how commands speak. Where nobody listens, they go on with their work all the same.

/** Why the standard output failed, and what it was to say; undefined as long as it has not failed. */
let failure: { readonly cause: unknown; readonly unsaid: string[] } | undefined;

/**
 * Keeps errors of the standard streams from ending the process: of a reader who has gone, as `head` does, of a terminal
 * that was closed, of a full disk. It is called once, before anything is written.
 */
export function guardStandardStreams(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}

/** Prints a line, or several, on the standard output: what the command was called for. */
export function say(text: string): void {
  process.stdout.write(`${text}\n`, (cause) => {
    if (!cause || isUnread(cause)) return;
    failure ??= { cause, unsaid: [] };
    failure.unsaid.push(text);
  });
}

/** Prints a line on the standard error stream: what a person may want to know meanwhile. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/**
 * Waits until the standard output has taken all that was said.
 * @throws `output/unsaid` where it could not, other than because nobody reads it. The message has what was to be said.
 */
export async function allSaid(): Promise<void> {
  await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
  if (failure === undefined) return;
  const { cause, unsaid } = failure;
  const { reason, remedy } = fileFault(cause);
  const sentence = `The standard output can't be written (${reason}). ${remedy} It was to say:`;
  throw new CodedError('output', 'unsaid', [sentence, ...unsaid].join('\n'), { cause });
}

/** Whether something could not be written because nobody reads it any more. */
function isUnread(error: Error): boolean {
  return ['EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED'].includes(systemCode(error) ?? '');
}
