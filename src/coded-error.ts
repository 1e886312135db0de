/** Facts behind an error, for logs and for texts in other languages: `{ width: 1, minSide: 16 }`. */
export type ErrorContext = Readonly<Record<string, string | number>>;

/** What else a {@link CodedError} may carry. */
export interface CodedErrorOptions {
  readonly context?: ErrorContext | undefined;
  readonly cause?: unknown;
}

/**
 * An error that somebody foresaw. `domain` says which part of the program it comes from (`image`, `engine`, `weights`, …) and
 * `code` what went wrong there. `message` is an English sentence that says what to do next: the command line prints it, and
 * logs keep it. Texts in other languages are looked up by `domain/code` and filled in from `context`. Doc comments name it
 * in the same way: `@throws image/too-small`, or `image/…` for whichever of a domain.
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

  /** `domain/code`, such as `image/too-small`: what texts are looked up by. */
  get key(): string {
    return `${this.domain}/${this.code}`;
  }
}

/** Whether an error is a {@link CodedError} of a domain, and of a code if one is given. */
export function isCoded(error: unknown, domain: string, code?: string): error is CodedError {
  return error instanceof CodedError && error.domain === domain && (code === undefined || error.code === code);
}

/** The same error with a subject before its message, such as a file's name, if there is one, and with more facts. */
export function about(subject: string | undefined, error: CodedError, context: ErrorContext = {}): CodedError {
  const { domain, code } = error;
  const message = subject === undefined ? error.message : `${subject}: ${error.message}`;
  return new CodedError(domain, code, message, { context: { ...error.context, ...context }, cause: error });
}

/** Makes the errors of one domain, with codes that the compiler checks: `codedErrors<ImageErrorCode>('image')`. */
export function codedErrors<Code extends string>(domain: string) {
  return (code: Code, message: string, context?: ErrorContext, cause?: unknown): CodedError =>
    new CodedError(domain, code, message, { context, cause });
}
