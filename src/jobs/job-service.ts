import type { Logger } from 'pino';
import { CodedError } from '../coded-error.js';
import { withinOwnTime } from '../own-time.js';
import type { Inputs } from '../works/work.js';
import { framesOf, type Task } from '../works/works.js';
import type { Courier } from './courier.js';
import { Deadlines } from './deadlines.js';
import { Deliveries } from './deliveries.js';
import { DiskPatience, isOfDisk } from './disk-trouble.js';
import type { DurationEstimate } from './duration-estimate.js';
import { loggedFailure } from './failure.js';
import { taskInTime } from './frames-in-time.js';
import { InputFetches, type InputLoader } from './input-fetches.js';
import type { Canceller, Job, Outcome } from './job.js';
import type { JobListener, JobStage } from './job-event.js';
import type { JobFiles } from './job-files.js';
import { JobSteps } from './job-steps.js';
import type { Journal } from './journal.js';
import type { ComputedOutcome, Workshop } from './workshop.js';

export interface JobServiceParts {
  readonly journal: Journal;
  readonly files: JobFiles;
  readonly durations: DurationEstimate;
  readonly loadInput: InputLoader;
  readonly courier: Courier;
  /** The workshop that computes the jobs. Nobody else gives it jobs, or listens to it. */
  readonly workshop: Workshop;
  readonly log: Logger;
  /** How long a job may be computed, in seconds; default: as long as it takes. */
  readonly maxSeconds?: number | undefined;
  /** How many jobs may wait at once. */
  readonly capacity: number;
  /** How long a closed job and its pictures are kept. */
  readonly keepMs: number;
  readonly onEvent?: JobListener | undefined;
}

/** How much time of its own the bot waits in {@link JobService.stop} for deliveries that are under way. */
const lastDeliveriesMs = 10_000;

/** How much of it that may take at the end which tells people that their jobs go on later, or stops editing messages. */
const suspensionsMs = 3000;

/**
 * Takes jobs from acceptance to outcome. Each step is in the journal before the next begins, so that a process that
 * ends at any moment loses nothing: {@link resume} goes on where each job stood.
 */
export class JobService {
  readonly #parts: JobServiceParts;
  readonly #workshop: Workshop;
  readonly #fetches: InputFetches;
  readonly #deliveries: Deliveries;
  readonly #steps: JobSteps;
  readonly #patience: DiskPatience;
  readonly #onEvent: JobListener;
  readonly #deadlines = new Deadlines((id) => this.#tooSlow(id));
  /** The jobs that the journal had open at the start, before any new one was accepted; by their ids. */
  readonly #left: ReadonlyMap<string, Job>;
  /** Whether the bot is being stopped: then no job is accepted any more. */
  #stopping = false;

