import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Compute } from '../../../compute/compute.js';
import type { PauseSwitch } from '../../../compute/pause-switch.js';
import { Deferred } from '../../../deferred.js';
import type { JobProgress } from '../../../works/progress.js';
import type { FrameKeeper } from '../../../works/work.js';
import { inputsOf } from '../../../works/works.js';
import { computeWithRetry } from '../../attempts.js';
import { failureOf, logCutShort, loggedFailure } from '../../failure.js';
import type { Job, Outcome } from '../../job.js';
import { DamagedJobError } from '../../job-row.js';
import { frameName } from '../../kept-frames.js';
import { keptResult, resultFileNames } from '../../kept-result.js';
import { type JobStore, storedFiles } from '../../store/job-store.js';
import type { BotNews, Channel, WorkerNews } from '../channel.js';
import type { Presence } from '../presence.js';
import type { RedisLink } from '../redis-link.js';
import type { RunLedger, TakenRun } from '../run-ledger.js';
import type { TakenJob } from './served-queues.js';

/**
 * A function that tells a job's person its outcome. @returns false where only the bot can do that.
 * @throws where it makes sense to try again later.
 */
export type Tell = (
  job: Job,
  files: ReadonlyMap<string, Uint8Array>,
  claimMention: () => Promise<boolean>,
) => Promise<boolean>;

export interface WorkerTurnsParts {
  readonly workerId: string;
  readonly link: Pick<RedisLink, 'untilTaken'>;
  readonly ledger: RunLedger;
  readonly presence: Presence;
  readonly store: JobStore;
  readonly compute: Compute;
  /** Tells outcomes; undefined: the bot tells them. */
  readonly tell: Tell | undefined;
  readonly channel: Pick<Channel<BotNews, WorkerNews>, 'tell'>;
  readonly log: Logger;
}

export interface WorkerTurn {
  /** Stops the turn: with {@link handBack} as its reason the job goes on elsewhere, else nobody wants it any more. */
  readonly signal: AbortSignal;
  /** Frees the job's slot: called when its computing is done, and its outcome is only to be kept and told. */
  readonly freeSlot: () => void;
  readonly pauses: PauseSwitch;
  /** Called when the job stands still, and another one may have its slot. */
  readonly hasPaused: () => void;
}

/** Abort reason when the worker ends: its jobs are handed back, and go on elsewhere. */
export const handBack = Symbol('the worker ends');

/** How many workers may die with a job: after one more it is given up, since that is no chance any more. */
const deathsAllowed = 1;

/** Shortest time between two news of progress without a preview: the bot shows progress only every few seconds. */
const leastProgressMs = 1000;

/** Pause where a job's pictures are missing: a store that loses everything must not keep bot and workers busy. */
const missingPauseMs = 300;

/** How long to wait for the bot's word that it edits a job's message no more. */
const quietMs = 3000;

/** Attempts to tell an outcome, with pauses that double. After them the bot tells it, if it is there. */
const telling = { attempts: 3, firstPauseMs: 1000, longestPauseMs: 60_000 } as const;

/**
 * Performs a worker's turns: computes a job, has its outcome agreed on in the {@link RunLedger}, and tells it. Where Redis
 * refuses something, the turn waits until it doesn't: what was computed must not be lost.
 */
export class WorkerTurns {
  readonly #parts: WorkerTurnsParts;
  /** For each run whose message the bot is asked not to edit any more: resolves when the bot has answered. */
  readonly #quiet = new Map<string, Deferred<true>>();

  constructor(parts: WorkerTurnsParts) {
    this.#parts = parts;
  }

  /** Notes the bot's answer that it doesn't edit the message of a run's job any more. */
  hearQuiet(run: string): void {
    this.#quiet.get(run)?.resolve(true);
  }

