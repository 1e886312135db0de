/** Why one source of a file is of no use. */
export type SourceErrorCode =
  /** It has no such file. */
  | 'not-found'
  /** It gives the file to nobody, or not to us. */
  | 'refused'
  /** There is no connection to it. */
  | 'unreachable'
  /** The connection broke, or nothing came any more. */
  | 'cut-off'
  /** It is overloaded, or says that it can't just now. */
  | 'unavailable'
  /** It sends a web page instead. */
  | 'web-page'
  /** It has another file under that name. */
  | 'wrong-size'
  | 'wrong-digest';

/** A source that did not give a file. The message is a clause that follows its host. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly code: SourceErrorCode;
  readonly address: string;
  /** When the source said that the next attempt makes sense. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: SourceErrorCode,
    address: string,
    message: string,
    { retryAfterMs, ...options }: ErrorOptions & { readonly retryAfterMs?: number | undefined } = {},
  ) {
    super(message, options);
    this.code = code;
    this.address = address;
    this.retryAfterMs = retryAfterMs;
  }

  /** What it is called where people read it. */
  get host(): string {
    return new URL(this.address).host;
  }

  /** Whether the next attempt may succeed. */
  get isTemporary(): boolean {
    return ['unreachable', 'cut-off', 'unavailable'].includes(this.code);
  }
}
