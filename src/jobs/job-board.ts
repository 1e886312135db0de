import type { JobProgress } from '../works/progress.js';
import { type DurationEstimate, finishingSeconds } from './duration-estimate.js';
import type { FairOrder } from './fair-order.js';
import { type Forecast, forecast, type Situation, type SlotGroup } from './forecast.js';
import type { Place, QueuedJob } from './workshop.js';

export interface JobBoardOptions {
  readonly order: Pick<FairOrder<unknown>, 'waiting' | 'indexOf' | 'indexOfNext'>;
  /** Returns the slots that jobs are performed in, as far as is known now. */
  readonly groups: () => readonly SlotGroup[];
  /** Names what a task needs, for slots that don't take every job; default: all tasks need the same. */
  readonly needOf?: ((task: QueuedJob['task']) => string) | undefined;
  readonly durations: DurationEstimate;
  /** Returns the time in milliseconds since 1970. */
  readonly now: () => number;
}

interface RunningJob {
  readonly job: QueuedJob;
  readonly startedAt: number;
  /** When the job will end by its last report, in milliseconds since 1970; undefined before the first report. */
  reportedEnd: number | undefined;
}

/** Knows which jobs of a queue wait and which run, and when each is expected to begin and to end. */
export class JobBoard {
  readonly #options: JobBoardOptions;
  readonly #waiting = new Map<string, QueuedJob>();
  /** The running jobs in the order in which they began. */
  readonly #running = new Map<string, RunningJob>();
  readonly #needs = new WeakMap<QueuedJob['task'], string>();
  #known: Forecast | undefined;

  constructor(options: JobBoardOptions) {
    this.#options = options;
  }

  get runningCount(): number {
    return this.#running.size;
  }

  stateOf(jobId: string): 'waiting' | 'running' | undefined {
    if (this.#running.has(jobId)) return 'running';
    return this.#waiting.has(jobId) ? 'waiting' : undefined;
  }

  /** Notes that a job begins to wait. @throws RangeError where it waits or runs already. */
  wait(job: QueuedJob): void {
    if (this.stateOf(job.id) !== undefined) {
      throw new RangeError(`Expected the job's \`id\` to be new, but ${job.id} is in the queue already`);
    }
    this.#waiting.set(job.id, job);
    this.changed();
  }

  /** Notes that a job begins to run. */
  begin(job: QueuedJob): void {
    this.#waiting.delete(job.id);
    this.#running.set(job.id, { job, startedAt: this.#options.now(), reportedEnd: undefined });
    this.changed();
  }

  /** Notes the progress that a running job reports. */
  report(jobId: string, { secondsLeft }: JobProgress): void {
    const running = this.#running.get(jobId);
    if (running === undefined) return;
    running.reportedEnd = this.#options.now() + milliseconds(secondsLeft + finishingSeconds);
    this.changed();
  }

  /** Removes a job that waits or runs. @returns whether there was one with this id. */
  remove(jobId: string): boolean {
    this.changed();
    return this.#waiting.delete(jobId) || this.#running.delete(jobId);
  }

  /** Forgets all places; to be called when something else that they depend on has changed: the order, or the slots. */
  changed(): void {
    this.#known = undefined;
  }

  place(jobId: string): Place | undefined {
    const { places } = this.#look();
    if (this.#waiting.has(jobId)) return places[this.#running.size + this.#options.order.indexOf(jobId)];
    return this.#running.has(jobId) ? places.find(({ job }) => job.id === jobId) : undefined;
  }

  places(): readonly Place[] {
    return this.#look().places;
  }

  /** Returns when a job that is taken now would end, in milliseconds since 1970. */
  estimateEnd({ ownerId, task }: Pick<QueuedJob, 'ownerId' | 'task'>): number {
    const index = this.#options.order.indexOfNext(ownerId);
    return this.#look().startOf(index, this.#needOf(task)) + this.#durationMs(task);
  }

  /** Returns the forecast for now. It is kept while true: after a change, each waiting job's place is asked for. */
  #look(): Forecast {
    const { order, groups, now } = this.#options;
    const time = now();
    if (this.#known === undefined || time > this.#known.validUntil) {
      this.#known = forecast({
        groups: groups(),
        now: time,
        running: [...this.#running.values()].map(({ job, startedAt, reportedEnd }) => ({
          job,
          need: this.#needOf(job.task),
          startedAt,
          endsAt: reportedEnd ?? startedAt + this.#durationMs(job.task),
        })),
        waiting: this.#inOrder(order.waiting),
      });
    }
    return this.#known;
  }

  /** Lists the waiting jobs in order. It is a plain loop: ten thousand may wait, and each change lists them anew. */
  #inOrder(order: readonly { readonly id: string }[]): Situation['waiting'] {
    const waiting: { job: QueuedJob; need: string; durationMs: number }[] = [];
    for (const { id } of order) {
      const job = this.#waiting.get(id);
      if (job !== undefined) {
        waiting.push({ job, need: this.#needOf(job.task), durationMs: this.#durationMs(job.task) });
      }
    }
    return waiting;
  }

  #needOf(task: QueuedJob['task']): string {
    const known = this.#needs.get(task);
    if (known !== undefined) return known;
    const need = this.#options.needOf?.(task) ?? '';
    this.#needs.set(task, need);
    return need;
  }

  #durationMs(task: QueuedJob['task']): number {
    return milliseconds(this.#options.durations.secondsOf(task));
  }
}

function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000);
}
