import { CodedError } from '../coded-error.js';
import { SchemaMismatchError } from '../jobs/redis/job-schema.js';

/** Whether an error's message is written for the person at the terminal; of all others the stack is shown, to be reported. */
export function isExpected(error: unknown): error is Error {
  return (
    error instanceof CodedError ||
    // These are to become coded errors.
    error instanceof SchemaMismatchError
  );
}
