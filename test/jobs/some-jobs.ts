import { DurationEstimate } from '../../src/jobs/duration-estimate.js';
import type { QueuedJob } from '../../src/jobs/workshop.js';
import type { StyleTransferTask } from '../../src/works/style-transfer.js';
import type { Task } from '../../src/works/works.js';

/** Makes the task of a style transfer. Default: the typical one. */
export function transferTask(size = 512, epochs = 100): StyleTransferTask {
  return { kind: 'style-transfer', transfer: { size, epochs } };
}

/** Returns the estimate of a machine where the typical task takes 15 s. */
export function durationsOfTests(): DurationEstimate {
  const durations = new DurationEstimate();
  durations.record(transferTask(), 15);
  return durations;
}

/** Makes a job of the person whose name its id begins with: `queuedJob('ann-2')` is Ann's. */
export function queuedJob(id: string, task: Task = transferTask()): QueuedJob {
  return { id, ownerId: ownerOf(id), guildId: undefined, task };
}

/** Returns ids of so many jobs of each person, the first person's first: `ann-1`, `ann-2`, `ben-1`, … */
export function jobIds(people: readonly string[], jobsEach: number): string[] {
  return people.flatMap((person) => Array.from({ length: jobsEach }, (_, index) => `${person}-${index + 1}`));
}

export function ownerOf(id: string): string {
  return id.split('-')[0] ?? id;
}

/** Returns the number in a job's id: which of its owner's jobs it is, from 1. */
export function numberOf(id: string): number {
  return Number(id.split('-')[1]);
}
