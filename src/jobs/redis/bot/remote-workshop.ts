import { setTimeout as wait } from 'node:timers/promises';
import { Deferred } from '../../../deferred.js';
import type { NetworkName } from '../../../engine/topology.js';
import { type DurationEstimate, typicalSecondsOf } from '../../duration-estimate.js';
import { loggedFailure } from '../../failure.js';
import { FairOrder } from '../../fair-order.js';
import { JobBoard, type RoomToMake } from '../../job-board.js';
import { RoomMaker } from '../../room-maker.js';
import type { ComputedOutcome, Place, QueuedJob, Workshop, WorkshopCheck, WorkshopListener } from '../../workshop.js';
import type { Yielding } from '../../yielding.js';
import { type BotNews, Channel, type WorkerNews, workerNewsSchema } from '../channel.js';
import { queueNameFor } from '../needs.js';
import { renewalMs, type WorkerInfo } from '../presence.js';
import type { Run } from '../run-ledger.js';
import { Dispatch, type DispatchOptions } from './dispatch.js';
import { DispatchedJob } from './dispatched-job.js';
import { KnownWorkers } from './known-workers.js';
import { pickUpOutcome } from './outcome-pickup.js';
import { wholeSteps } from './priorities.js';
import { Upkeep } from './upkeep.js';

/** Options of a {@link RemoteWorkshop}, which closes the link that it is given. */
export interface RemoteWorkshopOptions extends Omit<DispatchOptions, 'order' | 'onNews'> {
  readonly durations: DurationEstimate;
  readonly checks: readonly WorkshopCheck[];
  /** Which jobs pause for which; default: as {@link Yielding} usually says. */
  readonly yielding?: Yielding | undefined;
  /** The bot's version of whitewalker, which workers see. */
  readonly version: string;
  /** How often jobs in workers' hands are looked at, in case news were missed; default: {@link defaultWatchMs}. */
  readonly watchMs?: number | undefined;
}

/** How long to wait until a worker has left a job that is stopped. */
const leavingMs = 2000;

const defaultWatchMs = 2000;

/**
 * A workshop that has workers on other machines compute, over Redis. BullMQ decides which job a worker gets, by the
 * order that is kept here. All waiting and running jobs are mirrored here, so that places are known at once.
 */
export class RemoteWorkshop implements Workshop {
  readonly goesOnWithoutBot = true;
  readonly checks: readonly WorkshopCheck[];
  readonly #options: RemoteWorkshopOptions;
  readonly #order = new FairOrder<DispatchedJob>();
  readonly #board: JobBoard;
  readonly #room: RoomMaker;
  readonly #upkeep: Upkeep;
  readonly #entries = new Map<string, DispatchedJob>();
  /** For each run that a worker is to leave: settles when it has. */
  readonly #leaving = new Map<string, Deferred<void>>();
  readonly #dispatch: Dispatch;
  readonly #workers: KnownWorkers;
  readonly #channel: Channel<WorkerNews, BotNews>;
  readonly #timers: readonly NodeJS.Timeout[];
  #listener: WorkshopListener | undefined;
  /** Whether the workshop is closing: then no job begins any more. */
  #isClosing = false;
  /** Whether the workshop no longer looks at Redis either. */
  #isClosed = false;

