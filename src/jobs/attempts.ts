import {
  type Compute,
  ComputeCrash,
  type ComputeOptions,
  type ComputeRequest,
  type ComputeResult,
} from '../compute/compute.js';

/** How often the computation of a job may crash and is begun again. */
const crashesAllowed = 1;

/**
 * Computes, and computes again where the process that did so crashed.
 * @param onCrash - told of each crash; returns how many there have been for this job, this one included.
 * @throws what `Compute.run` throws; ComputeCrash only after more crashes than are allowed.
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
  }
}
