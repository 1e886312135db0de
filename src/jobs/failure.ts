import type { Logger } from 'pino';
import { isCoded } from '../coded-error.js';
import { ComputeCrash, ComputeFault, type ComputeResult, isImpossible } from '../compute/compute.js';
import type { Failure, Outcome } from './job.js';

/** Codes of failures that differ from the error's key, by that key: journals and texts know them by these names. */
const otherNames: Readonly<Record<string, string>> = {
  'engine/out-of-memory': 'out-of-memory',
  'image/no-memory-to-write': 'out-of-memory',
  'image/picture-over-budget': 'result-too-large',
  'image/animation-over-budget': 'result-too-large',
};

/** Returns what a person is told of an error. For an unforeseen one that is the job's id, which the log has, too. */
export function failureOf(error: unknown, jobId: string): Failure {
  if (isCoded(error, 'input')) return { code: error.code, context: error.context };
  if (isImpossible(error)) {
    const { key, message, context } = error;
    return { code: otherNames[key] ?? key, context: { ...context, message } };
  }
  if (error instanceof ComputeCrash) return { code: 'crashed', context: {} };
  return { code: 'unexpected', context: { id: jobId } };
}

/** Logs the failure that cut a job short, if there was one: its person gets a picture, and operators the reason. */
export function logCutShort({ failure }: ComputeResult, jobId: string, log: Logger): void {
  if (!failure) return;
  const err = new ComputeFault(failure.message, failure.stack);
  log.error({ job: jobId, err }, 'computing failed on its way; the picture that there is by then is the result');
}

/** Returns the outcome of a job that an error ended, and logs it: unforeseen ones as errors, others for information. */
export function loggedFailure(error: unknown, jobId: string, log: Logger): Outcome {
  const failure = failureOf(error, jobId);
  log[failure.code === 'unexpected' ? 'error' : 'info']({ job: jobId, failure, err: error }, 'job failed');
  return { kind: 'failed', failure };
}
