/** Facts behind an error, for logs and for texts in other languages: `{ width: 1, minSide: 16 }`. */
export type ErrorContext = Readonly<Record<string, string | number>>;

/** The optional parts of a {@link CodedError}: facts about what went wrong, and the error that it follows from. */
export interface CodedErrorOptions {
  readonly context?: ErrorContext | undefined;
  readonly cause?: unknown;
}

/**
 * An error that somebody foresaw. `domain` says which part of the program it comes from (`image`, `engine`, `weights`,
 * …) and `code` what went wrong there. `message` is an English sentence that says what to do next: the command line
 * prints it, and logs keep it. Texts in other languages are looked up by `domain/code` and filled in from `context`.
 * Doc comments name such an error in the same way: `@throws image/too-small`, or `image/…` for any error of that
 * domain.
 */
export class CodedError extends Error {
  override readonly name = 'CodedError';
  readonly domain: string;
  readonly code: string;
  readonly context: ErrorContext;

  constructor(domain: string, code: string, message: string, { context = {}, cause }: CodedErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.domain = domain;
    this.code = code;
    this.context = context;
  }

  /** The key under which texts for this error are looked up: `domain/code`, such as `image/too-small`. */
  get key(): string {
    return `${this.domain}/${this.code}`;
  }
}

/** Returns whether an error is a {@link CodedError} of a domain, and of a code if one is given. */
export function isCoded(error: unknown, domain: string, code?: string): error is CodedError {
  return error instanceof CodedError && error.domain === domain && (code === undefined || error.code === code);
}

/** Returns a copy of an error with a subject, such as a file's name, before its message, and with more facts. */
export function about(subject: string | undefined, error: CodedError, context: ErrorContext = {}): CodedError {
  const { domain, code } = error;
  const message = subject === undefined ? error.message : `${subject}: ${error.message}`;
  return new CodedError(domain, code, message, { context: { ...error.context, ...context }, cause: error });
}

/** Returns a maker of one domain's errors whose codes the compiler checks: `codedErrors<ImageErrorCode>('image')`. */
export function codedErrors<Code extends string>(domain: string) {
  return (code: Code, message: string, context?: ErrorContext, cause?: unknown): CodedError =>
    new CodedError(domain, code, message, { context, cause });
}