  /** Performs the turn of a job that was taken. @returns whether the job is over; if not, it is to be handed back. */
  async perform({ jobId, run }: TakenJob, turn: WorkerTurn): Promise<boolean> {
    const { link, ledger, log, workerId } = this.#parts;
    const known = await link
      .untilTaken(() => ledger.take(jobId, run, workerId))
      .catch((error: unknown) => {
        if (error instanceof DamagedJobError) return error;
        throw error;
      });
    // Nobody wants the job any more, or an earlier worker died when all was done but BullMQ had not forgotten the job.
    if (known === undefined) return true;
    if (known instanceof DamagedJobError) {
      log.error({ job: jobId, err: known }, "a job can't be read");
      const failed: Outcome = { kind: 'failed', failure: failureOf(known, jobId) };
      await link.untilTaken(() => ledger.settle(jobId, run, failed));
      await link.untilTaken(() => ledger.told(jobId, run, false));
      return this.#leave(jobId, run);
    }
    const outcome = known.job.outcome ?? (await this.#comeToOutcome(known, run, turn));
    if (turn.signal.aborted && outcome === undefined) {
      log.info({ job: jobId, handedBack: turn.signal.reason === handBack }, 'job left');
      await this.#leave(jobId, run);
      return turn.signal.reason !== handBack;
    }
    turn.freeSlot();
    if (outcome === undefined || !(await this.#settle(known.job, run, outcome))) {
      log.info({ job: jobId }, 'the outcome of a job is not wanted any more');
      return this.#leave(jobId, run);
    }
    if (known.told === undefined && !(await this.#tell({ ...known.job, outcome }, run, turn.signal))) return false;
    log.info({ job: jobId, outcome: outcome.kind }, 'job done');
    return this.#leave(jobId, run);
  }

  /** Begins a job, unless too many workers have died with it. @returns its outcome; undefined as of {@link #compute}. */
  async #comeToOutcome(
    { job, deaths, maxSeconds }: TakenRun,
    run: string,
    turn: WorkerTurn,
  ): Promise<Outcome | undefined> {
    const { channel, log, workerId } = this.#parts;
    log.info({ job: job.id, task: job.task }, 'job begun');
    void channel.tell({ kind: 'begun', jobId: job.id, run, worker: workerId });
    return deaths > deathsAllowed ? crashed : this.#compute(job, { run, maxSeconds }, turn);
  }

  /** Gives a run its outcome. @returns whether this one stands. */
  async #settle(job: Job, run: string, outcome: Outcome): Promise<boolean> {
    const { link, ledger } = this.#parts;
    return job.outcome !== undefined || link.untilTaken(() => ledger.settle(job.id, run, outcome));
  }

  async #leave(jobId: string, run: string): Promise<true> {
    await this.#parts.channel.tell({ kind: 'ended', jobId, run });
    return true;
  }

  /**
   * Computes a job. Undefined where it was stopped, or where pictures are missing, which the bot is to store again.
   * @throws where a store outside Redis can't be used: another machine may be able to.
   */
  async #compute(
    job: Job,
    { run, maxSeconds }: Pick<TakenRun, 'maxSeconds'> & { readonly run: string },
    { signal, freeSlot, pauses, hasPaused }: WorkerTurn,
  ): Promise<Outcome | undefined> {
    const { link, store, ledger, compute, log } = this.#parts;
    const { id, task, reply } = job;
    const names = inputsOf(task);
    const inputs = await link.untilTaken(() => storedFiles(store, id, names));
    if (inputs.size < names.length) {
      log.warn({ job: id }, 'pictures of a job are missing in the store: the bot is to bring them again');
      await wait(missingPauseMs, undefined, { signal }).catch(() => {});
      await link.untilTaken(() => ledger.withdraw(id, run));
      return undefined;
    }
    const request = { task, inputs: Object.fromEntries(inputs), maxFileBytes: reply.maxFileBytes, maxSeconds };
    const tell = this.#progressOf(id, run);
    const onProgress = (progress: JobProgress) => {
      tell(progress);
      if (progress.isPaused) hasPaused();
    };
    const keptFrames: FrameKeeper = {
      get: (index) => link.untilTaken(() => store.get(id, frameName(index)), signal),
      put: (index, file) => link.untilTaken(() => store.put(id, frameName(index), file), signal),
    };
    const options = { signal, pauses, onProgress, keptFrames };
    let crashes = 0;
    const result = await computeWithRetry(compute, request, options, (crash) => {
      log.error({ job: id, err: crash }, 'computation crashed');
      // A job that dies while it is to pause won't say any more that it has.
      if (pauses.isOff) hasPaused();
      return ++crashes;
    }).catch((error: unknown) => (signal.aborted ? undefined : loggedFailure(error, id, log)));
    if (result === undefined || 'kind' in result) return result;
    // From here on the turn isn't stopped any more because another worker has the job, too: this one has its result.
    freeSlot();
    logCutShort(result, id, log);
    const { facts, files } = keptResult(result);
    for (const [name, bytes] of files) await link.untilTaken(() => store.put(id, name, bytes));
    return { kind: 'result', result: facts };
  }

