import {
  type Compute,
  ComputeCrash,
  type ComputeOptions,
  type ComputeRequest,
  type ComputeResult,
} from '../compute/compute.js';

/** How many crashes of a job's computation are followed by another attempt. */
const crashesAllowed = 1;

/**
 * Computes a request, once more where the compute process crashed, and returns its result. A job that crashed while it
 * was paused, or about to, is computed again when it goes on.
 * @param onCrash - is told of each crash; returns how many there have been for this job, this one included.
 * @throws what `Compute.run` throws, but ComputeCrash only after more crashes than are allowed.
 */
export async function computeWithRetry(
  compute: Compute,
  request: ComputeRequest,
  options: ComputeOptions,
  onCrash: (error: ComputeCrash) => number,
): Promise<ComputeResult> {
  for (;;) {
    try {
      return await compute.run(request, options);
    } catch (error) {
      if (options.signal?.aborted || !(error instanceof ComputeCrash) || onCrash(error) > crashesAllowed) throw error;
    }
    await options.pauses?.untilOn(options.signal);
  }
}
