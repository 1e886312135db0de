import type { JobProgress } from '../works/progress.js';
import { type DurationEstimate, finishingSeconds } from './duration-estimate.js';
import type { FairOrder } from './fair-order.js';
import { type Forecast, forecast, type Situation, type SlotGroup } from './forecast.js';
import type { Place, QueuedJob } from './workshop.js';
import { Yielding } from './yielding.js';

export interface JobBoardOptions {
  readonly order: Pick<FairOrder<unknown>, 'waiting' | 'indexOf' | 'indexOfNext'>;
  /** Returns the slots that jobs are performed in, as far as is known now. */
  readonly groups: () => readonly SlotGroup[];
  /** Names what a task needs, for slots that don't take every job; default: all tasks need the same. */
  readonly needOf?: ((task: QueuedJob['task']) => string) | undefined;
  /** Whether what runs a job could compute a waiting one in its place; default: what takes one takes all. */
  readonly fits?: ((runningId: string, need: string) => boolean) | undefined;
  readonly durations: DurationEstimate;
  /** How long a job may be computed, in seconds, pauses not counted; default: as long as it takes. */
  readonly maxSeconds?: number | undefined;
  /** Which jobs pause for which; default: as {@link Yielding} usually says. */
  readonly yielding?: Yielding | undefined;
  /** Returns the time in milliseconds since 1970. */
  readonly now: () => number;
}

/** A job that runs, or is paused. Times are in milliseconds since 1970. */
interface RunningJob {
  readonly job: QueuedJob;
  readonly startedAt: number;
  /** When the job will end by its last report, or by its estimate; for a paused one, as it was when it paused. */
  endsAt: number;
  /** When the job began, or last went on after a pause. */
  turnBeganAt: number;
  /** How long the job's last pause was, in milliseconds; 0: there was none. */
  lastPauseMs: number;
  pausedAt: number | undefined;
  /** When the job was asked to pause, until it has. */
  askedAt: number | undefined;
}

/** A long job that is to pause, and the short one that waits for its slot. */
export interface RoomToMake {
  readonly running: QueuedJob;
  readonly waiting: QueuedJob;
  /** How much longer the long job is to work before it pauses, in milliseconds. */
  readonly dueInMs: number;
}

/** A job that was asked to pause and has not, after so long, is asked anew: what it was told may have got lost. */
const askAgainMs = 60_000;

/** Knows which jobs of a queue wait and which run, and when each is expected to begin and to end. */
export class JobBoard {
  readonly #options: JobBoardOptions;
  readonly #yielding: Yielding;
  readonly #waiting = new Map<string, QueuedJob>();
  /** The running jobs in the order in which they began. */
  readonly #running = new Map<string, RunningJob>();
  readonly #needs = new WeakMap<QueuedJob['task'], string>();
  #known: Forecast | undefined;

  constructor(options: JobBoardOptions) {
    this.#options = options;
    this.#yielding = options.yielding ?? new Yielding();
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
    const now = this.#options.now();
    const endsAt = now + this.#durationMs(job.task);
    const times = { turnBeganAt: now, lastPauseMs: 0, pausedAt: undefined, askedAt: undefined };
    this.#running.set(job.id, { job, startedAt: now, endsAt, ...times });
    this.changed();
  }

  /** Notes the progress that a running job reports, which tells whether it is paused. */
  report(jobId: string, { secondsLeft, isPaused = false }: JobProgress): void {
    const running = this.#running.get(jobId);
    if (running === undefined) return;
    if (!isPaused) this.goOn(jobId);
    if (running.pausedAt === undefined) {
      running.endsAt = this.#options.now() + milliseconds(secondsLeft + finishingSeconds);
    }
    if (isPaused) this.pause(jobId);
    this.changed();
  }

  /** Notes that a running job was asked to pause. */
  askToPause(jobId: string): void {
    const running = this.#running.get(jobId);
    if (running !== undefined) running.askedAt = this.#options.now();
  }

  /** Notes that a running job stands still, and occupies no slot. */
  pause(jobId: string): void {
    const running = this.#running.get(jobId);
    if (running === undefined || running.pausedAt !== undefined) return;
    running.pausedAt = this.#options.now();
    running.askedAt = undefined;
    this.changed();
  }

  /** Notes that a job that was paused, if it was, goes on. */
  goOn(jobId: string): void {
    const running = this.#running.get(jobId);
    if (running?.pausedAt === undefined) return;
    const now = this.#options.now();
    running.lastPauseMs = now - running.pausedAt;
    running.endsAt += running.lastPauseMs;
    running.turnBeganAt = now;
    running.pausedAt = undefined;
    running.askedAt = undefined;
    this.changed();
  }

