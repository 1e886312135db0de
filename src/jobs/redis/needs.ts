import { type NetworkName, networkNames } from '../../engine/topology.js';
import { sizeOf, type Task } from '../../works/works.js';
import { jobSchemaVersion } from './job-schema.js';

/** What a machine has. */
export interface Abilities {
  readonly networks: readonly NetworkName[];
  /** The longer side of what it works on at most, in pixels; undefined: there is no bound. */
  readonly maxSize: number | undefined;
}

/** Longer sides up to which tasks are told apart, in pixels: memory grows with the square. */
const sizeClasses = [512, 1024, 4096] as const;

/**
 * The queue for a task: there is one for each network and class of sizes. `any` stands for tasks that need no network, or
 * whichever their machine is set to.
 */
export function queueNameFor(task: Task): string {
  const network = 'network' in task ? task.network : undefined;
  const size = sizeOf(task);
  return queueName(network ?? 'any', sizeClasses.find((bound) => size <= bound) ?? sizeClasses.at(-1));
}

/** The queues that a machine can serve. */
export function queueNamesFor({ networks, maxSize = Number.POSITIVE_INFINITY }: Abilities): readonly string[] {
  // The smallest class is for all: a bound below it would leave a machine without work.
  const classes = sizeClasses.filter((bound, index) => index === 0 || bound <= maxSize || maxSize >= 2048);
  return [...networks, 'any' as const].flatMap((network) => classes.map((size) => queueName(network, size)));
}

/** The queues that there can be. */
export const allQueueNames: readonly string[] = queueNamesFor({ networks: networkNames, maxSize: undefined });

function queueName(network: NetworkName | 'any', size: number | undefined): string {
  return `jobs-v${jobSchemaVersion}-${network}-${size}`;
}
