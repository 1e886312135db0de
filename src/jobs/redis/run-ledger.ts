import type { Row } from '../../database/row.js';
import { type Job, type Outcome, outcomeSchema } from '../job.js';
import { jobOf, rowOf } from '../job-row.js';
import type { BullJob } from './bull.js';
import type { RedisLink } from './redis-link.js';

/** A run of a job: each time that the bot puts a job into Redis, that is another run. */
export interface Run {
  /** The run's id. Whatever a worker says of an older run of the job no longer counts. */
  readonly run: string;
  /** The name of the BullMQ queue that the run was put into. */
  readonly queue: string;
  /** The id of the worker that took the run last; undefined where none has yet. */
  readonly worker: string | undefined;
  /** The run's outcome: the first one stands. */
  readonly outcome: Outcome | undefined;
  /** Whether the worker has told the job's person; undefined while that isn't decided. */
  readonly told: boolean | undefined;
}

/** A run as the bot puts it into Redis. */
export interface NewRun extends Pick<Run, 'run' | 'queue'>, Partial<Pick<TakenRun, 'maxSeconds'>> {}

/** A run as a worker takes it. */
export interface TakenRun {
  /** The job, with its outcome where an earlier worker came to one. */
  readonly job: Job;
  /** Whether an earlier worker has told the job's person; undefined while that isn't decided. */
  readonly told: boolean | undefined;
  /** How long the job may be computed, in seconds, pauses not counted; undefined: as long as it takes. */
  readonly maxSeconds: number | undefined;
  /** How many workers have left the run without handing it back, and not been seen since: they are thought to be dead. */
  readonly deaths: number;
}

/** How a run stands for a worker that has taken it. */
export type Standing = 'mine' | 'taken over' | 'over';

/** How long Redis keeps a run. The bot removes runs that are over, and writes again those that it misses. */
const keepMs = 7 * 24 * 3_600_000;

/** Scripts that Redis runs without interruption. Each works on a job's hash, only while that holds the given run. */
const scripts = {
  /** Writes a run, unless the job has one. ARGV: milliseconds to keep it, fields and values. Returns 1: written. */
  open: `
    if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
    redis.call('HSET', KEYS[1], unpack(ARGV, 2))
    redis.call('PEXPIRE', KEYS[1], ARGV[1])
    return 1`,
  /**
   * Writes which worker has the run, and that another one has left it. ARGV: run, worker. Returns record, outcome, told,
   * deaths, maxSeconds; nil: not that run any more.
   */
  take: `
    if redis.call('HGET', KEYS[1], 'run') ~= ARGV[1] then return false end
    local before = redis.call('HGET', KEYS[1], 'worker')
    if before and before ~= ARGV[2] then redis.call('HINCRBY', KEYS[1], 'deaths', 1) end
    redis.call('HSET', KEYS[1], 'worker', ARGV[2])
    return redis.call('HMGET', KEYS[1], 'record', 'outcome', 'told', 'deaths', 'maxSeconds')`,
  /** Writes that a worker has the run no more. ARGV: run, worker. */
  release: `
    if redis.call('HGET', KEYS[1], 'run') ~= ARGV[1] then return end
    if redis.call('HGET', KEYS[1], 'worker') == ARGV[2] then redis.call('HDEL', KEYS[1], 'worker') end`,
  /** Writes that a worker lives which was thought to have died with the run. ARGV: run. */
  survive: `
    if redis.call('HGET', KEYS[1], 'run') == ARGV[1] then redis.call('HINCRBY', KEYS[1], 'deaths', -1) end`,
  /**
   * Writes a field once. ARGV: milliseconds to keep the run, run, field, value. Returns 1: it has this value; 0: it had
   * another one; -1: not that run any more. A full Redis takes this as well, since what is written first needs no memory.
   */
  writeOnce: `
    if redis.call('HGET', KEYS[1], 'run') ~= ARGV[2] then return -1 end
    redis.call('PEXPIRE', KEYS[1], ARGV[1])
    redis.call('HSETNX', KEYS[1], ARGV[3], ARGV[4])
    return redis.call('HGET', KEYS[1], ARGV[3]) == ARGV[4] and 1 or 0`,
  /** Writes which queue has the run. ARGV: run, queue. */
  move: `
    if redis.call('HGET', KEYS[1], 'run') == ARGV[1] then redis.call('HSET', KEYS[1], 'queue', ARGV[2]) end`,
  /** Removes a run that has no outcome. ARGV: run. Returns 0 where it has one, else 1. */
  withdraw: `
    if redis.call('HGET', KEYS[1], 'run') ~= ARGV[1] then return 1 end
    if redis.call('HEXISTS', KEYS[1], 'outcome') == 1 then return 0 end
    redis.call('DEL', KEYS[1])
    return 1`,
  /** Removes a run. ARGV: run. */
  close: `
    if redis.call('HGET', KEYS[1], 'run') == ARGV[1] then redis.call('DEL', KEYS[1]) end`,
} as const;

