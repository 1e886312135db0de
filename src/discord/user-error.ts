import type { Failure } from '../jobs/job.js';

/** Numbers and names that a text needs: `{ limit: 3 }`. */
export type ErrorContext = Failure['context'];

/** Something that a person asked for and can't have; `code` and `context` become a text in their language. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly code: string;
  readonly context: ErrorContext;

  constructor(code: string, context: ErrorContext = {}) {
    super(code);
    this.code = code;
    this.context = context;
  }
}
