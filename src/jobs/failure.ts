import type { Logger } from 'pino';
import { isCoded } from '../coded-error.js';
import { ComputeCrash, isImpossible } from '../compute/compute.js';
import type { Failure, Outcome } from './job.js';

/** Failures that journals and texts know by another name than the error's key. */
const otherNames: Readonly<Record<string, string>> = {
  'engine/out-of-memory': 'out-of-memory',
  'image/picture-over-budget': 'result-too-large',
};

/** What a person is told of an error; what nobody foresaw gets the job's id, which the log has too. */
export function failureOf(error: unknown, jobId: string): Failure {
  if (isCoded(error, 'input')) return { code: error.code, context: error.context };
  if (isImpossible(error)) {
    const { key, message, context } = error;
    return { code: otherNames[key] ?? key, context: { ...context, message } };
  }
  if (error instanceof ComputeCrash) return { code: 'crashed', context: {} };
  return { code: 'unexpected', context: { id: jobId } };
}

/** The outcome of a job that an error ended, written into the log as well: as an error where nobody foresaw it. */
export function loggedFailure(error: unknown, jobId: string, log: Logger): Outcome {
  const failure = failureOf(error, jobId);
  log[failure.code === 'unexpected' ? 'error' : 'info']({ job: jobId, failure, err: error }, 'job failed');
  return { kind: 'failed', failure };
}
