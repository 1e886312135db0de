import type { Failure } from './job.js';

/** A picture that a job can't be made from; `code` and `context` become a text in the person's language. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly code: string;
  readonly context: Failure['context'];

  constructor(code: string, context: Failure['context'], options?: ErrorOptions) {
    super(`${code}: ${context.message ?? ''}`, options);
    this.code = code;
    this.context = context;
  }
}
