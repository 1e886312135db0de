import type { Row } from '../../database/row.js';
import { type Job, type Outcome, outcomeSchema } from '../job.js';
import { jobOf, rowOf } from '../job-row.js';
import type { BullJob } from './bull.js';
import type { RedisLink } from './redis-link.js';

/** What Redis has of a job's run. */
export interface Run {
  /** Tells the runs of a job apart: who has an older one in hand has nothing to say any more. */
  readonly run: string;
  /** The BullMQ queue that it was put into. */
  readonly queue: string;
  /** The id of the worker that took it last; undefined where none has yet. */
  readonly worker: string | undefined;
  /** What became of it: the first outcome stands. */
  readonly outcome: Outcome | undefined;
  /** Whether the worker could tell the job's person; undefined while that isn't decided. */
  readonly told: boolean | undefined;
}

/** What a worker gets with a run. */
export interface TakenRun {
  /** With its outcome, where an earlier worker came to one. */
  readonly job: Job;
  readonly told: boolean | undefined;
}

/** How long Redis keeps what nobody comes back to; the bot removes what is over, and writes again what it misses. */
const keepMs = 7 * 24 * 3_600_000;

/** Each is one step for Redis: nobody can come between. All work on the run's hash alone, and only while it is that run's. */
const scripts = {
  /** ARGV: keep, then fields and values. */
  open: `
    if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
    redis.call('HSET', KEYS[1], unpack(ARGV, 2))
    redis.call('PEXPIRE', KEYS[1], ARGV[1])
    return 1`,
  /** ARGV: run, worker. */
  take: `
    if redis.call('HGET', KEYS[1], 'run') ~= ARGV[1] then return false end
    redis.call('HSET', KEYS[1], 'worker', ARGV[2])
    return redis.call('HMGET', KEYS[1], 'record', 'outcome', 'told')`,
  /** ARGV: run, field, value. 1: written; 0: the field has a value; -1: it is not that run any more. */
  writeOnce: `
    if redis.call('HGET', KEYS[1], 'run') ~= ARGV[1] then return -1 end
    return redis.call('HSETNX', KEYS[1], ARGV[2], ARGV[3])`,
  /** ARGV: run, queue. */
  move: `
    if redis.call('HGET', KEYS[1], 'run') == ARGV[1] then redis.call('HSET', KEYS[1], 'queue', ARGV[2]) end`,
  /** ARGV: run. 0 where it has an outcome. */
  withdraw: `
    if redis.call('HGET', KEYS[1], 'run') ~= ARGV[1] then return 1 end
    if redis.call('HEXISTS', KEYS[1], 'outcome') == 1 then return 0 end
    redis.call('DEL', KEYS[1])
    return 1`,
  /** ARGV: run. */
  close: `
    if redis.call('HGET', KEYS[1], 'run') == ARGV[1] then redis.call('DEL', KEYS[1]) end`,
} as const;

/**
 * Runs of jobs in Redis: what is to be done, who does it, and what came of it. This is where bot and workers agree on
 * exactly one outcome, whoever dies, comes back or was thought to be dead.
 */
export class RunLedger {
  readonly #link: RedisLink;

  constructor(link: RedisLink) {
    this.#link = link;
  }

  /** Writes a run down. @returns false where the job has one already, which is left as it is. */
  async open(job: Job, { run, queue }: Pick<Run, 'run' | 'queue'>): Promise<boolean> {
    // Where its pictures came from is nobody's business: the addresses of some are secrets.
    const record = JSON.stringify(rowOf({ ...job, inputs: {}, outcome: undefined }));
    return (await this.#call('open', job.id, keepMs, 'run', run, 'queue', queue, 'record', record)) === 1;
  }

  /** What stands of a job; undefined: nothing. @throws where its outcome can't be read. */
  async look(jobId: string): Promise<Run | undefined> {
    const fields = ['run', 'queue', 'worker', 'outcome', 'told'] as const;
    const [run, queue, worker, outcome, told] = await this.#link.redis.hmget(this.#key(jobId), ...fields);
    if (!run || !queue) return undefined;
    return {
      run,
      queue,
      worker: worker ?? undefined,
      outcome: outcome ? outcomeSchema.parse(JSON.parse(outcome)) : undefined,
      told: told ? told === 'yes' : undefined,
    };
  }

  /** Notes that a run was put into another queue. */
  async moved(jobId: string, run: string, queue: string): Promise<void> {
    await this.#call('move', jobId, run, queue);
  }

  /**
   * Takes a run in hand, be it after another worker. @returns undefined where nobody wants it any more.
   * @throws DamagedJobError
   */
  async take(jobId: string, run: string, workerId: string): Promise<TakenRun | undefined> {
    const found = await this.#call('take', jobId, run, workerId);
    if (!Array.isArray(found)) return undefined;
    const [record, outcome, told] = found as readonly (string | null)[];
    const row = JSON.parse(record ?? '{}') as Row;
    return {
      job: jobOf({ guild_id: null, ...row, outcome_json: outcome ?? null }),
      told: told ? told === 'yes' : undefined,
    };
  }

  /** Which of these runs are a worker's to go on with: nobody has dropped them, taken them over, or come to an outcome. */
  async goingOn(runs: readonly BullJob[], workerId: string): Promise<ReadonlySet<string>> {
    const { redis } = this.#link;
    const wanted = runs.map(async ({ jobId, run }) => {
      const [current, outcome, worker] = await redis.hmget(this.#key(jobId), 'run', 'outcome', 'worker');
      return current === run && !outcome && (!worker || worker === workerId) ? [run] : [];
    });
    return new Set((await Promise.all(wanted)).flat());
  }

  /** Decides what became of a run. @returns whether this outcome stands: it is the first, and it is still wanted. */
  async settle(jobId: string, run: string, outcome: Outcome): Promise<boolean> {
    return (await this.#call('writeOnce', jobId, run, 'outcome', JSON.stringify(outcome))) === 1;
  }

  /** Notes whether a worker has told the job's person. The first note stands. */
  async told(jobId: string, run: string, isTold: boolean): Promise<void> {
    await this.#call('writeOnce', jobId, run, 'told', isTold ? 'yes' : 'no');
  }

  /** True once only for each run: whoever gets it mentions the job's person. */
  async claimMention(jobId: string, run: string): Promise<boolean> {
    return (await this.#call('writeOnce', jobId, run, 'mentioned', 'yes')) === 1;
  }

  /** Takes a run back, so that no outcome can come of it. @returns false where it has one already. */
  async withdraw(jobId: string, run: string): Promise<boolean> {
    return (await this.#call('withdraw', jobId, run)) === 1;
  }

  /** Forgets a run, whatever came of it. */
  async close(jobId: string, run: string): Promise<void> {
    await this.#call('close', jobId, run);
  }

  #call(script: keyof typeof scripts, jobId: string, ...values: readonly (string | number)[]): Promise<unknown> {
    return this.#link.redis.eval(scripts[script], 1, this.#key(jobId), ...values);
  }

  #key(jobId: string): string {
    return this.#link.key('turn', jobId);
  }
}
