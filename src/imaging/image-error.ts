/** What can be wrong with a picture; the texts a person reads are looked up by it. */
export type ImageErrorCode =
  | 'empty'
  | 'not-an-image'
  | 'unsupported-format'
  | 'truncated'
  | 'damaged'
  | 'too-many-bytes'
  | 'too-many-pixels'
  | 'too-large-side'
  | 'too-small'
  | 'extreme-aspect-ratio'
  | 'unknown-extension'
  | 'not-finite'
  | 'gif-over-budget';

/** Numbers and names for a text in another language: `{ width: 1, minSide: 16 }`, `{ found: 'a PDF document' }`. */
export type ImageErrorContext = Readonly<Record<string, string | number>>;

/** A picture that cannot be used. `message` is one sentence for the person who sent it and says what to do next. */
export class ImageError extends Error {
  override readonly name = 'ImageError';
  readonly code: ImageErrorCode;
  readonly context: ImageErrorContext;

  constructor(code: ImageErrorCode, message: string, context: ImageErrorContext = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.context = context;
  }
}
