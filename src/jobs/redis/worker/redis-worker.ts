import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Compute } from '../../../compute/compute.js';
import { Deferred } from '../../../deferred.js';
import type { JobStore } from '../../store/job-store.js';
import { type BotNews, botNewsSchema, Channel, type WorkerNews } from '../channel.js';
import { jobSchemaVersion, schemaMismatch } from '../job-schema.js';
import { type Abilities, queueNamesFor } from '../needs.js';
import { Presence, renewalMs, type WorkerInfo } from '../presence.js';
import type { RedisLink } from '../redis-link.js';
import { RunLedger } from '../run-ledger.js';
import { ServedQueues, type TakenJob } from './served-queues.js';
import { handBack, type Tell, WorkerTurns } from './worker-turns.js';

export interface RedisWorkerOptions {
  /** One whose commands wait while Redis is away: results are not to be lost. Stays open when this has stopped. */
  readonly link: RedisLink;
  readonly store: JobStore;
  readonly compute: Compute;
  /** Jobs that are computed at once. */
  readonly slots: number;
  readonly abilities: Abilities;
  readonly engine: string;
  /** Of whitewalker. */
  readonly version: string;
  /** Undefined: the bot tells outcomes. */
  readonly tell: Tell | undefined;
  readonly log: Logger;
  /** A worker that gives no sign of life for so long loses its jobs to others. */
  readonly lockMs: number;
  /** How often jobs of such workers are looked for. */
  readonly stalledMs: number;
}

interface Turn {
  readonly controller: AbortController;
  /** Settles when the job is in other hands, or over. */
  readonly left: Promise<void>;
  isComputing: boolean;
}

/** How often it is looked whether jobs in hand are still wanted: news of that may have been missed. */
const wantedMs = 1000;

/** How long a job is left alone after a fault; then it is handed back, so that another attempt is made. */
const faultPauseMs = 1000;

/** A worker: takes jobs out of Redis that its machine can do, does them, and tells what came of them. */
export class RedisWorker {
  readonly id = randomUUID();
  readonly #options: RedisWorkerOptions;
  readonly #info: Omit<WorkerInfo, 'running'>;
  readonly #ledger: RunLedger;
  readonly #presence: Presence;
  readonly #channel: Channel<BotNews, WorkerNews>;
  readonly #queues: ServedQueues;
  readonly #performer: WorkerTurns;
  readonly #turns = new Map<TakenJob, Turn>();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #ended = new Deferred<void>();
  #isStopping = false;
  #isTaking = false;
  #isWoken = false;
  #isRenewing = false;

