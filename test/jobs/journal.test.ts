import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { Database } from '../../src/database/database.js';
import type { Job, JobState, Outcome } from '../../src/jobs/job.js';
import { DamagedJobError } from '../../src/jobs/job-row.js';
import { Journal } from '../../src/jobs/journal.js';
import { acceptedJob } from './accepted-job.js';

const folder = mkdtempSync(join(tmpdir(), 'whitewalker-journal-'));
const databases: Database[] = [];

afterEach(() => {
  for (const database of databases.splice(0)) database.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

function setUp(path = join(mkdtempSync(join(folder, 'data-')), 'whitewalker.db')) {
  const database = Database.open(path);
  databases.push(database);
  const damaged: DamagedJobError[] = [];
  const journal = new Journal(database, { onDamaged: (error) => damaged.push(error) });
  const accept = async (fields: Partial<Job> = {}) => {
    const job = acceptedJob(fields);
    await journal.accept(job);
    return job;
  };
  return { path, database, journal, damaged, accept };
}

const result: Outcome = {
  kind: 'result',
  result: { width: 512, height: 341, picture: 'result.png', epochs: 100, seconds: 12.5 },
};
const failed: Outcome = { kind: 'failed', failure: { code: 'image/truncated', context: { input: 'style' } } };
const cancelled: Outcome = { kind: 'cancelled', by: 'moderator' };

const hourMs = 3_600_000;

describe('an accepted job', () => {
  it('is known at once, and found as it was by the next process', async () => {
    const { path, database, journal } = setUp();
    const job = acceptedJob();
    const accepted = journal.accept(job);
    expect(journal.job(job.id)).toEqual(job);
    expect(journal.countOpen()).toBe(1);
    await accepted;
    database.close();
    const next = setUp(path).journal;
    expect(next.job(job.id)).toEqual(job);
    expect(next.open()).toEqual([job]);
    expect(next.job('nobody')).toBeUndefined();
  });

  it('may have an order of any kind, which is kept as it is', async () => {
    const { journal, accept } = setUp();
    const order = { kind: 'unheard-of', size: 64, epochs: 3, spoiler: true, layers: ['relu1_1'], more: { deep: 1 } };
    const { id } = await accept({ order });
    expect(journal.job(id)?.order).toEqual(order);
  });

  it('of an id that is there already is refused, and harms neither', async () => {
    const { journal, accept } = setUp();
    const job = await accept();
    await expect(journal.accept({ ...job, ownerId: 'ben' })).rejects.toThrow(RangeError);
    await expect(journal.durable()).resolves.toBeUndefined();
    expect(journal.open()).toEqual([job]);
    expect(journal.acceptancesSince('ben', 'guild', 0)).toHaveLength(0);
  });

  it('is rejected where it could not be committed, and is not there then', async () => {
    const { database, journal } = setUp();
    database.run('CREATE TABLE promises (job_id TEXT REFERENCES jobs (id) DEFERRABLE INITIALLY DEFERRED)');
    await database.durable();
    const accepted = journal.accept(acceptedJob());
    database.run("INSERT INTO promises VALUES ('never kept')");
    await expect(accepted).rejects.toMatchObject({ domain: 'database' });
    expect(journal.countOpen()).toBe(0);
    expect(journal.acceptancesSince('ann', 'guild', 0)).toHaveLength(0);
  });

  it('can be withdrawn, and then never was', async () => {
    const { journal, accept } = setUp();
    const kept = await accept();
    const { id } = await accept();
    expect(journal.withdraw(id)).toBe(true);
    expect(journal.withdraw(id)).toBe(false);
    expect(journal.job(id)).toBeUndefined();
    expect(journal.running(id)).toBe(false);
    expect(journal.acceptancesSince('ann', 'guild', 0)).toHaveLength(1);
    expect(journal.open()).toEqual([kept]);
  });
});

describe('a job moves', () => {
  type Move = (journal: Journal, id: string) => boolean;
  const moves: Readonly<Record<string, Move>> = {
    queued: (journal, id) => journal.queued(id, acceptedJob().task),
    running: (journal, id) => journal.running(id),
    waitAgain: (journal, id) => journal.waitAgain(id),
    settle: (journal, id) => journal.settle(id, cancelled),
  };
  /** State that a job comes to by each move, by the state that it has; a move that is not named changes nothing. */
  const table: Readonly<Record<JobState, Readonly<Record<string, JobState>>>> = {
    accepted: { queued: 'queued', settle: 'delivering' },
    queued: { running: 'running', settle: 'delivering' },
    running: { running: 'running', waitAgain: 'queued', settle: 'delivering' },
    delivering: {},
    closed: {},
  };
  const cases = Object.entries(table).flatMap(([state, possible]) =>
    Object.entries(moves).map(([name, move]) => [state as JobState, name, move, possible[name]] as const),
  );

  it.each(cases)('from %s by %s or not at all', async (state, _name, move, expected) => {
    const { journal, accept } = setUp();
    const outcome = state === 'delivering' || state === 'closed' ? result : undefined;
    const job = await accept({ state, outcome });
    const bystander = await accept({ state, outcome });
    expect(move(journal, job.id)).toBe(expected !== undefined);
    expect(journal.job(job.id)?.state).toBe(expected ?? state);
    expect(journal.job(bystander.id)).toEqual(bystander);
  });

  it.each(Object.entries(moves))('nowhere by %s where there is none', (_name, move) => {
    expect(move(setUp().journal, 'nobody')).toBe(false);
  });

  it.each(['accepted', 'queued', 'running', 'closed'] as const)('from %s not by close()', async (state) => {
    const { journal, accept } = setUp();
    const job = await accept({ state });
    journal.close(job.id, 1);
    expect(journal.job(job.id)).toEqual(job);
  });
});

describe('an outcome', () => {
  it.each([result, failed, cancelled])('is kept as it was: $kind', async (outcome) => {
    const { journal, accept } = setUp();
    const job = await accept({ state: 'running' });
    expect(journal.settle(job.id, outcome)).toBe(true);
    expect(journal.job(job.id)).toEqual({ ...job, state: 'delivering', outcome });
  });

  it('is the first one, also after it has been told', async () => {
    const { journal, accept } = setUp();
    const { id } = await accept({ state: 'running' });
    expect(journal.settle(id, cancelled)).toBe(true);
    expect(journal.settle(id, result)).toBe(false);
    journal.close(id, 1);
    expect(journal.settle(id, failed)).toBe(false);
    expect(journal.job(id)).toMatchObject({ state: 'closed', outcome: cancelled });
  });

  it('waits to be told until the job is closed, which erases the token from the file', async () => {
    const { journal, accept, database } = setUp();
    const job = await accept({ state: 'running' });
    journal.settle(job.id, result);
    expect(journal.open()).toHaveLength(1);
    journal.close(job.id, job.acceptedAt + 1);
    expect(journal.open()).toEqual([]);
    const closed = { ...job, state: 'closed', outcome: result, reply: { ...job.reply, token: '' } };
    expect(journal.job(job.id)).toEqual(closed);
    expect(JSON.stringify(database.all('SELECT * FROM jobs'))).not.toContain('secret-token');
    journal.answered(job.id, 'message');
    expect(journal.job(job.id)?.reply).toMatchObject({ token: '', messageId: 'message' });
  });
});

describe("a job's message", () => {
  it('is remembered, with its channel where that is told', async () => {
    const { journal, accept } = setUp();
    const { id, reply } = await accept();
    journal.answered(id, 'first');
    expect(journal.job(id)?.reply).toEqual({ ...reply, messageId: 'first' });
    journal.answered(id, 'second', 'elsewhere');
    expect(journal.job(id)?.reply).toEqual({ ...reply, messageId: 'second', channelId: 'elsewhere' });
    journal.answered(id, undefined);
    expect(journal.job(id)?.reply).toEqual({ ...reply, messageId: undefined, channelId: 'elsewhere' });
    journal.answered('nobody', 'third');
  });

  it('mentions its person once, whoever asks', async () => {
    const { path, database, journal, accept } = setUp();
    const { id } = await accept();
    expect(journal.claimMention('nobody')).toBe(false);
    expect(journal.claimMention(id)).toBe(true);
    expect(journal.claimMention(id)).toBe(false);
    database.close();
    expect(setUp(path).journal.claimMention(id)).toBe(false);
  });
});

it('counts crashes', async () => {
  const { journal, accept } = setUp();
  const { id } = await accept({ state: 'running' });
  expect(journal.crashed(id)).toBe(1);
  expect(journal.crashed(id)).toBe(2);
  expect(journal.job(id)).toMatchObject({ crashes: 2, state: 'running' });
  expect(journal.crashed('nobody')).toBe(0);
});

describe('counting', () => {
  it('tells people, servers and states apart', async () => {
    const { journal, accept } = setUp();
    const states: readonly JobState[] = ['accepted', 'queued', 'running', 'delivering', 'closed'];
    for (const state of states) await accept({ state });
    await accept({ ownerId: 'ben' });
    await accept({ guildId: 'elsewhere', state: 'running' });
    await accept({ guildId: undefined });
    expect(journal.countOpen()).toBe(6);
    expect(journal.countOpen({ ownerId: 'ann' })).toBe(5);
    expect(journal.countOpen({ guildId: 'guild' })).toBe(4);
    expect(journal.countOpen({ ownerId: 'ann', guildId: 'guild' })).toBe(3);
    expect(journal.countOpen({ ownerId: 'ben', guildId: 'elsewhere' })).toBe(0);
    expect(journal.countWaiting()).toBe(4);
    expect(journal.countWaiting({ ownerId: 'ann' })).toBe(3);
    expect(journal.countWaiting({ guildId: 'elsewhere' })).toBe(0);
    expect(journal.openOf({ guildId: 'guild' }).map(({ state }) => state)).toEqual([
      'accepted',
      'queued',
      'running',
      'accepted',
    ]);
    expect(journal.open()).toHaveLength(7);
  });

  it('lists what was accepted first before the rest', async () => {
    const { journal, accept } = setUp();
    const times = [30, 10, 20, 10];
    const jobs: Job[] = [];
    for (const acceptedAt of times) jobs.push(await accept({ acceptedAt }));
    const expected = [1, 3, 2, 0].map((index) => jobs[index]?.id);
    expect(journal.open().map(({ id }) => id)).toEqual(expected);
    expect(journal.openOf({ ownerId: 'ann' }).map(({ id }) => id)).toEqual(expected);
  });

  it('looks nothing up by reading all jobs', async () => {
    const { database, journal } = setUp();
    const asked: string[] = [];
    const watched = new Journal(
      new Proxy(database, {
        get: (target, name) => {
          const value: unknown = Reflect.get(target, name, target);
          if (typeof value !== 'function') return value;
          return (...args: unknown[]) => {
            if (typeof args[0] === 'string') asked.push(args[0]);
            return value.apply(target, args);
          };
        },
      }),
    );
    expect(journal.countOpen()).toBe(0);
    for (const filter of [{}, { ownerId: 'a' }, { guildId: 'g' }, { ownerId: 'a', guildId: 'g' }]) {
      watched.countOpen(filter);
      watched.countWaiting(filter);
      watched.openOf(filter);
    }
    watched.acceptancesSince('a', 'g', 1);
    watched.acceptancesSince('a', undefined, 1);
    watched.expire(1);
    expect(asked.length).toBeGreaterThan(15);
    await database.durable();
    for (const sql of new Set(asked)) {
      const values = Array.from(sql.matchAll(/\?/g), () => 1);
      const plan = database.all(`EXPLAIN QUERY PLAN ${sql}`, ...values).map(({ detail }) => String(detail));
      expect(plan.filter((detail) => detail.startsWith('SCAN'))).toEqual([]);
    }
  });
});

describe('the daily quota', () => {
  it('counts acceptances of a person in one server, also when the jobs are gone', async () => {
    const { journal, accept } = setUp();
    const job = await accept({ acceptedAt: 1000, state: 'running' });
    await accept({ acceptedAt: 2000 });
    await accept({ acceptedAt: 2000, ownerId: 'ben' });
    await accept({ acceptedAt: 1500, guildId: undefined });
    journal.settle(job.id, result);
    journal.close(job.id, 1100);
    expect(journal.expire(1200, 3000)).toEqual([job.id]);
    expect(journal.acceptancesSince('ann', 'guild', 1000)).toEqual([1000, 2000]);
    expect(journal.acceptancesSince('ann', 'guild', 1001)).toEqual([2000]);
    expect(journal.acceptancesSince('ann', undefined, 0)).toEqual([1500]);
    expect(journal.acceptancesSince('ann', 'guild', 2001)).toEqual([]);
  });

  it.each([
    { state: 'queued', outcome: cancelled, count: 0 },
    { state: 'running', outcome: cancelled, count: 1 },
    { state: 'queued', outcome: failed, count: 0 },
    { state: 'running', outcome: failed, count: 0 },
    { state: 'running', outcome: result, count: 1 },
  ] as const)('counts $count for a job that is $state and then $outcome.kind', async ({ state, outcome, count }) => {
    const { journal, accept } = setUp();
    const { id } = await accept({ state });
    journal.settle(id, outcome);
    // The first outcome stands, and what comes after it changes nothing.
    journal.settle(id, failed);
    expect(journal.acceptancesSince('ann', 'guild', 0)).toHaveLength(count);
  });

  it('forgets after 24 hours', async () => {
    const { journal, accept } = setUp();
    await accept({ acceptedAt: 1000 });
    journal.expire(0, 1000 + 24 * hourMs);
    expect(journal.acceptancesSince('ann', 'guild', 0)).toHaveLength(1);
    journal.expire(0, 1001 + 24 * hourMs);
    expect(journal.acceptancesSince('ann', 'guild', 0)).toHaveLength(0);
    expect(journal.countOpen()).toBe(1);
  });
});

describe('closed jobs', () => {
  it('expire when they were closed long enough ago, and open ones never do', async () => {
    const { journal, accept } = setUp();
    const close = async (at: number) => {
      const { id } = await accept({ state: 'running' });
      journal.settle(id, result);
      journal.close(id, at);
      return id;
    };
    const [old, alsoOld, recent] = [await close(100), await close(200), await close(300)];
    const { id: open } = await accept({ acceptedAt: 1 });
    expect(journal.expire(300).toSorted()).toEqual([old, alsoOld].toSorted());
    expect(journal.expire(300)).toEqual([]);
    expect(journal.job(old)).toBeUndefined();
    expect(journal.job(recent)?.state).toBe('closed');
    expect(journal.job(open)?.state).toBe('accepted');
  });
});

describe('a damaged job', () => {
  const damages = [
    ['task_json', '{'],
    ['task_json', '{"kind":"unheard-of","transfer":{"size":1,"epochs":1}}'],
    ['task_json', '{"kind":"layers","size":64,"epochs":1,"layers":[]}'],
    ['order_json', '[]'],
    ['order_json', '{"kind":"texture","size":64}'],
    ['inputs_json', '{"content":"a string"}'],
    ['reply_json', 'null'],
    ['outcome_json', '{"kind":"result"}'],
  ] as const;

  it.each(damages)('is left out and named: %s is %s', async (column, json) => {
    const { database, journal, damaged, accept } = setUp();
    const { id } = await accept();
    const sound = await accept();
    database.run(`UPDATE jobs SET ${column} = ? WHERE id = ?`, json, id);
    expect(journal.open()).toEqual([sound]);
    expect(damaged).toEqual([expect.objectContaining({ name: 'DamagedJobError', jobId: id })]);
    expect(() => journal.job(id)).toThrow(DamagedJobError);
  });

  it.each(damages)('can be given up all the same: %s is %s', async (column, json) => {
    const { database, journal, damaged, accept } = setUp();
    const { id } = await accept({ state: 'running' });
    database.run(`UPDATE jobs SET ${column} = ? WHERE id = ?`, json, id);
    expect(journal.settle(id, failed)).toBe(true);
    journal.close(id, 1);
    expect(journal.open()).toEqual([]);
    expect(damaged).toEqual([]);
    expect(journal.expire(2)).toEqual([id]);
  });
});
