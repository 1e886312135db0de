import type { NetworkName } from './engine/topology.js';
import type { QueueFactory } from './jobs/job-service.js';
import type { WorkerInfo } from './jobs/redis/worker-registry.js';
import type { Turns } from './jobs/turns.js';
import type { ReadinessCheck } from './operations/readiness.js';

/** Where the bot has pictures computed: on its own machine, or by workers on others. */
export interface ComputePlace {
  readonly turns: Turns;
  readonly createQueue: QueueFactory;
  /** Whether jobs go on while the bot is down. */
  readonly jobsGoOn: boolean;
  /** Jobs that are computed at once, as far as is known now. */
  readonly slots: () => number;
  /** The workers that there are; undefined where none are needed. */
  readonly workers: () => readonly WorkerInfo[] | undefined;
  /** Whether something can be computed with that network, as far as is known now. */
  readonly hasNetwork: (network: NetworkName) => boolean;
  readonly checks: readonly ReadinessCheck[];
  /** Gets ready, once all jobs that an earlier bot left are in the queue. Never rejects. */
  begin(): Promise<void>;
  /** Ends, after the queue was closed. */
  close(): Promise<void>;
}
