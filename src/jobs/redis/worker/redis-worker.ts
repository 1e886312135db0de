import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import type { PauseSwitch } from '../../../compute/pause-switch.js';
import { Deferred } from '../../../deferred.js';
import { type BotNews, botNewsSchema, Channel, type WorkerNews } from '../channel.js';
import { jobSchemaVersion, schemaMismatch } from '../job-schema.js';
import { type Abilities, queueNamesFor } from '../needs.js';
import { Presence, renewalMs, type WorkerInfo } from '../presence.js';
import { RunLedger } from '../run-ledger.js';
import { ServedQueues, type ServedQueuesOptions, type TakenJob } from './served-queues.js';
import { type Turn, Turns } from './turns.js';
import { handBack, WorkerTurns, type WorkerTurnsParts } from './worker-turns.js';

/** Options of a {@link RedisWorker}. The link stays open when the worker has stopped. */
export interface RedisWorkerOptions
  extends Omit<ServedQueuesOptions, 'queueNames' | 'onStalled'>,
    Pick<WorkerTurnsParts, 'store' | 'compute' | 'tell'> {
  /** How many jobs are computed at once. */
  readonly slots: number;
  readonly abilities: Abilities;
  readonly engine: string;
  /** The worker's version of whitewalker. */
  readonly version: string;
}

/** Abort reason when nobody wants a job any more. */
const unwanted = 'nobody wants it any more';

/** How often to check whether jobs in hand are still wanted, in case news were missed. */
const wantedMs = 1000;

/** How long to wait after a turn has failed, before its job is handed back so that it is tried again. */
const faultPauseMs = 1000;

/** A worker takes jobs out of Redis that its machine can do, computes them, and tells their outcomes. */
export class RedisWorker {
  readonly id = randomUUID();
  readonly #options: RedisWorkerOptions;
  readonly #info: Omit<WorkerInfo, 'running'>;
  readonly #ledger: RunLedger;
  readonly #presence: Presence;
  readonly #channel: Channel<BotNews, WorkerNews>;
  readonly #queues: ServedQueues;
  readonly #performer: WorkerTurns;
  readonly #turns: Turns;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #ended = new Deferred<void>();
  #isStopping = false;
  #isStopped = false;
  #isTaking = false;
  #isWoken = false;
  #isRenewing = false;

