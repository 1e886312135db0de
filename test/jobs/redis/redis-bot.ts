import type { RemoteWorkshop } from '../../../src/jobs/redis/bot/remote-workshop.js';
import type { RedisLink } from '../../../src/jobs/redis/redis-link.js';
import type { ComputedOutcome } from '../../../src/jobs/workshop.js';
import { until } from '../../patience.js';
import { queuedJob, transferTask } from '../some-jobs.js';
import type { RedisStage } from './redis-stage.js';

/** The bot's side of Redis: a workshop, and what comes of its jobs. */
export class RedisBot {
  readonly stage: RedisStage;
  readonly workshop: RemoteWorkshop;
  readonly link: RedisLink;
  /** Outcomes of jobs, in the order in which they were told. */
  readonly outcomes: { readonly id: string; readonly result: ComputedOutcome }[] = [];
  /** Ids of jobs whose message the bot may not edit any more, since a worker tells their outcome. */
  readonly hushed = new Set<string>();

  private constructor(stage: RedisStage, link: RedisLink, workshop: RemoteWorkshop, hasShown: boolean) {
    this.stage = stage;
    this.link = link;
    this.workshop = workshop;
    workshop.listen({
      begun: () => true,
      progress: () => {},
      crashed: () => 1,
      outcome: async (id, result) => void this.outcomes.push({ id, result }),
      suspended: () => {},
      placesChanged: () => {},
      hush: async (id) => {
        this.hushed.add(id);
        return hasShown;
      },
    });
  }

  /**
   * Starts the bot's side of Redis.
   * @param isUp - whether Redis runs, so that its connection is waited for.
   * @param hasShown - whether the bot says that it has shown something of each job in its message.
   */
  static async start(stage: RedisStage, { isUp = true, hasShown = false } = {}): Promise<RedisBot> {
    const link = stage.link(true);
    if (isUp) await link.untilUp();
    return new RedisBot(stage, link, await stage.workshop({ link }), hasShown);
  }

  async add(...ids: readonly string[]): Promise<void> {
    for (const id of ids) await this.workshop.take(queuedJob(id, this.stage.tasks.get(id) ?? transferTask()));
  }

  /**
   * Stops a job.
   * @returns whether it could be given another outcome than its own.
   */
  async stop(id: string): Promise<boolean> {
    let isSettled = false;
    await this.workshop.stop(id, () => {
      isSettled = true;
    });
    return isSettled;
  }

  /** Ids of the jobs that came to a result, in alphabetical order. */
  get done(): readonly string[] {
    return this.outcomes.flatMap(({ id, result }) => (result.outcome.kind === 'result' ? [id] : [])).toSorted();
  }

  /** Waits until so many jobs have come to an outcome. */
  async untilOutcomes(count: number): Promise<void> {
    await until(
      () => this.outcomes.length >= count,
      () => `${count} outcomes, there are ${this.outcomes.length}`,
    );
  }
}
