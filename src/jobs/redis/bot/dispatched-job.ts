import { randomUUID } from 'node:crypto';
import { Deferred } from '../../../deferred.js';
import type { QueuedJob } from '../../workshop.js';
import { queueNameFor } from '../needs.js';

/** A job of the workshop that workers compute for, from the time that it is taken until it has an outcome. */
export class DispatchedJob {
  readonly job: QueuedJob;
  /** Whether an earlier process of the bot took the job before. */
  readonly isResumed: boolean;
  /** The name of the BullMQ queue that the job belongs into. */
  readonly queueName: string;
  /** Id of the job's run that Redis has, or is to have. */
  run: string = randomUUID();
  /** The job's latest priority in BullMQ; undefined where the job doesn't wait there, as far as is known. */
  priority: number | undefined;
  /** Whether the job is to be taken before all others, since another one pauses for it. */
  isHastened = false;
  /** How often the job was put into Redis. */
  publications = 0;
  /** How often in a row the job could not be handed to Redis although Redis takes other writes. */
  refusals = 0;
  /** When the job is to be handed to Redis again, by `performance.now`. */
  dueAt = 0;
  /** Whether Redis may have the job: putting it there was tried, or it was found there. */
  mayBeInRedis = false;
  /** Whether Redis had the job, as it is to have it, when the bot looked last. */
  isInRedis = false;
  /** Whether a worker computes the job. */
  isRunning = false;
  /** Id of the worker that computes the job. */
  worker: string | undefined;
  /** Whether nobody wants the job any more: then Redis is to forget it. */
  isDropped = false;
  /** Whether the job has left the workshop, or is about to, since its outcome is being stored. */
  isOver = false;
  /** Whether a worker has asked that nobody else edit the job's message, before it told the outcome. */
  isQuiet = false;
  /** When the bot first saw the job's outcome in Redis, by `performance.now`. */
  outcomeSeenAt: number | undefined;
  /** Settles once it is known from Redis where the job stands, or once the job is over. */
  readonly known = new Deferred<void>();
  /** Settles once the job has left the workshop. */
  readonly left = new Deferred<void>();

  constructor(job: QueuedJob, isResumed: boolean) {
    this.job = job;
    this.isResumed = isResumed;
    this.queueName = queueNameFor(job.task);
  }
}