  constructor(parts: JobServiceParts) {
    this.#parts = parts;
    const { journal, files, courier, keepMs, onEvent = () => {} } = parts;
    this.#onEvent = onEvent;
    this.#patience = new DiskPatience(parts.log);
    this.#fetches = new InputFetches(files, parts.loadInput);
    this.#left = new Map(journal.open().map((job) => [job.id, job]));
    this.#deliveries = new Deliveries({
      ...parts,
      onEvent,
      // Jobs that are not to be kept at all are removed at once, not only when old ones are removed the next time.
      onClosed: async () => (keepMs === 0 ? this.expire(Date.now() + 1) : undefined),
    });
    this.#steps = new JobSteps({ ...parts, onEvent, fail: (id, error) => this.#fail(id, error) });
    this.#workshop = parts.workshop;
    this.#workshop.listen({
      begun: (id) => this.#steps.begun(id),
      progress: (id, progress) => this.#steps.progressed(id, progress),
      crashed: (id, error) => this.#steps.crashed(id, error),
      outcome: (id, computed) => this.#keep(id, computed),
      suspended: (id) => this.#steps.suspended(id),
      placesChanged: () => courier.placesChanged(),
      hush: (id) => courier.hush(id),
    });
  }

  /** The queue, for looking at places only: jobs are changed through this service. */
  get queue(): Pick<Workshop, 'place' | 'places' | 'estimateEnd'> {
    return this.#workshop;
  }

  /** Returns how long a task would be computed, by what is known of earlier ones, in seconds. */
  estimateSeconds(task: Task): number {
    return this.#parts.durations.secondsOf(task);
  }

  get stopping(): boolean {
    return this.#stopping;
  }

  /**
   * Writes a job into the journal: once this settles, the job can't be lost.
   * @throws `jobs/stopping`, `jobs/queue-full`, or what the disk's trouble is; then the job was not accepted.
   */
  async accept(job: Job): Promise<void> {
    const { journal, files, capacity, log } = this.#parts;
    if (this.#stopping) throw new CodedError('jobs', 'stopping', 'The bot is being stopped and takes nothing more.');
    // Nothing else may come between what was counted and what is written.
    if (files.isInTrouble) await files.requireWritable();
    if (journal.countWaiting() >= capacity) {
      throw new CodedError('jobs', 'queue-full', `${capacity} jobs are waiting, which is the capacity.`);
    }
    await journal.accept(job);
    log.info({ job: job.id, owner: job.ownerId, guild: job.guildId, task: job.task }, 'job accepted');
    this.#onEvent({ kind: 'accepted', job });
  }

  /** Removes an accepted job that its person was never told about. */
  withdraw(job: Job): void {
    this.#parts.journal.withdraw(job.id);
    this.#parts.log.warn({ job: job.id }, 'job withdrawn: its person could not be told of it');
    this.#onEvent({ kind: 'withdrawn', job });
  }

  /** Fetches an accepted job's pictures and puts it into the queue. Never throws: an error is the job's outcome. */
  begin(job: Job): void {
    this.#deadlines.watch(job);
    void this.#prepare(job);
  }

  /** Goes on with all jobs that an earlier process left. Jobs that were accepted since are not touched. */
  async resume(): Promise<void> {
    const { log } = this.#parts;
    await Promise.all(
      [...this.#left.values()].map(async (job) => {
        if (job.state === 'accepted' && !(await this.#isKnown(job))) return this.withdraw(job);
        log.info({ job: job.id, state: job.state }, 'job resumed');
        if (job.state === 'delivering') return this.#deliver(job.id);
        this.#deadlines.watch(job);
        if (job.state === 'accepted') void this.#prepare(job);
        else this.#enqueue(job);
      }),
    );
  }

  /**
   * Cancels a job, whatever its state. Once this settles, its slot is free.
   * @returns whether it was cancelled; false where it has another outcome already, or is unknown.
   */
  async cancel(jobId: string, by: Canceller): Promise<boolean> {
    const stopped = await this.#stop(jobId, { kind: 'cancelled', by });
    if (stopped) this.#parts.log.info({ job: jobId, by }, 'job cancelled');
    return stopped;
  }

  /**
   * Gives jobs these outcomes, by the jobs' ids, and frees their slots; a job that has an outcome already keeps it.
   * Settles once their people have been told, or after `toldWithinMs` of the bot's own time.
   */
  async settleAll(outcomes: ReadonlyMap<string, Outcome>, toldWithinMs: number): Promise<void> {
    const told = Promise.all(
      [...outcomes].map(async ([id, outcome]) => {
        await this.#stop(id, outcome);
        await this.#deliveries.told(id);
      }),
    );
    await withinOwnTime(toldWithinMs, told);
  }

  /** Removes jobs that were closed long enough ago, and their pictures. @param now - in milliseconds since 1970. */
  async expire(now: number): Promise<void> {
    const { journal, files, keepMs } = this.#parts;
    for (const id of journal.expire(now - keepMs, now)) await files.remove(id);
  }

  /** Removes pictures whose job the journal doesn't have: a process ended between removing the one and the other. */
  async removeOrphans(): Promise<void> {
    const { journal, files } = this.#parts;
    for (const id of await files.list()) if (!journal.has(id)) await files.remove(id);
  }

  /**
   * Ends: begins no job any more. Running jobs may finish within `graceMs`; then they are stopped, and go on after the
   * next start. Outcomes that are being delivered are delivered.
   */
  async stop(graceMs: number): Promise<void> {
    const { journal, courier } = this.#parts;
    const { goesOnWithoutBot } = this.#workshop;
    this.#stopping = true;
    this.#patience.end();
    const fetched = this.#fetches.stopAll();
    this.#deadlines.forgetAll();
    // This comes first: once the workshop is closed, workers don't ask any more whether an edit of a message is on its
    // way.
    const forAll = (tell: (job: Job) => Promise<unknown>) =>
      withinOwnTime(suspensionsMs, Promise.all(journal.openOf({}).map(tell)));
    if (goesOnWithoutBot) await forAll((job) => courier.hush(job.id));
    await this.#workshop.close(goesOnWithoutBot ? 0 : graceMs);
    await this.#deliveries.end(lastDeliveriesMs);
    // Where jobs go on at workers, their people needn't know that the bot ends.
    if (!goesOnWithoutBot) await forAll((job) => courier.suspended(job));
    await fetched;
  }

  /** Whether a job's person knows that it was accepted: then it must not be lost. */
  async #isKnown(job: Job): Promise<boolean> {
    if (job.reply.messageId !== undefined) return true;
    try {
      return await this.#parts.courier.announce(job);
    } catch (error) {
      // In doubt the job is done: a job too many is better than one that is lost.
      this.#parts.log.warn({ job: job.id, err: error }, 'whether the job was announced is not known');
      return true;
    }
  }

  async #prepare(job: Job): Promise<void> {
    try {
      const begin = performance.now();
      const task = await this.#patience.through(job.id, async () => {
        const { journal, files } = this.#parts;
        // The job may have got an outcome while it waited for the disk.
        if (journal.job(job.id)?.state !== 'accepted' || !(await this.#fetches.fetch(job))) return undefined;
        const inputs: Inputs = async (name) => ({ bytes: await files.get(job.id, name) });
        const known = await taskInTime(job, inputs, this.#parts);
        // The journal says false where the job has got an outcome meanwhile.
        if (!journal.queued(job.id, known)) return undefined;
        await journal.durable();
        return known;
      });
      if (task === undefined) return;
      this.#staged(job, 'fetch', (performance.now() - begin) / 1000);
      this.#enqueue({ ...job, task });
    } catch (error) {
      this.#fail(job.id, error);
    }
  }

  /** Puts a job into the queue, unless it has got an outcome since it was looked up: then its person has been told. */
  #enqueue(job: Job): void {
    const { id, ownerId, guildId, task } = job;
    if (this.#steps.isOver(id)) return;
    this.#workshop.take({ id, ownerId, guildId, task }, this.#left.has(id)).then(
      // A job that has left the queue meanwhile has no place to show.
      () => this.#workshop.place(id) && this.#parts.courier.moved(job),
      (error: unknown) => this.#fail(id, error),
    );
  }

  /** Stores a computed outcome, and has it delivered. Never throws: an error becomes the job's outcome instead. */
  async #keep(id: string, { outcome, files, isTold, evaluations }: ComputedOutcome): Promise<void> {
    const { journal } = this.#parts;
    try {
      const job = journal.job(id);
      if (job !== undefined && outcome.kind === 'result') {
        const { shrunk, cutShort = false, outOfTime, seconds, aloneSeconds = seconds } = outcome.result;
        this.#staged(job, 'compute', seconds);
        if (evaluations !== undefined) this.#onEvent({ kind: 'computed', job, evaluations });
        // A job that fell short of what was asked for tells nothing about how long its task takes. Neither does one of
        // several frames: equal ones take no time, and an earlier process may have painted some.
        if (shrunk === undefined && !cutShort && outOfTime === undefined && framesOf(job.task) === 1)
          this.#parts.durations.record(job.task, aloneSeconds);
      }
      await this.#patience.through(id, async () => {
        for (const [name, bytes] of files) await this.#parts.files.put(id, name, bytes);
        if (!isTold) return;
        journal.settle(id, outcome);
        await this.#deliveries.close(id);
      });
      if (!isTold) this.#settle(id, outcome);
    } catch (error) {
      this.#fail(id, error);
    }
  }

  #staged(job: Job, stage: JobStage, seconds: number): void {
    this.#onEvent({ kind: 'stage', job, stage, seconds });
  }

  #fail(id: string, error: unknown): void {
    const { log } = this.#parts;
    // The bot ends while the disk keeps nothing: the next one goes on with the job where the journal has it.
    if (this.#stopping && isOfDisk(error)) log.error({ job: id, err: error }, 'a job is left to the next start');
    else this.#settle(id, loggedFailure(error, id, log));
  }

  /** Stops a job and gives it this outcome instead of its own. @returns whether this outcome stands. */
  async #stop(id: string, outcome: Outcome): Promise<boolean> {
    this.#fetches.stop(id);
    let isSettled = false;
    await this.#workshop.stop(id, () => {
      isSettled = this.#parts.journal.settle(id, outcome);
    });
    if (isSettled) this.#deliver(id, outcome);
    return isSettled;
  }

  #settle(id: string, outcome: Outcome): void {
    // Where the journal can't be written just now, it is given the outcome again when that is delivered.
    if (this.#steps.safely(id, () => this.#parts.journal.settle(id, outcome)) ?? true) this.#deliver(id, outcome);
  }

  /** Has a job fail whose deadline has come: later its person couldn't be told any more. */
  #tooSlow(id: string): void {
    const failure = { code: 'too-slow', context: {} } as const;
    this.#stop(id, { kind: 'failed', failure }).catch((error: unknown) => this.#fail(id, error));
  }

  /** Has a job's outcome delivered, however many attempts that takes; the job's slot is free meanwhile. */
  #deliver(id: string, outcome?: Outcome): void {
    this.#deadlines.forget(id);
    void this.#deliveries.deliver(id, outcome);
  }
}
