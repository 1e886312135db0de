import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Logger } from 'pino';
import type { Compute } from '../../compute/compute.js';
import type { JobStore } from '../store/job-store.js';
import { type BotNews, Channel, type WorkerNews } from './channel.js';
import { jobSchemaVersion } from './job-schema.js';
import { type Abilities, queueNamesFor } from './needs.js';
import type { RedisLink } from './redis-link.js';
import { ServedQueues } from './served-queues.js';
import { TurnLedger } from './turn-ledger.js';
import { WorkerLoop } from './worker-loop.js';
import { WorkerRegistry } from './worker-registry.js';
import { type Tell, WorkerTurns } from './worker-turn.js';

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

/** A worker: takes jobs out of Redis that its machine can do, does them, and tells what came of them. */
export class RedisWorker {
  readonly id = randomUUID();
  readonly #channel: Channel<BotNews, WorkerNews>;
  readonly #turns: WorkerTurns;
  readonly #loop: WorkerLoop;

  constructor(options: RedisWorkerOptions) {
    const { link, store, compute, slots, abilities, engine, version, tell, log } = options;
    const { lockMs, stalledMs } = options;
    const ledger = new TurnLedger(link);
    const registry = new WorkerRegistry(link);
    this.#channel = new Channel({
      link,
      side: 'worker',
      onNews: (news) => this.#hear(news),
      onBack: () => this.#loop.wake(),
    });
    this.#turns = new WorkerTurns({
      ...{ workerId: this.id, ledger, registry, store, compute, tell, channel: this.#channel, log },
    });
    this.#loop = new WorkerLoop({
      info: {
        ...{ id: this.id, host: hostname(), version, schema: jobSchemaVersion, slots, engine, since: Date.now() },
        ...{ networks: abilities.networks, maxSize: abilities.maxSize ?? null },
      },
      queues: new ServedQueues({
        ...{ link, queueNames: queueNamesFor(abilities), lockMs, stalledMs, log },
        onStalled: (jobId) => {
          log.warn({ job: jobId }, 'a worker has died with a job, which begins again');
          this.#loop.wake();
        },
      }),
      ...{ ledger, registry, log },
      perform: (taken, turn) => this.#turns.perform(taken, turn),
      onPresence: () => void this.#channel.tell({ kind: 'workers' }),
      onHandedBack: () => void this.#channel.tellPeers({ kind: 'added' }),
      renewLocksMs: lockMs / 4,
    });
  }

  /** Settles when it has stopped. Rejects with SchemaMismatchError where the bot's jobs are for another version. */
  get ended(): Promise<void> {
    return this.#loop.ended;
  }

  async start(): Promise<void> {
    await this.#loop.start();
  }

  /** Takes nothing more, lets what is in hand come to its end within that time, and hands the rest back. */
  async stop(graceMs: number): Promise<void> {
    await this.#loop.stop(graceMs);
    this.#channel.close();
  }

  #hear(news: BotNews): void {
    if (news.kind === 'quiet') this.#turns.hearQuiet(news.run);
    else if (news.kind === 'dropped') this.#loop.drop(news.run);
    else this.#loop.wake();
  }
}
