import { setTimeout as wait } from 'node:timers/promises';
import PQueue from 'p-queue';
import type { Logger } from 'pino';
import { ImageError } from '../imaging/image-error.js';
import { type Compute, ComputeCrash, type ComputeResult, TaskError } from './compute/compute.js';
import type { DurationEstimate } from './duration-estimate.js';
import { InputError } from './input-error.js';
import { type Failure, type InputName, type InputSource, inputsOf, type Job, type Outcome } from './job.js';
import type { JobFiles } from './job-files.js';
import type { JobProgress, JobQueue, QueuedJob } from './job-queue.js';
import type { Journal } from './journal.js';

/** What tells people about their jobs. */
export interface Courier {
  /** A job moved: it got a place in the queue, began, or came further. Called often; returns at once. */
  moved(job: Job, progress?: JobProgress): void;
  /** The places of waiting jobs may have changed. Called often; returns at once. */
  placesChanged(): void;
  /** Tells that a job goes on after the bot's next start. Settles once it was told, or can't be. Never throws. */
  suspended(job: Job): Promise<void>;
  /**
   * Tells a job's person that it was accepted, if that has not happened yet; for after a restart, where the journal doesn't
   * know.
   * @returns whether they know of it now, or did before.
   * @throws where nobody can say now.
   */
  announce(job: Job): Promise<boolean>;
  /**
   * Tells what became of a job. Settles once its person has been told, or can't be told any more; may be called again for
   * the same job after a restart, and must not tell twice.
   * @throws where it makes sense to try again later.
   */
  deliver(job: Job, files: ReadonlyMap<string, Uint8Array>): Promise<void>;
}

/** Gets a job's picture and stores it with the job, checked: something that can be decoded. */
export type InputLoader = (job: Job, input: InputName, source: InputSource, signal: AbortSignal) => Promise<void>;

/** Makes the queue, given what a job's turn consists of. */
export type QueueFactory = (
  perform: (job: QueuedJob, turn: { signal: AbortSignal; report: (progress: JobProgress) => void }) => Promise<void>,
  onChange: () => void,
) => JobQueue;

export interface JobServiceParts {
  readonly journal: Journal;
  readonly files: JobFiles;
  readonly compute: Compute;
  readonly durations: DurationEstimate;
  readonly loadInput: InputLoader;
  readonly courier: Courier;
  readonly createQueue: QueueFactory;
  readonly log: Logger;
  /** Jobs that may wait at once. */
  readonly capacity: number;
  /** How long a closed job and its pictures are kept. */
  readonly keepMs: number;
}

/** As many jobs wait as may. */
export class QueueFullError extends Error {
  override readonly name = 'QueueFullError';
}

/** The bot is being stopped and takes nothing more. */
export class StoppingError extends Error {
  override readonly name = 'StoppingError';
}

/** Why the job of a running turn is stopped: given as the reason of its signal. The journal has the rest. */
const settledElsewhere = Symbol('the job has an outcome already');

/** Why all jobs are stopped that run when the bot ends; they go on when it comes back. */
const shutdown = Symbol('the bot is shutting down');

/** Crashes of its computation after which a job is given up. */
const crashesAllowed = 1;

/** Jobs whose pictures are fetched and checked at once. */
const fetchesAtOnce = 6;

/** Results that are sent at once. */
const deliveriesAtOnce = 4;

const slowestRetryMs = 60_000;

/** How long deliveries in flight are waited for at the end. */
const lastDeliveriesMs = 10_000;

/** How long people are told at the end that their jobs go on later. */
const suspensionsMs = 3000;

/**
 * A job from acceptance to outcome. Each step is in the journal before the next begins, so that a process that ends at any
 * moment loses nothing: {@link resume} goes on where it stood.
 */
