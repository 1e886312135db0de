import { type CodedError, isCoded } from '../../coded-error.js';
import { engineError } from '../engine-error.js';

/**
 * The words by which TensorFlow, CUDA and its libraries say that there is no memory. cuDNN says "no algorithm worked"
 * where none of its algorithms gets the memory that it works in.
 */
const outOfMemory =
  /\bOOM\b|out of memory|out_of_memory|resource exhausted|alloc_failed|bad_alloc|failed to alloc|array buffer allocation|no algorithm worked/i;

/** Returns the error for an exception of TensorFlow.js: `engine/out-of-memory` or `engine/failed`. */
export function tensorFlowError(cause: unknown): CodedError {
  if (isCoded(cause, 'engine')) return cause;
  const reason = (cause instanceof Error ? cause.message : String(cause))
    .trim()
    .replace(/^Invalid TF_Status: \d+\s+Message: /, '')
    .replace(/\.$/, '');
  const code = outOfMemory.test(reason) ? 'out-of-memory' : 'failed';
  const advice = code === 'out-of-memory' ? ' Take a smaller size or network, or a GPU with more memory.' : '';
  return engineError(code, `TensorFlow failed: ${reason}.${advice}`, {}, cause);
}