  constructor(options: RedisWorkerOptions) {
    const { link, slots, abilities, engine, version, log, compute } = options;
    this.#options = options;
    this.#turns = new Turns(slots);
    this.#info = {
      id: this.id,
      host: hostname(),
      version,
      schema: jobSchemaVersion,
      slots,
      sharedThreads: compute.sharedThreads,
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
      onBack: () => void this.#take(),
    });
    this.#queues = new ServedQueues({
      ...options,
      queueNames: queueNamesFor(abilities),
      onStalled: (jobId) => {
        log.warn({ job: jobId }, 'a worker that had a job is gone, or was cut off; the job begins again');
        void this.#take();
      },
    });
    this.#performer = new WorkerTurns({
      ...options,
      workerId: this.id,
      ledger: this.#ledger,
      presence: this.#presence,
      channel: this.#channel,
    });
    this.#ended.promise.catch(() => {});
  }

  /** Settles when the worker has stopped. Rejects with `worker/schema-mismatch` where the bot has another version. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  async start(): Promise<void> {
    const { link, lockMs } = this.#options;
    await this.#queues.start();
    link.onUp(() => {
      void this.#renewLocks();
      void this.#renewPresence();
    });
    const every = (ms: number, action: () => Promise<void>) => this.#timers.push(setInterval(() => void action(), ms));
    every(renewalMs, () => this.#renewPresence());
    // This is well below the time after which a worker that gives no sign of life loses its jobs.
    every(lockMs / 4, () => this.#renewLocks());
    every(wantedMs, () => this.#dropUnwanted());
    await this.#renewPresence();
    await this.#channel.tell({ kind: 'workers' });
  }

  #hear(news: BotNews): void {
    if (news.kind === 'quiet') this.#performer.hearQuiet(news.run);
    else if (news.kind === 'added') void this.#take();
    else if (news.kind === 'make-room') this.#turns.makeRoom(news.run, news.queue);
    else {
      for (const [{ run }, { controller }] of this.#turns.computing) if (run === news.run) controller.abort(unwanted);
    }
  }

  /** Stops taking jobs, lets those in hand come to their end within `graceMs`, and hands the others back. */
  async stop(graceMs: number): Promise<void> {
    this.#isStopping = true;
    const left = () => Promise.all(this.#turns.all.map((turn) => turn.left));
    await Promise.race([left(), wait(graceMs, undefined, { ref: false })]);
    for (const { controller } of this.#turns.all) controller.abort(handBack);
    await left();
    for (const timer of this.#timers) clearInterval(timer);
    this.#isStopped = true;
    await this.#presence.removeWorker(this.id);
    await this.#channel.tell({ kind: 'workers' });
    await this.#queues.close();
    this.#ended.resolve();
    this.#channel.close();
  }

  /** Takes jobs while some wait and slots are free; to be called whenever that may be so. Never rejects. */
  async #take(): Promise<void> {
    this.#isWoken = true;
    const { link, log } = this.#options;
    const canTake = link.isUp && !this.#isStopping;
    this.#turns.goOn(canTake);
    // When Redis takes writes again, this is called again.
    if (this.#isTaking || !canTake) return;
    this.#isTaking = true;
    try {
      while (this.#isWoken && !this.#isStopping && this.#turns.hasFreeSlot) {
        this.#isWoken = false;
        const { makingRoom } = this.#turns;
        const queueName = makingRoom?.roomFor;
        const taken = await link.untilTaken(() => this.#queues.take(queueName));
        if (taken !== undefined) this.#begin(taken);
        // Until here, the paused job was not to go on.
        if (makingRoom !== undefined) makingRoom.roomFor = undefined;
        this.#isWoken ||= taken !== undefined || makingRoom !== undefined;
        this.#turns.goOn(true);
      }
    } catch (error) {
      log[this.#isStopping ? 'debug' : 'warn']({ err: error }, 'no job could be taken');
    } finally {
      this.#isTaking = false;
      this.#turns.goOn(false);
    }
  }

  #hasPaused(taken: TakenJob): void {
    if (!this.#turns.hasPaused(taken)) return;
    this.#options.log.info({ job: taken.jobId }, 'job paused');
    void this.#take();
  }

  #begin(taken: TakenJob): void {
    this.#turns.begin(taken, (signal, pauses) => this.#perform(taken, signal, pauses));
  }

  async #perform(taken: TakenJob, signal: AbortSignal, pauses: PauseSwitch): Promise<void> {
    const { log } = this.#options;
    const hasPaused = () => this.#hasPaused(taken);
    const freeSlot = () => {
      this.#turns.freeSlot(taken);
      void this.#take();
    };
    try {
      const isOver = await this.#performer.perform(taken, { signal, freeSlot, pauses, hasPaused });
      if (isOver) await this.#queues.finish(taken);
      else {
        await this.#handBack(taken);
        // Another worker may take the job now.
        await this.#channel.tellPeers({ kind: 'added' });
      }
    } catch (error) {
      log.error({ job: taken.jobId, err: error }, 'a turn failed; the job is begun again');
      await wait(faultPauseMs, undefined, { signal }).catch(() => {});
      await this.#handBack(taken).catch((fault: unknown) =>
        log.debug({ job: taken.jobId, err: fault }, 'not handed back'),
      );
    } finally {
      this.#turns.remove(taken);
      void this.#take();
    }
  }

  /** Puts a job back, for this worker or another one. */
  async #handBack(taken: TakenJob): Promise<void> {
    const { jobId, run } = taken;
    await this.#options.link.untilTaken(() => this.#ledger.release(jobId, run, this.id));
    await this.#queues.handBack(taken);
  }

  async #renewLocks(): Promise<void> {
    await this.#queues
      .renew()
      .catch((error: unknown) => this.#options.log.debug({ err: error }, 'locks could not be renewed'));
  }

  async #renewPresence(): Promise<void> {
    const { log } = this.#options;
    if (this.#isRenewing || this.#isStopped) return;
    this.#isRenewing = true;
    try {
      await this.#presence.renewWorker({ ...this.#info, running: this.#turns.size });
      const bot = await this.#presence.bot();
      if (bot !== undefined && bot.schema !== jobSchemaVersion) await this.#leaveTo(bot.schema);
      void this.#take();
    } catch (error) {
      log.debug({ err: error }, 'no sign of life could be given');
    } finally {
      this.#isRenewing = false;
    }
  }

  /** Ends the worker once no jobs of its version are left, since the bot's are for another version. */
  async #leaveTo(schema: number): Promise<void> {
    const isIdle = () => !this.#isStopping && !this.#isTaking && this.#turns.size === 0;
    // This looks twice whether the worker is idle: it may take a job while the queues are looked at.
    if (!isIdle() || !(await this.#queues.areEmpty()) || !isIdle()) return;
    this.#ended.reject(schemaMismatch(schema));
    await this.stop(0);
  }

  async #dropUnwanted(): Promise<void> {
    // A Redis that refuses writes may be a replica that doesn't know all yet.
    if (!this.#options.link.isUp) return;
    try {
      await Promise.all(this.#turns.computing.map(([taken, turn]) => this.#dropIfUnwanted(taken, turn)));
    } catch (error) {
      this.#options.log.debug({ err: error }, 'whether jobs are wanted is not known');
    }
  }

  async #dropIfUnwanted(taken: TakenJob, turn: Turn): Promise<void> {
    const standing = await this.#ledger.standing(taken, this.id);
    // A turn that has come to its outcome meanwhile tells it to the end.
    if (!turn.isComputing || turn.controller.signal.aborted || standing === 'mine') return;
    turn.controller.abort(unwanted);
    if (standing === 'taken over') await this.#ledger.survive(taken.jobId, taken.run);
  }
}