  /**
   * Finds a long job that is to pause for a short one of somebody else that would wait long, see {@link Yielding}. Jobs
   * that were asked to pause already, and have not yet, make room for as many of those that wait.
   */
  roomToMake(): RoomToMake | undefined {
    const now = this.#options.now();
    const running = [...this.#running.values()];
    const working = running.filter(({ pausedAt }) => pausedAt === undefined);
    if (this.#waiting.size === 0 || !working.some(({ endsAt }) => this.#yielding.isLong(endsAt - now)))
      return undefined;
    const isAsked = ({ askedAt = Number.NEGATIVE_INFINITY }: RunningJob) => now - askedAt < askAgainMs;
    let asked = working.filter(isAsked).length;
    const paused = running.length - working.length + asked;
    const { order, fits = () => true } = this.#options;
    for (const { job, need, durationMs } of this.#inOrder(order.waiting)) {
      const slots = this.#slotsFor(need);
      const occupants = working.filter((one) => fits(one.job.id, need));
      const isSoonFree = occupants.some(({ endsAt }) => endsAt - now < this.#yielding.patienceMs);
      if (occupants.length < slots || isSoonFree) continue;
      const pausing = occupants
        .filter((one) => {
          const running = { ownerId: one.job.ownerId, leftMs: one.endsAt - now };
          return this.#yielding.wouldPause(running, { ...job, durationMs });
        })
        .toSorted((one, other) => other.endsAt - one.endsAt);
      if (pausing.length > 0 && asked-- > 0) continue;
      const longest = pausing.find((one) => !isAsked(one));
      if (longest === undefined || paused >= slots) continue;
      const dueAt = longest.turnBeganAt + this.#yielding.turnMs(longest.lastPauseMs);
      return { running: longest.job, waiting: job, dueInMs: Math.max(0, dueAt - now) };
    }
    return undefined;
  }

  /** Returns the waiting job that is to be computed while another one is paused; undefined where none is. */
  substituteFor(pausedId: string): QueuedJob | undefined {
    const paused = this.#running.get(pausedId);
    if (paused === undefined) return undefined;
    const { order, now, fits = () => true } = this.#options;
    const running = { ownerId: paused.job.ownerId, leftMs: paused.endsAt - (paused.pausedAt ?? now()) };
    return this.#inOrder(order.waiting).find(({ job, need, durationMs }) => {
      return this.#yielding.wouldPause(running, { ...job, durationMs }) && fits(pausedId, need);
    })?.job;
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
    const durationMs = this.#durationMs(task);
    return this.#look().endOf(index, { ownerId, task, need: this.#needOf(task), durationMs });
  }

  /** Returns the forecast for now. It is kept while true: after a change, each waiting job's place is asked for. */
  #look(): Forecast {
    const { order, groups, now } = this.#options;
    const time = now();
    if (this.#known === undefined || time > this.#known.validUntil) {
      this.#known = forecast({
        groups: groups(),
        now: time,
        yielding: this.#yielding,
        running: [...this.#running.values()].map(({ job, startedAt, endsAt, pausedAt, turnBeganAt, lastPauseMs }) => {
          const pauseMs = pausedAt === undefined ? 0 : time - pausedAt;
          const yieldsAt =
            pausedAt === undefined
              ? turnBeganAt + this.#yielding.turnMs(lastPauseMs)
              : time + this.#yielding.turnMs(pauseMs);
          const need = this.#needOf(job.task);
          return { job, need, startedAt, endsAt: endsAt + pauseMs, isPaused: pausedAt !== undefined, yieldsAt };
        }),
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

  #slotsFor(need: string): number {
    return this.#options.groups().reduce((sum, { slots, takes }) => sum + (takes(need) ? slots : 0), 0);
  }

  #needOf(task: QueuedJob['task']): string {
    const known = this.#needs.get(task);
    if (known !== undefined) return known;
    const need = this.#options.needOf?.(task) ?? '';
    this.#needs.set(task, need);
    return need;
  }

  #durationMs(task: QueuedJob['task']): number {
    const { durations, maxSeconds = Number.POSITIVE_INFINITY } = this.#options;
    return milliseconds(Math.min(durations.secondsOf(task), maxSeconds + finishingSeconds));
  }
}

function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000);
}
