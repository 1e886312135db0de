import { CodedError, type ErrorContext } from '../coded-error.js';

/** Error for what a person asked for and can't have; its `code` and `context` become a text in their language. */
export class UserError extends CodedError {
  constructor(code: string, context?: ErrorContext) {
    super('user', code, code, { context });
  }
}