  constructor(options: RemoteWorkshopOptions) {
    const { link, durations, maxSeconds, checks, yielding, watchMs = defaultWatchMs } = options;
    this.#options = options;
    this.#workers = new KnownWorkers({
      ...options,
      onChange: () => this.#changed(),
      onForgotten: () => void this.#upkeep.comeBack(),
    });
    const requireWorker = () => {
      if (this.#workers.list.length === 0) {
        throw new Error('No worker is connected: start one with `whitewalker worker`.');
      }
    };
    this.checks = [...checks, { name: 'compute', look: requireWorker }];
    this.#board = new JobBoard({
      order: this.#order,
      groups: () => this.#workers.groups,
      needOf: queueNameFor,
      fits: (runningId, need) => this.#workers.takes(this.#entries.get(runningId)?.worker, need),
      durations,
      maxSeconds,
      yielding,
      now: Date.now,
    });
    this.#room = new RoomMaker(this.#board, (room) => this.#makeRoom(room));
    this.#dispatch = new Dispatch({ ...options, order: this.#order, onNews: (job, news) => this.#learn(job, news) });
    this.#upkeep = new Upkeep({
      ...options,
      dispatch: this.#dispatch,
      workers: this.#workers,
      entries: this.#entries,
      check: (entry) => this.#check(entry),
    });
    this.#channel = new Channel({
      link,
      side: 'bot',
      schema: workerNewsSchema,
      onNews: (news) => this.#hear(news),
      onBack: () => void this.#upkeep.comeBack(),
    });
    link.onUp(() => void this.#upkeep.comeBack());
    this.#timers = [
      setInterval(() => void this.#workers.renew(), renewalMs).unref(),
      setInterval(() => void this.#upkeep.watch(), watchMs).unref(),
    ];
  }

  get workers(): readonly WorkerInfo[] {
    return this.#workers.list;
  }

  get slots(): number {
    return this.#workers.list.reduce((sum, { slots }) => sum + slots, 0);
  }

  /** While no worker is connected we can't know which networks there are, so a job is accepted and waits. */
  hasNetwork(network: NetworkName): boolean {
    const { list } = this.#workers;
    return list.length === 0 || list.some(({ networks }) => networks.includes(network));
  }

  listen(listener: WorkshopListener): void {
    this.#listener = listener;
  }

  async take(job: QueuedJob, isResumed = false): Promise<void> {
    this.#board.wait(job);
    const { id, ownerId, task } = job;
    const entry = new DispatchedJob(job, isResumed);
    this.#order.anticipate(this.#workers.slots - this.#board.runningCount);
    if (this.#order.size === 0) this.#dispatch.inBull.moveBase();
    this.#order.add({ id, ownerId, cost: wholeSteps(typicalSecondsOf(task)) }, entry);
    this.#entries.set(id, entry);
    this.#changed();
    await this.#check(entry);
    if (isResumed) await entry.known.promise;
  }

  async stop(jobId: string, settle: () => void): Promise<boolean> {
    const entry = this.#entries.get(jobId);
    // An earlier bot has handed this job to workers, which may have told its outcome.
    if (entry?.isResumed) await entry.known.promise;
    if (entry === undefined || this.#entries.get(jobId) !== entry) {
      settle();
      return false;
    }
    // The job's own outcome stands where it is being kept here, or where Redis has one.
    if (entry.isOver) return false;
    if (!(await this.#dispatch.recall(entry))) {
      void this.#check(entry);
      return false;
    }
    settle();
    if (entry.isOver) return false;
    const { isRunning } = entry;
    const ended = new Deferred<void>();
    if (isRunning) this.#leaving.set(entry.run, ended);
    void this.#channel.tell({ kind: 'dropped', jobId, run: entry.run });
    if (!isRunning) this.#order.remove(jobId);
    const forgotten = this.#leave(entry);
    if (isRunning) await Promise.race([ended.promise, wait(leavingMs, undefined, { ref: false })]);
    else await forgotten.then(() => this.#dispatch.inBull.reorder());
    this.#leaving.delete(entry.run);
    return true;
  }

  place(jobId: string): Place | undefined {
    return this.#board.place(jobId);
  }

  places(): readonly Place[] {
    return this.#board.places();
  }

  estimateEnd(job: Pick<QueuedJob, 'ownerId' | 'task'>): number {
    return this.#board.estimateEnd(job);
  }

  /** Removes from Redis the jobs that have not been taken here. */
  async start(): Promise<void> {
    await this.#upkeep.sweep();
  }

  /** Closes the workshop. Jobs that still run after `graceMs` are let go by the bot only: their workers go on. */
  async close(graceMs: number): Promise<void> {
    this.#isClosing = true;
    this.#room.end();
    const running = [...this.#entries.values()].filter(({ isRunning }) => isRunning);
    const left = Promise.all(running.map(({ left }) => left.promise));
    await Promise.race([left, wait(graceMs, undefined, { ref: false })]);
    this.#isClosed = true;
    this.#upkeep.end();
    const keeping = [...this.#entries.values()].filter(({ isOver }) => isOver);
    for (const entry of this.#entries.values()) {
      if (entry.isOver) continue;
      // An outcome that is being fetched is left to the next bot, also of a job that waits here.
      entry.isOver = true;
      if (!entry.isRunning) continue;
      this.#remove(entry);
      this.#listener?.suspended(entry.job.id);
    }
    await Promise.all(keeping.map(({ left }) => left.promise));
    for (const timer of this.#timers) clearInterval(timer);
    await this.#dispatch.close();
    this.#channel.close();
    await this.#workers.leave();
    this.#options.link.close();
  }

  #hear(news: WorkerNews): void {
    if (news.kind === 'workers') {
      void this.#workers.look();
      return;
    }
    const { jobId, run } = news;
    const entry = this.#entries.get(jobId);
    const isWanted = entry?.run === run && !entry.isDropped;
    switch (news.kind) {
      case 'begun':
        if (isWanted) this.#begin(entry, news.worker);
        break;
      case 'progress':
        if (isWanted && entry.isRunning) {
          this.#board.report(jobId, news.progress);
          this.#listener?.progress(jobId, news.progress);
          this.#room.look();
        }
        break;
      case 'finishing':
        void this.#leaveMessageTo(jobId, run, entry);
        break;
      case 'ended':
        this.#leaving.get(run)?.resolve();
        if (isWanted) void this.#check(entry);
    }
    if (entry?.isDropped) void this.#channel.tell({ kind: 'dropped', jobId, run });
  }

  /** Leaves a job's message to a worker: at once for jobs not in this workshop, since the bot edits none of theirs. */
  async #leaveMessageTo(jobId: string, run: string, entry: DispatchedJob | undefined): Promise<void> {
    await this.#listener?.hush(jobId);
    if (entry !== undefined) entry.isQuiet = true;
    await this.#channel.tell({ kind: 'quiet', jobId, run });
  }

  /** Hears from {@link Dispatch} that it added a job to Redis, or what it found of a job there. */
  #learn(entry: DispatchedJob, news: 'added' | Run): void {
    if (news === 'added') {
      void this.#channel.tell({ kind: 'added' });
      this.#room.look();
    } else if (entry.isDropped || entry.isOver || this.#isClosed) return;
    else if (news.outcome === undefined) this.#begin(entry, news.worker);
    else {
      this.#conclude(entry, news).catch((error: unknown) => {
        // Redis or the store is away just now: the outcome is looked at again when it is back.
        this.#options.log.debug({ job: entry.job.id, err: error }, 'an outcome could not be fetched yet');
      });
    }
  }

  /** Notes that a worker computes a job, perhaps after another one has died with it. */
  #begin(entry: DispatchedJob, worker: string | undefined): void {
    if (worker === undefined || (entry.isRunning && entry.worker === worker)) return;
    if (this.#isClosing || entry.isOver) return;
    entry.worker = worker;
    // Where it was paused, its worker has died, and it begins anew.
    this.#board.goOn(entry.job.id);
    this.#countAsRunning(entry);
    if (this.#listener?.begun(entry.job.id)) return;
    void this.#leave(entry);
  }

  #countAsRunning(entry: DispatchedJob): void {
    if (entry.isRunning) return;
    entry.isRunning = true;
    entry.priority = undefined;
    this.#order.begin(entry.job.id);
    this.#board.begin(entry.job);
    this.#changed();
  }

  /** Takes over a job's outcome from Redis, once its worker has told it or can't. */
  async #conclude(entry: DispatchedJob, found: Run): Promise<void> {
    // Progress that is still on its way to the message must not overwrite the outcome that a worker tells.
    const wasShown = (await this.#listener?.hush(entry.job.id)) ?? false;
    const pickedUp = await pickUpOutcome(entry, found, wasShown, this.#options);
    if (pickedUp === undefined || entry.isOver) return;
    await (pickedUp === 'lost' ? this.#dispatch.discard(entry, found.run) : this.#finish(entry, pickedUp));
  }

  async #finish(entry: DispatchedJob, computed: ComputedOutcome): Promise<void> {
    const { id } = entry.job;
    entry.isOver = true;
    this.#countAsRunning(entry);
    try {
      await this.#listener?.outcome(id, computed);
    } catch (error) {
      this.#options.log.error({ job: id, err: error }, 'the outcome of a job was not kept');
    }
    void this.#leave(entry);
  }

  /** Looks at what Redis has of a job, and adds what is missing. Never rejects. */
  async #check(entry: DispatchedJob): Promise<void> {
    if (this.#isClosed || entry.isOver) return;
    // A worker that took the bot for gone would not wait until the bot leaves the job's message to it.
    await this.#workers.renewInTime();
    try {
      await this.#dispatch.check(entry);
    } catch (error) {
      if (entry.isOver) return;
      const outcome = loggedFailure(error, entry.job.id, this.#options.log);
      await this.#finish(entry, { outcome, files: new Map(), isTold: false });
    }
  }

  /** Removes a job from the workshop, and makes Redis forget it. */
  #leave(entry: DispatchedJob): Promise<void> {
    this.#remove(entry);
    return this.#dispatch.forget(entry);
  }

  #remove(entry: DispatchedJob): void {
    const { job, known, left } = entry;
    entry.isOver = true;
    known.resolve();
    left.resolve();
    if (this.#entries.get(job.id) === entry) this.#entries.delete(job.id);
    this.#board.remove(job.id);
    if (this.#board.runningCount === 0) this.#order.settle();
    this.#changed();
  }

  /** Asks a worker to have a long job pause for a short one. @returns false where workers can't take that one yet. */
  #makeRoom({ running: { id }, waiting: { id: waitingId } }: RoomToMake): boolean {
    const [running, waiting] = [this.#entries.get(id), this.#entries.get(waitingId)];
    // A job that workers can't take yet makes itself heard once they can.
    if (running === undefined || waiting?.priority === undefined) return false;
    void this.#dispatch.hasten(waiting).then((isFirst) => {
      const { queueName: queue } = waiting;
      if (isFirst) void this.#channel.tell({ kind: 'make-room', jobId: id, run: running.run, queue });
    });
    return true;
  }

  #changed(): void {
    this.#board.changed();
    this.#room.look();
    this.#listener?.placesChanged();
  }
}