  #progressOf(jobId: string, run: string): (progress: JobProgress) => void {
    let toldAt = Number.NEGATIVE_INFINITY;
    let wasPaused = false;
    return (progress) => {
      const now = performance.now();
      const { preview, isPaused = false } = progress;
      if (preview === undefined && isPaused === wasPaused && now - toldAt < leastProgressMs) return;
      toldAt = now;
      wasPaused = isPaused;
      void this.#parts.channel.tell({ kind: 'progress', jobId, run, progress });
    };
  }

  /**
   * Tells a job's outcome, or leaves that to the bot where it is there and this worker can't.
   * @returns whether it is decided who tells it; false where the turn was stopped before.
   */
  async #tell(job: Job, run: string, signal: AbortSignal): Promise<boolean> {
    const { link, ledger, store, log, tell } = this.#parts;
    const decide = async (isTold: boolean) => {
      await link.untilTaken(() => ledger.told(job.id, run, isTold));
      return true;
    };
    const claimMention = async () => {
      const claim = randomUUID();
      return link.untilTaken(() => ledger.claimMention(job.id, run, claim));
    };
    if (tell === undefined) return decide(false);
    const isQuiet = await this.#untilQuiet(job.id, run);
    for (let attempt = 1; !signal.aborted; attempt++) {
      try {
        const names = resultFileNames(job.outcome);
        const files = await link.untilTaken(() => storedFiles(store, job.id, names));
        // A result without its files must not be told. Either it has been told meanwhile, by another worker or the bot, which
        // has removed them, or they are lost: then the bot has them computed again.
        if (files.size < names.length) return await decide(false);
        const isTold = await tell(job, files, claimMention);
        // Without the bot's word, its edits may have overwritten what was told: then the bot tells the outcome again.
        return await decide(isTold && isQuiet);
      } catch (error) {
        log.warn({ job: job.id, attempt, err: error }, 'telling an outcome failed, to be tried again');
        if (attempt >= telling.attempts && (await this.#isBotThere())) return decide(false);
        const pauseMs = Math.min(telling.firstPauseMs * 2 ** (attempt - 1), telling.longestPauseMs);
        await wait(pauseMs, undefined, { signal }).catch(() => {});
      }
    }
    return false;
  }

  /** Asks the bot to edit a job's message no more. @returns whether it agreed, or isn't there. */
  async #untilQuiet(jobId: string, run: string): Promise<boolean> {
    if (!(await this.#isBotThere())) return true;
    const quiet = new Deferred<true>();
    this.#quiet.set(run, quiet);
    try {
      await this.#parts.channel.tell({ kind: 'finishing', jobId, run });
      return await Promise.race([quiet.promise, wait(quietMs, false as const, { ref: false })]);
    } finally {
      this.#quiet.delete(run);
    }
  }

  async #isBotThere(): Promise<boolean> {
    const { link, presence } = this.#parts;
    return (await link.untilTaken(() => presence.bot())) !== undefined;
  }
}

const crashed: Outcome = { kind: 'failed', failure: { code: 'crashed', context: {} } };