/**
 * Keeps the runs of jobs in Redis: what is to be done, which worker does it, and its outcome. Here bot and workers
 * agree on exactly one outcome, whoever dies, comes back or was thought to be dead.
 */
export class RunLedger {
  readonly #link: RedisLink;

  constructor(link: RedisLink) {
    this.#link = link;
  }

  /** Writes a run of a job. @returns false where the job has one already, which is left as it is. */
  async open(job: Job, { run, queue, maxSeconds }: NewRun): Promise<boolean> {
    // Workers aren't told where the job's pictures came from: the addresses of some are secrets.
    const record = JSON.stringify(rowOf({ ...job, inputs: {}, outcome: undefined }));
    const limit = maxSeconds === undefined ? [] : (['maxSeconds', maxSeconds] as const);
    return (await this.#call('open', job.id, keepMs, 'run', run, 'queue', queue, 'record', record, ...limit)) === 1;
  }

  /** Returns the run of a job; undefined where there is none. @throws where its outcome can't be read. */
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

  /** Writes that a run was put into another queue. */
  async moved(jobId: string, run: string, queue: string): Promise<void> {
    await this.#call('move', jobId, run, queue);
  }

  /**
   * Has a worker take a run, be it from another worker. @returns undefined where nobody wants the run any more.
   * @throws DamagedJobError where the job can't be understood.
   */
  async take(jobId: string, run: string, workerId: string): Promise<TakenRun | undefined> {
    const found = await this.#call('take', jobId, run, workerId);
    if (!Array.isArray(found)) return undefined;
    const [record, outcome, told, deaths, maxSeconds] = found as readonly (string | null)[];
    const row = JSON.parse(record ?? '{}') as Row;
    return {
      job: jobOf({ guild_id: null, ...row, outcome_json: outcome ?? null }),
      told: told ? told === 'yes' : undefined,
      maxSeconds: maxSeconds ? Number(maxSeconds) : undefined,
      deaths: Number(deaths ?? 0),
    };
  }

  /** Has a worker leave a run, so that another one may take it. */
  async release(jobId: string, run: string, workerId: string): Promise<void> {
    await this.#call('release', jobId, run, workerId);
  }

  /** Takes back that a worker was thought to have died with a run, which another one has taken over. */
  async survive(jobId: string, run: string): Promise<void> {
    await this.#call('survive', jobId, run);
  }

  /** Returns how a run stands for a worker that has taken it: it is over where it was dropped, or has an outcome. */
  async standing({ jobId, run }: BullJob, workerId: string): Promise<Standing> {
    const fields = ['run', 'outcome', 'worker'] as const;
    const [current, outcome, worker] = await this.#link.redis.hmget(this.#key(jobId), ...fields);
    if (current !== run || outcome) return 'over';
    return !worker || worker === workerId ? 'mine' : 'taken over';
  }

  /** Gives a run its outcome. @returns whether this outcome stands: it is the first, and the run is still wanted. */
  async settle(jobId: string, run: string, outcome: Outcome): Promise<boolean> {
    return this.#writeOnce(jobId, run, 'outcome', JSON.stringify(outcome));
  }

  /** Writes whether a worker has told the job's person. The first answer stands. */
  async told(jobId: string, run: string, isTold: boolean): Promise<void> {
    await this.#writeOnce(jobId, run, 'told', isTold ? 'yes' : 'no');
  }

  /** Claims the right to mention the job's person. @returns true for one claim only for each run, however often it is made. */
  async claimMention(jobId: string, run: string, claim: string): Promise<boolean> {
    return this.#writeOnce(jobId, run, 'mentioned', claim);
  }

  /** Removes a run, so that it can't come to an outcome. @returns false where it has one already: then it stays. */
  async withdraw(jobId: string, run: string): Promise<boolean> {
    return (await this.#call('withdraw', jobId, run)) === 1;
  }

  /** Removes a run, also one with an outcome. */
  async close(jobId: string, run: string): Promise<void> {
    await this.#call('close', jobId, run);
  }

  async #writeOnce(jobId: string, run: string, field: string, value: string): Promise<boolean> {
    return (await this.#call('writeOnce', jobId, keepMs, run, field, value)) === 1;
  }

  #call(script: keyof typeof scripts, jobId: string, ...values: readonly (string | number)[]): Promise<unknown> {
    return this.#link.redis.eval(scripts[script], 1, this.#key(jobId), ...values);
  }

  #key(jobId: string): string {
    return this.#link.key('turn', jobId);
  }
}
