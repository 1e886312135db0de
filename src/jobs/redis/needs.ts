import { type NetworkName, networkNames } from '../../engine/topology.js';
import { sizeOf, type Task } from '../../works/works.js';
import { jobSchemaVersion } from './job-schema.js';

/** The tasks that a machine can do, by network and size. */
export interface Abilities {
  readonly networks: readonly NetworkName[];
  /** The largest longer side of a picture that the machine works on, in pixels; undefined: any. */
  readonly maxSize: number | undefined;
}

/** Upper bounds of the classes of sizes, by the longer side in pixels: a task's memory grows with its square. */
const sizeClasses = [512, 1024, 4096] as const;

/**
 * Returns the name of the queue for a task: there is one for each network and class of sizes. The network is `any` for
 * tasks that need none, or whichever their machine is set to.
 */
export function queueNameFor(task: Task): string {
  const network = 'network' in task ? task.network : undefined;
  const size = sizeOf(task);
  return queueName(network ?? 'any', sizeClasses.find((bound) => size <= bound) ?? sizeClasses.at(-1));
}

/** Returns the names of the queues that a machine can serve. */
export function queueNamesFor({ networks, maxSize = Number.POSITIVE_INFINITY }: Abilities): readonly string[] {
  // Every machine takes the smallest class: with a bound below it, a machine would have no work at all.
  const classes = sizeClasses.filter((bound, index) => index === 0 || bound <= maxSize || maxSize >= 2048);
  return [...networks, 'any' as const].flatMap((network) => classes.map((size) => queueName(network, size)));
}

/** The names of all queues that there can be. */
export const allQueueNames: readonly string[] = queueNamesFor({ networks: networkNames, maxSize: undefined });

function queueName(network: NetworkName | 'any', size: number | undefined): string {
  return `jobs-v${jobSchemaVersion}-${network}-${size}`;
}
