import { pino } from 'pino';
import { vi } from 'vitest';
import type { RedisLink } from '../../../src/jobs/redis/redis-link.js';
import type { RedisQueue } from '../../../src/jobs/redis/redis-queue.js';
import { RemoteTurns } from '../../../src/jobs/redis/remote-turns.js';
import { TurnEvents } from '../../../src/jobs/redis/turn-events.js';
import { TurnLedger } from '../../../src/jobs/redis/turn-ledger.js';
import { RedisStore } from '../../../src/jobs/store/redis-store.js';
import type { TurnResult } from '../../../src/jobs/turns.js';
import { acceptedJob } from '../accepted-job.js';
import { queuedJob, transferTask } from '../some-jobs.js';
import type { RedisStage } from './redis-stage.js';

/** The bot's side as far as it is about Redis: a queue, and what comes of its jobs. */
export class RedisBot {
  readonly stage: RedisStage;
  readonly queue: RedisQueue;
  readonly link: RedisLink;
  /** What came of jobs, in that order. */
  readonly outcomes: { readonly id: string; readonly result: TurnResult }[];
  /** Ids of jobs whose message nobody may edit any more. */
  readonly hushed: Set<string>;

  private constructor(
    stage: RedisStage,
    link: RedisLink,
    queue: RedisQueue,
    outcomes: RedisBot['outcomes'],
    hushed: Set<string>,
  ) {
    this.stage = stage;
    this.link = link;
    this.queue = queue;
    this.outcomes = outcomes;
    this.hushed = hushed;
  }

  /**
   * @param isUp - whether Redis is there, and is to be waited for.
   * @param hasShown - whether it has shown something of each job in its message.
   */
  static async start(stage: RedisStage, { isUp = true, hasShown = false } = {}): Promise<RedisBot> {
    const log = pino({ level: process.env.TEST_LOG ?? 'silent' });
    const link = stage.link(true);
    if (isUp) await link.untilUp();
    const events = new TurnEvents();
    const outcomes: RedisBot['outcomes'] = [];
    const hushed = new Set<string>();
    const hush = async (id: string) => {
      hushed.add(id);
      return hasShown;
    };
    const turns = new RemoteTurns({ ledger: new TurnLedger(link), store: new RedisStore(link), events, hush, log });
    const queue = await stage.queue({
      link,
      events,
      hush,
      perform: async ({ id }, { signal, report }) => {
        const result = await turns
          .run(acceptedJob({ id }), { signal, onBegun: () => {}, onProgress: report })
          .catch((error: unknown) => {
            if (!signal.aborted) throw error;
          });
        if (result) outcomes.push({ id, result });
      },
    });
    return new RedisBot(stage, link, queue, outcomes, hushed);
  }

  async add(...ids: readonly string[]): Promise<void> {
    for (const id of ids) await this.queue.add(queuedJob(id, this.stage.tasks.get(id) ?? transferTask()));
  }

  /** The ids of jobs that came to a result, in alphabetical order. */
  get done(): readonly string[] {
    return this.outcomes.flatMap(({ id, result }) => (result.outcome.kind === 'result' ? [id] : [])).toSorted();
  }

  /** Waits until so many jobs have come to an outcome. */
  async untilOutcomes(count: number): Promise<void> {
    await until(() => this.outcomes.length >= count, `${count} outcomes, there are ${this.outcomes.length}`);
  }
}

export async function until(condition: () => boolean, what = 'it'): Promise<void> {
  await vi.waitFor(() => condition() || Promise.reject(new Error(`Not so: ${what}`)), { interval: 5, timeout: 20_000 });
}
