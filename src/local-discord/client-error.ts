/** An error for what Discord's client would not have let a person do; nothing was sent to the bot. */
export class RefusedByClientError extends Error {
  override readonly name = 'RefusedByClientError';
}
