/** The bot can't come in at Discord; the message says why, and what to do. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