export class JobService {
  readonly #parts: JobServiceParts;
  readonly #queue: JobQueue;
  readonly #fetches = new PQueue({ concurrency: fetchesAtOnce });
  readonly #deliveries = new PQueue({ concurrency: deliveriesAtOnce });
  /** Jobs whose pictures are being fetched. */
  readonly #fetching = new Map<string, AbortController>();
  readonly #deadlines = new Map<string, NodeJS.Timeout>();
  /** Nothing new is begun. */
  #stopping = false;
  /** Nothing is waited for any more. */
  readonly #ending = new AbortController();

  constructor(parts: JobServiceParts) {
    this.#parts = parts;
    this.#queue = parts.createQueue(
      (job, turn) => this.#perform(job.id, turn.signal, turn.report),
      () => parts.courier.placesChanged(),
    );
  }

  /** Where jobs stand; to be looked at, and changed through this service only. */
  get queue(): Pick<JobQueue, 'place' | 'places' | 'estimateEnd'> {
    return this.#queue;
  }

  get stopping(): boolean {
    return this.#stopping;
  }

  /**
   * Writes a job into the journal: once this settles, it is not lost.
   * @throws StoppingError, QueueFullError, or what the database throws; then nothing was accepted.
   */
  async accept(job: Job): Promise<void> {
    const { journal, capacity, log } = this.#parts;
    if (this.#stopping) throw new StoppingError();
    if (journal.countWaiting() >= capacity)
      throw new QueueFullError(`${capacity} jobs are waiting, which is the capacity`);
    await journal.accept(job);
    log.info({ job: job.id, owner: job.ownerId, guild: job.guildId, task: job.task }, 'job accepted');
  }

  /** Takes an accepted job back that its person was never told about. */
  withdraw(jobId: string): void {
    this.#parts.journal.withdraw(jobId);
    this.#parts.log.warn({ job: jobId }, 'job withdrawn: its person could not be told of it');
  }

  /** Fetches an accepted job's pictures and puts it into the queue. Never throws: what goes wrong is its outcome. */
  begin(job: Job): void {
    this.#watchDeadline(job);
    void this.#prepare(job);
  }

  /** Goes on with all jobs that an earlier process left. */
  async resume(): Promise<void> {
    const { journal, log } = this.#parts;
    await Promise.all(
      journal.open().map(async (job) => {
        if (job.state === 'accepted' && !(await this.#isKnown(job))) return this.withdraw(job.id);
        log.info({ job: job.id, state: job.state }, 'job resumed');
        if (job.state === 'delivering') return this.#deliver(job.id);
        this.#watchDeadline(job);
        if (job.state === 'accepted') void this.#prepare(job);
        else this.#enqueue(job);
      }),
    );
  }

  /**
   * Stops a job, wherever it stands. Once this settles, its slot is free.
   * @returns whether there was anything left to stop.
   */
  async cancel(jobId: string, by: 'owner' | 'moderator'): Promise<boolean> {
    const stopped = await this.#stop(jobId, { kind: 'cancelled', by });
    if (stopped) this.#parts.log.info({ job: jobId, by }, 'job cancelled');
    return stopped;
  }

  /** Removes what is kept of jobs that were closed long enough ago. */
  async expire(now: number): Promise<void> {
    const { journal, files, keepMs } = this.#parts;
    for (const id of journal.expire(now - keepMs, now)) await files.remove(id);
  }

  /** Removes the pictures of jobs that the journal does not have: of a process that ended between the one and the other. */
  async removeOrphans(): Promise<void> {
    const { journal, files } = this.#parts;
    for (const id of await files.list()) if (!journal.has(id)) await files.remove(id);
  }

  /**
   * Ends: nothing new begins; what runs may finish within the time that is given, is stopped then, and goes on after the
   * next start; what is being sent is sent.
   */
  async stop(graceMs: number): Promise<void> {
    const { journal, courier } = this.#parts;
    this.#stopping = true;
    for (const controller of this.#fetching.values()) controller.abort(shutdown);
    for (const timer of this.#deadlines.values()) clearTimeout(timer);
    const closed = this.#queue.close();
    await Promise.race([closed, wait(graceMs, undefined, { ref: false })]);
    for (const { job, state } of this.#queue.places()) {
      if (state === 'running') void this.#queue.cancel(job.id, shutdown);
    }
    await closed;
    await Promise.race([this.#deliveries.onIdle(), wait(lastDeliveriesMs, undefined, { ref: false })]);
    this.#ending.abort(shutdown);
    const suspensions = journal.openOf({}).map((job) => courier.suspended(job));
    await Promise.race([Promise.all(suspensions), wait(suspensionsMs, undefined, { ref: false })]);
    await this.#fetches.onIdle();
    await this.#deliveries.onIdle();
  }

  /** Whether a job's person knows of it: then it must not be lost. */
  async #isKnown(job: Job): Promise<boolean> {
    if (job.reply.messageId !== undefined) return true;
    try {
      return await this.#parts.courier.announce(job);
    } catch (error) {
      // A job too many is better than one that is lost.
      this.#parts.log.warn({ job: job.id, err: error }, 'whether the job was announced is not known');
      return true;
    }
  }

  async #prepare(job: Job): Promise<void> {
    const controller = new AbortController();
    this.#fetching.set(job.id, controller);
    try {
      await this.#fetches.add(() => this.#fetch(job, controller.signal));
      controller.signal.throwIfAborted();
      // False where it got an outcome meanwhile.
      if (this.#parts.journal.queued(job.id)) this.#enqueue(job);
    } catch (error) {
      if (!controller.signal.aborted) this.#fail(job.id, error);
    } finally {
      this.#fetching.delete(job.id);
    }
  }

  async #fetch(job: Job, signal: AbortSignal): Promise<void> {
    const { files, loadInput } = this.#parts;
    await Promise.all(
      inputsOf[job.task.kind].map(async (input) => {
        const source = job.inputs[input];
        if (source === undefined) throw new Error(`Job ${job.id} has no ${input}.`);
        if (await files.has(job.id, input)) return;
        signal.throwIfAborted();
        await loadInput(job, input, source, signal);
      }),
    );
  }

  #enqueue(job: Job): void {
    const { id, ownerId, guildId, task } = job;
    this.#queue.add({ id, ownerId, guildId, task }).then(
      () => this.#parts.courier.moved(job),
      (error: unknown) => this.#fail(id, error),
    );
  }

  /** A job's turn in the queue: computes it, twice if need be, and leaves what came of it to be told. */
  async #perform(id: string, signal: AbortSignal, report: (progress: JobProgress) => void): Promise<void> {
    const { journal, files, compute, courier, log } = this.#parts;
    try {
      for (;;) {
        const job = journal.running(id) ? journal.job(id) : undefined;
        if (job === undefined) return;
        log.info({ job: id, waitMs: Date.now() - job.acceptedAt }, 'job begun');
        courier.moved(job);
        const inputs = Object.fromEntries(
          await Promise.all(inputsOf[job.task.kind].map(async (name) => [name, await files.get(id, name)] as const)),
        );
        const onProgress = (progress: JobProgress) => {
          report(progress);
          courier.moved(job, progress);
        };
        try {
          const result = await compute.run(
            { task: job.task, inputs, maxFileBytes: job.reply.maxFileBytes },
            { signal, onProgress },
          );
          await this.#keep(job, result);
          return;
        } catch (error) {
          if (!(error instanceof ComputeCrash) || signal.aborted) throw error;
          const crashes = journal.crashed(id);
          log.error({ job: id, crashes, err: error }, 'computation crashed');
          if (crashes > crashesAllowed) throw error;
        }
      }
    } catch (error) {
      if (!signal.aborted) this.#fail(id, error);
      else if (signal.reason === shutdown) journal.waitAgain(id);
    }
  }

  async #keep(job: Job, { picture, animation, epochs, seconds }: ComputeResult): Promise<void> {
    const { files, durations } = this.#parts;
    durations.record(job.task, seconds);
    const pictureName = `result.${picture.format}`;
    await files.put(job.id, pictureName, picture.bytes);
    if (animation !== undefined) await files.put(job.id, 'transformation.gif', animation.bytes);
    const { width, height } = picture;
    const result = { width, height, picture: pictureName, epochs, seconds };
    this.#settle(job.id, {
      kind: 'result',
      result: animation === undefined ? result : { ...result, animation: 'transformation.gif' },
    });
  }

  #fail(id: string, error: unknown): void {
    const failure = failureOf(error, id);
    this.#parts.log[failure.code === 'unexpected' ? 'error' : 'info']({ job: id, failure, err: error }, 'job failed');
    this.#settle(id, { kind: 'failed', failure });
  }

  /** Gives a job an outcome that its own turn didn't come to, and frees what it holds. */
  async #stop(id: string, outcome: Outcome): Promise<boolean> {
    this.#fetching.get(id)?.abort(settledElsewhere);
    if (!this.#parts.journal.settle(id, outcome)) return false;
    await this.#queue.cancel(id, settledElsewhere);
    this.#deliver(id);
    return true;
  }

  #settle(id: string, outcome: Outcome): void {
    if (this.#parts.journal.settle(id, outcome)) this.#deliver(id);
  }

  /** A job whose person can't be reached for ever is over in time to tell them. */
  #watchDeadline({ id, reply: { deadlineAt } }: Job): void {
    if (deadlineAt === undefined) return;
    const timer = setTimeout(
      () => {
        const failure = { code: 'too-slow', context: {} };
        this.#stop(id, { kind: 'failed', failure }).catch((error: unknown) => this.#fail(id, error));
      },
      Math.max(0, deadlineAt - Date.now()),
    );
    this.#deadlines.set(id, timer.unref());
  }

  /** Tells an outcome, however often it takes; the compute slot is free meanwhile. */
  #deliver(id: string): void {
    clearTimeout(this.#deadlines.get(id));
    this.#deadlines.delete(id);
    void this.#deliverUntilTold(id);
  }

  async #deliverUntilTold(id: string): Promise<void> {
    const { signal } = this.#ending;
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        await this.#deliveries.add(() => this.#deliverOnce(id));
        return;
      } catch (error) {
        this.#parts.log.warn({ job: id, attempt, err: error }, 'delivery failed, to be tried again');
        const pauseMs = Math.min(1000 * 2 ** attempt, slowestRetryMs);
        await wait(pauseMs, undefined, { signal, ref: false }).catch(() => {});
      }
    }
  }

  async #deliverOnce(id: string): Promise<void> {
    const { journal, courier, log, keepMs } = this.#parts;
    // What is told must not be forgotten: it could come out differently the next time.
    await journal.durable();
    const job = journal.job(id);
    if (job?.state !== 'delivering') return;
    await courier.deliver(job, await this.#resultFiles(job));
    journal.close(id, Date.now());
    await journal.durable();
    log.info({ job: id, outcome: job.outcome?.kind, waitMs: Date.now() - job.acceptedAt }, 'job closed');
    // What is not to be kept at all is not kept until somebody looks again either.
    if (keepMs === 0) await this.expire(Date.now() + 1);
  }

  async #resultFiles({ id, outcome }: Job): Promise<ReadonlyMap<string, Uint8Array>> {
    if (outcome?.kind !== 'result') return new Map();
    const names = [outcome.result.picture, outcome.result.animation].filter((name) => name !== undefined);
    return new Map(
      await Promise.all(names.map(async (name) => [name, await this.#parts.files.get(id, name)] as const)),
    );
  }
}

/** What a person is told of an error; what nobody foresaw gets the job's id, which the log has too. */
function failureOf(error: unknown, jobId: string): Failure {
  if (error instanceof InputError || error instanceof TaskError) return { code: error.code, context: error.context };
  if (error instanceof ImageError) {
    return { code: `image/${error.code}`, context: { ...error.context, message: error.message } };
  }
  if (error instanceof ComputeCrash) return { code: 'crashed', context: {} };
  return { code: 'unexpected', context: { id: jobId } };
}
