/** A result that could not be written; the message says which, and why. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
}
