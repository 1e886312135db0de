import type { Inputs } from '../works/work.js';
import { framesIn, framesOf, type Task, withFrames } from '../works/works.js';
import type { DurationEstimate } from './duration-estimate.js';
import type { Job } from './job.js';
import type { Workshop } from './workshop.js';

/** Time that must remain after a job's estimated end for telling its person, in milliseconds. */
export const tellingMarginMs = 60_000;

/** What is known of the time that jobs take. */
export interface KnownTimes {
  readonly durations: Pick<DurationEstimate, 'secondsOf'>;
  readonly workshop: Pick<Workshop, 'estimateEnd'>;
  /** How long a job may be computed, in seconds; undefined: as long as it takes. */
  readonly maxSeconds?: number | undefined;
}

/**
 * Returns a job's task as it is once its pictures are here: with as many frames as its content has, or as there is time
 * for. It was accepted as a still, since nobody knew whether its content moves.
 * @throws `image/…` if the content is an animation that can't be used.
 */
export async function taskInTime(job: Job, inputs: Inputs, times: KnownTimes): Promise<Task> {
  const frames = framesOf(job.task);
  if (frames === 1) return job.task;
  const task = withFrames(job.task, await framesIn(job.task, inputs));
  let [fitting, tooMany] = [1, framesOf(task) + 1];
  while (tooMany - fitting > 1) {
    const middle = Math.floor((fitting + tooMany) / 2);
    if (isInTime(job, withFrames(task, middle), times)) fitting = middle;
    else tooMany = middle;
  }
  return withFrames(task, fitting);
}

function isInTime({ ownerId, reply }: Job, task: Task, { durations, workshop, maxSeconds }: KnownTimes): boolean {
  if (maxSeconds !== undefined && durations.secondsOf(task) > maxSeconds) return false;
  return (
    reply.deadlineAt === undefined || workshop.estimateEnd({ ownerId, task }) + tellingMarginMs <= reply.deadlineAt
  );
}
