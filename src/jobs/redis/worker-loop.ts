import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { Deferred } from '../../deferred.js';
import { jobSchemaVersion, SchemaMismatchError } from './job-schema.js';
import type { ServedQueues, TakenJob } from './served-queues.js';
import type { TurnLedger } from './turn-ledger.js';
import { renewalMs, type WorkerInfo, type WorkerRegistry } from './worker-registry.js';
import { handBack, type WorkerTurn } from './worker-turn.js';

export interface WorkerLoopParts {
  readonly info: Omit<WorkerInfo, 'running'>;
  readonly queues: ServedQueues;
  readonly ledger: TurnLedger;
  readonly registry: WorkerRegistry;
  /** @returns whether the job is over; if not, it is handed back. */
  readonly perform: (taken: TakenJob, turn: WorkerTurn) => Promise<boolean>;
  /** This worker came or went. */
  readonly onPresence: () => void;
  /** A job was handed back: other workers may take it. */
  readonly onHandedBack: () => void;
  readonly log: Logger;
  /** Well below the time after which jobs are taken from a worker that gives no sign of life. */
  readonly renewLocksMs: number;
}

interface Turn {
  readonly controller: AbortController;
  /** Settles when the job is in other hands, or over. */
  readonly left: Promise<void>;
  isComputing: boolean;
}

/** How often it is looked whether jobs in hand are still wanted: news of that may have been missed. */
const wantedMs = 1000;

/** How long a job that can't be worked on for a fault is left alone: it is taken up again once its lock has run out. */
const faultPauseMs = 1000;

/** Takes jobs while there are free slots, and keeps what it has in hand. */
export class WorkerLoop {
  readonly #parts: WorkerLoopParts;
  readonly #turns = new Map<TakenJob, Turn>();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #ended = new Deferred<void>();
  #isStopping = false;
  #isTaking = false;
  #isWoken = false;
  #isRenewing = false;

  constructor(parts: WorkerLoopParts) {
    this.#parts = parts;
    this.#ended.promise.catch(() => {});
  }

  /** Settles when it has stopped. Rejects with SchemaMismatchError where the bot's jobs are not for this version. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  async start(): Promise<void> {
    await this.#parts.queues.start();
    const every = (ms: number, action: () => Promise<void>) => this.#timers.push(setInterval(() => void action(), ms));
    every(renewalMs, () => this.#renewPresence());
    every(this.#parts.renewLocksMs, () => this.#renewLocks());
    every(wantedMs, () => this.#dropUnwanted());
    await this.#renewPresence();
    this.#parts.onPresence();
  }

  /** There may be something to take. */
  wake(): void {
    void this.#take();
  }

  /** Nobody wants a run any more. */
  drop(run: string): void {
    for (const [taken, { controller, isComputing }] of this.#turns) {
      if (taken.run === run && isComputing) controller.abort('nobody wants it any more');
    }
  }

  /** Takes nothing more, lets what is in hand come to its end within that time, and hands the rest back. */
  async stop(graceMs: number): Promise<void> {
    this.#isStopping = true;
    const left = () => Promise.all([...this.#turns.values()].map((turn) => turn.left));
    await Promise.race([left(), wait(graceMs, undefined, { ref: false })]);
    for (const { controller } of this.#turns.values()) controller.abort(handBack);
    await left();
    for (const timer of this.#timers) clearInterval(timer);
    await this.#parts.registry.removeWorker(this.#parts.info.id);
    this.#parts.onPresence();
    await this.#parts.queues.close();
    this.#ended.resolve();
  }

  get #free(): number {
    const computing = [...this.#turns.values()].filter(({ isComputing }) => isComputing).length;
    return this.#parts.info.slots - computing;
  }

  async #take(): Promise<void> {
    this.#isWoken = true;
    if (this.#isTaking) return;
    this.#isTaking = true;
    try {
      while (this.#isWoken && !this.#isStopping && this.#free > 0) {
        this.#isWoken = false;
        const taken = await this.#parts.queues.take();
        if (taken === undefined) continue;
        this.#begin(taken);
        this.#isWoken = true;
      }
    } catch (error) {
      this.#parts.log.warn({ err: error }, 'no job could be taken');
    } finally {
      this.#isTaking = false;
    }
  }

  #begin(taken: TakenJob): void {
    const controller = new AbortController();
    const left = Promise.resolve().then(() => this.#perform(taken, controller.signal));
    this.#turns.set(taken, { controller, left, isComputing: true });
  }

  async #perform(taken: TakenJob, signal: AbortSignal): Promise<void> {
    const { queues, perform, log, onHandedBack } = this.#parts;
    const freeSlot = () => {
      const turn = this.#turns.get(taken);
      if (turn?.isComputing) turn.isComputing = false;
      this.wake();
    };
    try {
      const isOver = await perform(taken, { signal, freeSlot });
      if (isOver) await queues.finish(taken);
      else {
        await queues.handBack(taken);
        onHandedBack();
      }
    } catch (error) {
      log.error({ job: taken.jobId, err: error }, 'a turn failed; the job is begun again');
      await wait(faultPauseMs, undefined, { signal }).catch(() => {});
      await queues.handBack(taken);
    } finally {
      this.#turns.delete(taken);
      this.wake();
    }
  }

  async #renewPresence(): Promise<void> {
    const { registry, info, log } = this.#parts;
    if (this.#isRenewing) return;
    this.#isRenewing = true;
    try {
      await registry.renewWorker({ ...info, running: this.#turns.size });
      const bot = await registry.bot();
      this.wake();
      if (bot !== undefined && bot.schema !== jobSchemaVersion) await this.#leaveTo(bot.schema);
    } catch (error) {
      log.debug({ err: error }, 'no sign of life could be given');
    } finally {
      this.#isRenewing = false;
    }
  }

  /** The bot's jobs are for another version: does what is left of this one, and ends. */
  async #leaveTo(schema: number): Promise<void> {
    if (this.#isStopping || this.#turns.size > 0 || !(await this.#parts.queues.areEmpty())) return;
    const mismatch = new SchemaMismatchError(schema);
    this.#ended.reject(mismatch);
    await this.stop(0);
  }

  async #renewLocks(): Promise<void> {
    await this.#parts.queues.renew().catch((error: unknown) => {
      this.#parts.log.debug({ err: error }, 'locks could not be renewed');
    });
  }

  async #dropUnwanted(): Promise<void> {
    const computing = [...this.#turns].filter(([, { isComputing }]) => isComputing);
    if (computing.length === 0) return;
    const { ledger, info, log } = this.#parts;
    try {
      const wanted = await ledger.goingOn(
        computing.map(([taken]) => taken),
        info.id,
      );
      for (const [taken, { controller }] of computing) {
        if (!wanted.has(taken.run)) controller.abort('nobody wants it any more');
      }
    } catch (error) {
      log.debug({ err: error }, 'whether jobs are wanted is not known');
    }
  }
}
