import { type Compute, ComputeCrash } from '../compute/compute.js';
import type { Metrics } from './metrics.js';

/** Wraps a `Compute` so that its evaluations and crashes are counted. */
export function observedCompute(compute: Compute, metrics: Pick<Metrics, 'computed' | 'computationCrashed'>): Compute {
  return {
    slots: compute.slots,
    sharedThreads: compute.sharedThreads,
    run: async (request, options) => {
      const { kind } = request.task;
      try {
        const result = await compute.run(request, options);
        metrics.computed(kind, result.evaluations);
        return result;
      } catch (error) {
        if (error instanceof ComputeCrash && !options?.signal?.aborted) metrics.computationCrashed(kind);
        throw error;
      }
    },
    warm: () => compute.warm(),
    close: () => compute.close(),
  };
}
