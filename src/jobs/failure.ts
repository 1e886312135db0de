import { ComputeCrash, TaskError } from '../compute/compute.js';
import { ImageError } from '../imaging/image-error.js';
import { InputError } from './input-error.js';
import type { Failure } from './job.js';

/** What a person is told of an error; what nobody foresaw gets the job's id, which the log has too. */
export function failureOf(error: unknown, jobId: string): Failure {
  if (error instanceof InputError || error instanceof TaskError) return { code: error.code, context: error.context };
  if (error instanceof ImageError) {
    return { code: `image/${error.code}`, context: { ...error.context, message: error.message } };
  }
  if (error instanceof ComputeCrash) return { code: 'crashed', context: {} };
  return { code: 'unexpected', context: { id: jobId } };
}
