import PQueue from 'p-queue';
import { type DurationEstimate, finishingSeconds, typicalSecondsOf } from './duration-estimate.js';
import { FairOrder } from './fair-order.js';
import { type FairQueue, type FairQueueOptions, fairQueueClass, type Run } from './fair-queue.js';
import { type Forecast, forecast } from './forecast.js';
import type { JobProgress, JobQueue, Place, QueuedJob } from './job-queue.js';

export interface EmbeddedQueueOptions {
  /** Jobs that are performed at once. */
  readonly slots: number;
  readonly durations: DurationEstimate;
  /** A job's turn: has its slot until it settles, which it must soon after `signal` is aborted. */
  readonly perform: (
    job: QueuedJob,
    turn: { readonly signal: AbortSignal; readonly report: (progress: JobProgress) => void },
  ) => Promise<void>;
  /** Jobs came, began or went: places may have changed. Called often; must not throw. */
  readonly onChange: () => void;
  /** `perform` rejected, which it should not; the slot is free all the same. Must not throw. */
  readonly onFault: (error: unknown, job: QueuedJob) => void;
  /** Milliseconds since 1970. */
  readonly now?: (() => number) | undefined;
}

interface Running {
  readonly job: QueuedJob;
  readonly controller: AbortController;
  readonly startedAt: number;
  /** When it will end by its last report, in milliseconds since 1970; undefined before there is one. */
  reportedEnd: number | undefined;
  /** Settles when it has left its slot; never rejects. */
  readonly left: Promise<void>;
}

/** The queue within this process. What it holds is lost with the process; the journal has it. */
export class EmbeddedQueue implements JobQueue {
  readonly #options: EmbeddedQueueOptions;
  readonly #now: () => number;
  readonly #order = new FairOrder<Run>();
  readonly #slots: PQueue<FairQueue, FairQueueOptions>;
  readonly #waiting = new Map<string, QueuedJob>();
  /** In the order in which they began. */
  readonly #running = new Map<string, Running>();
  #known: { readonly forecast: Forecast; readonly byId: ReadonlyMap<string, Place> } | undefined;

  constructor(options: EmbeddedQueueOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#slots = new PQueue({ concurrency: options.slots, queueClass: fairQueueClass(this.#order) });
  }

  async add(job: QueuedJob): Promise<void> {
    const { id, ownerId, task } = job;
    if (this.#waiting.has(id) || this.#running.has(id)) {
      throw new RangeError(`Expected the job's \`id\` to be new, but ${id} is in the queue already`);
    }
    // Not what is estimated: with the measurements the unit would change, and with it who has had how much.
    const cost = typicalSecondsOf(task);
    this.#waiting.set(id, job);
    // Settles with the job's turn, which is not waited for here.
    void this.#slots.add(() => this.#begin(job), { id, ownerId, cost });
    this.#changed();
  }

  async cancel(jobId: string, reason: unknown): Promise<boolean> {
    if (this.#waiting.delete(jobId)) {
      // p-queue asks for the next job when there is a slot, so that it never sees this one.
      this.#order.remove(jobId);
      this.#changed();
      return true;
    }
    const running = this.#running.get(jobId);
    if (running === undefined) return false;
    running.controller.abort(reason);
    await running.left;
    return true;
  }

  place(jobId: string): Place | undefined {
    return this.#look().byId.get(jobId);
  }

  places(): readonly Place[] {
    return this.#look().forecast.places;
  }

  estimateEnd({ ownerId, task }: Pick<QueuedJob, 'ownerId' | 'task'>): number {
    const index = this.#order.indexOfNext(ownerId);
    return this.#look().forecast.startOf(index) + this.#durationMs(task);
  }

  async close(): Promise<void> {
    this.#slots.pause();
    await this.#slots.onPendingZero();
  }

  /** Begins a job that p-queue gives a slot; settles when it has left it. */
  #begin(job: QueuedJob): Promise<void> {
    const controller = new AbortController();
    // Not before it counts as running: whoever performs it may look.
    const left = Promise.resolve().then(() => this.#perform(running));
    const running: Running = { job, controller, startedAt: this.#now(), reportedEnd: undefined, left };
    this.#waiting.delete(job.id);
    this.#running.set(job.id, running);
    this.#changed();
    return left;
  }

  async #perform(running: Running): Promise<void> {
    const { perform, onFault } = this.#options;
    const { job, controller } = running;
    const report = ({ secondsLeft }: JobProgress) => {
      running.reportedEnd = this.#now() + milliseconds(secondsLeft + finishingSeconds);
      this.#known = undefined;
    };
    try {
      // It may have been cancelled in the moment in which it began.
      if (!controller.signal.aborted) await perform(job, { signal: controller.signal, report });
    } catch (error) {
      onFault(error, job);
    } finally {
      this.#running.delete(job.id);
      if (this.#running.size === 0) this.#order.settle();
      this.#changed();
    }
  }

  #changed(): void {
    this.#known = undefined;
    this.#options.onChange();
  }

  /** Places as they are now. Kept while they stay true: after a change, somebody asks for each waiting job's. */
  #look(): { readonly forecast: Forecast; readonly byId: ReadonlyMap<string, Place> } {
    const now = this.#now();
    if (this.#known === undefined || now > this.#known.forecast.validUntil) {
      const found = forecast({
        slots: this.#options.slots,
        now,
        running: [...this.#running.values()].map(({ job, startedAt, reportedEnd }) => ({
          job,
          startedAt,
          endsAt: reportedEnd ?? startedAt + this.#durationMs(job.task),
        })),
        waiting: this.#order.waiting.flatMap(({ id }) => {
          const job = this.#waiting.get(id);
          return job ? [{ job, durationMs: this.#durationMs(job.task) }] : [];
        }),
      });
      this.#known = { forecast: found, byId: new Map(found.places.map((place) => [place.job.id, place])) };
    }
    return this.#known;
  }

  #durationMs(task: QueuedJob['task']): number {
    return milliseconds(this.#options.durations.secondsOf(task));
  }
}

function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000);
}
