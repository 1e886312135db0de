/** A command line that asks for something impossible; the message names what is possible. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