  constructor(options: RedisWorkerOptions) {
    const { link, store, compute, slots, abilities, engine, version, tell, log, lockMs, stalledMs } = options;
    this.#options = options;
    this.#info = {
      id: this.id,
      host: hostname(),
      version,
      schema: jobSchemaVersion,
      slots,
      engine,
      since: Date.now(),
      networks: abilities.networks,
      maxSize: abilities.maxSize ?? null,
    };
    this.#ledger = new RunLedger(link);
    this.#presence = new Presence(link);
    this.#channel = new Channel({
      link,
      side: 'worker',
      schema: botNewsSchema,
      onNews: (news) => this.#hear(news),
      onBack: () => this.#wake(),
    });
    this.#queues = new ServedQueues({
      link,
      queueNames: queueNamesFor(abilities),
      lockMs,
      stalledMs,
      onStalled: (jobId) => {
        log.warn({ job: jobId }, 'a worker has died with a job, which begins again');
        this.#wake();
      },
      log,
    });
    this.#performer = new WorkerTurns({
      workerId: this.id,
      ledger: this.#ledger,
      presence: this.#presence,
      store,
      compute,
      tell,
      channel: this.#channel,
      log,
    });
    this.#ended.promise.catch(() => {});
  }

  /** Settles when it has stopped. Rejects with `worker/schema-mismatch` where the bot's jobs are not for this version. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  async start(): Promise<void> {
    await this.#queues.start();
    const every = (ms: number, action: () => Promise<void>) => this.#timers.push(setInterval(() => void action(), ms));
    every(renewalMs, () => this.#renewPresence());
    // Well below the time after which jobs are taken from a worker that gives no sign of life.
    every(this.#options.lockMs / 4, () => this.#renewLocks());
    every(wantedMs, () => this.#dropUnwanted());
    await this.#renewPresence();
    await this.#channel.tell({ kind: 'workers' });
  }

  #hear(news: BotNews): void {
    if (news.kind === 'quiet') this.#performer.hearQuiet(news.run);
    else if (news.kind === 'dropped') this.#drop(news.run);
    else this.#wake();
  }

  /** There may be something to take. */
  #wake(): void {
    void this.#take();
  }

  /** Nobody wants a run any more. */
  #drop(run: string): void {
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
    await this.#presence.removeWorker(this.id);
    await this.#channel.tell({ kind: 'workers' });
    await this.#queues.close();
    this.#ended.resolve();
    this.#channel.close();
  }

  get #free(): number {
    const computing = [...this.#turns.values()].filter(({ isComputing }) => isComputing).length;
    return this.#options.slots - computing;
  }

  async #take(): Promise<void> {
    this.#isWoken = true;
    if (this.#isTaking) return;
    this.#isTaking = true;
    try {
      while (this.#isWoken && !this.#isStopping && this.#free > 0) {
        this.#isWoken = false;
        const taken = await this.#queues.take();
        if (taken === undefined) continue;
        this.#begin(taken);
        this.#isWoken = true;
      }
    } catch (error) {
      this.#options.log.warn({ err: error }, 'no job could be taken');
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
    const { log } = this.#options;
    const freeSlot = () => {
      const turn = this.#turns.get(taken);
      if (turn?.isComputing) turn.isComputing = false;
      this.#wake();
    };
    try {
      const isOver = await this.#performer.perform(taken, { signal, freeSlot });
      if (isOver) await this.#queues.finish(taken);
      else {
        await this.#queues.handBack(taken);
        // Other workers may take it.
        await this.#channel.tellPeers({ kind: 'added' });
      }
    } catch (error) {
      log.error({ job: taken.jobId, err: error }, 'a turn failed; the job is begun again');
      await wait(faultPauseMs, undefined, { signal }).catch(() => {});
      await this.#queues.handBack(taken);
    } finally {
      this.#turns.delete(taken);
      this.#wake();
    }
  }

  async #renewPresence(): Promise<void> {
    const { log } = this.#options;
    if (this.#isRenewing) return;
    this.#isRenewing = true;
    try {
      await this.#presence.renewWorker({ ...this.#info, running: this.#turns.size });
      const bot = await this.#presence.bot();
      if (bot !== undefined && bot.schema !== jobSchemaVersion) await this.#leaveTo(bot.schema);
      this.#wake();
    } catch (error) {
      log.debug({ err: error }, 'no sign of life could be given');
    } finally {
      this.#isRenewing = false;
    }
  }

  /** The bot's jobs are for another version: does what is left of this one, and ends. */
  async #leaveTo(schema: number): Promise<void> {
    const isIdle = () => !this.#isStopping && !this.#isTaking && this.#turns.size === 0;
    // Looked at twice: a job may be taken while the queues are looked at.
    if (!isIdle() || !(await this.#queues.areEmpty()) || !isIdle()) return;
    const mismatch = schemaMismatch(schema);
    this.#ended.reject(mismatch);
    await this.stop(0);
  }

  async #renewLocks(): Promise<void> {
    await this.#queues.renew().catch((error: unknown) => {
      this.#options.log.debug({ err: error }, 'locks could not be renewed');
    });
  }

  async #dropUnwanted(): Promise<void> {
    const computing = [...this.#turns].filter(([, { isComputing }]) => isComputing);
    if (computing.length === 0) return;
    const { log } = this.#options;
    try {
      const wanted = await this.#ledger.goingOn(
        computing.map(([taken]) => taken),
        this.id,
      );
      for (const [taken, { controller }] of computing) {
        if (!wanted.has(taken.run)) controller.abort('nobody wants it any more');
      }
    } catch (error) {
      log.debug({ err: error }, 'whether jobs are wanted is not known');
    }
  }
}
