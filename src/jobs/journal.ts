import type { Database } from '../database/database.js';
import { integer, optionalInteger, type Row, text, type Value } from '../database/row.js';
import type { Task } from '../works/works.js';
import { type Job, type JobState, jobStates, type Outcome } from './job.js';
import { DamagedJobError, jobOf, replyOf, rowOf } from './job-row.js';
import { pseudonymOf } from './pseudonym.js';

export interface JournalOptions {
  /**
   * Called when a job can't be read and is left out. `settle` and `close` don't read jobs, so they work all the same.
   */
  readonly onDamaged?: (error: DamagedJobError) => void;
}

/** Restricts jobs to those of a person, of a server, or both. An undefined field doesn't restrict them. */
export interface JobFilter {
  readonly ownerId?: string | undefined;
  readonly guildId?: string | undefined;
}

/** How long acceptances are kept, and so the longest time that quotas can look back. */
const acceptancesKeptMs = 24 * 3_600_000;

const waiting = "state IN ('accepted', 'queued')";
const underWay = "state IN ('accepted', 'queued', 'running')";

/**
 * Keeps all jobs and their states in the database. A change is seen at once and durable a moment later; an accepted job
 * is durable when {@link accept} settles. Methods that move a job to another state return whether they did: they leave
 * it alone where it is in none that they move from, because it was cancelled meanwhile, say.
 */
export class Journal {
  readonly #database: Database;
  readonly #onDamaged: (error: DamagedJobError) => void;

  constructor(database: Database, { onDamaged = () => {} }: JournalOptions = {}) {
    this.#database = database;
    this.#onDamaged = onDamaged;
  }

  /**
   * Adds a job. Other methods know it at once; this settles when the job can't be lost any more.
   * @throws RangeError where a job has this id already.
   * @throws `database/…` where the job can't be written: then it was not added.
   */
  async accept(job: Job): Promise<void> {
    const row = rowOf(job);
    const columns = Object.keys(row);
    this.#database.write(() => {
      const inserted = this.#database.run(
        `INSERT INTO jobs (${columns.join()}) VALUES (${columns.map(() => '?').join()}) ON CONFLICT DO NOTHING`,
        ...Object.values(row),
      );
      if (inserted === 0) throw new RangeError(`Expected a new job, but there is a job ${job.id} already`);
      this.#database.run(
        'INSERT INTO acceptances (job_id, owner_id, guild_id, accepted_at) VALUES (?, ?, ?, ?)',
        ...[job.id, job.ownerId, job.guildId, job.acceptedAt],
      );
    });
    await this.#database.durable();
  }

  /** Removes a job as if it had never been accepted: quotas don't count it either. @returns whether there was one. */
  withdraw(id: string): boolean {
    return this.#database.write(() => {
      this.#database.run('DELETE FROM acceptances WHERE job_id = ?', id);
      return this.#database.run('DELETE FROM jobs WHERE id = ?', id) > 0;
    });
  }

  /** Returns a job; undefined where none has this id. @throws DamagedJobError where its row can't be understood. */
  job(id: string): Job | undefined {
    const row = this.#database.get('SELECT * FROM jobs WHERE id = ?', id);
    return row && jobOf(row);
  }

  /** Whether there is a job with this id, even a damaged one. */
  has(id: string): boolean {
    return this.#database.get('SELECT id FROM jobs WHERE id = ?', id) !== undefined;
  }

  /** Returns all jobs that are not closed, in the order in which they were accepted. */
  open(): readonly Job[] {
    return this.#jobs("state IN ('accepted', 'queued', 'running', 'delivering')");
  }

  /** Moves a job from accepted to queued, with its task as it is now that its pictures are here. */
  queued(id: string, task: Task): boolean {
    return this.#change("state = 'queued', task_json = ?", id, "state = 'accepted'", JSON.stringify(task));
  }

  /** Moves a job from queued to running; also from running, since computing may begin again after a crash. */
  running(id: string): boolean {
    return this.#change("state = 'running'", id, "state IN ('queued', 'running')");
  }

  /** Moves a job from running back to queued: the process ends, and the next one goes on with the job. */
  waitAgain(id: string): boolean {
    return this.#change("state = 'queued'", id, "state = 'running'");
  }

  /** Counts a crash of a job's computation. @returns how many there have been. */
  crashed(id: string): number {
    return this.#database.write(() => {
      this.#change('crashes = crashes + 1', id);
      const row = this.#database.get('SELECT crashes FROM jobs WHERE id = ?', id);
      return row === undefined ? 0 : integer(row, 'crashes');
    });
  }

  /**
   * Gives a job its outcome, and moves it to delivering. The first outcome stands, whatever follows. What brings no
   * picture doesn't count for daily limits; only a running job that is cancelled does, since it has used the machine.
   */
  settle(id: string, outcome: Outcome): boolean {
    return this.#database.write(() => {
      const uncounted = { result: 'FALSE', failed: underWay, cancelled: waiting }[outcome.kind];
      this.#database.run(
        `DELETE FROM acceptances WHERE job_id IN (SELECT id FROM jobs WHERE id = ? AND ${uncounted})`,
        id,
      );
      return this.#change("state = 'delivering', outcome_json = ?", id, underWay, JSON.stringify(outcome));
    });
  }

  /** Settles once nothing that was written so far can be lost any more. @throws `database/…` */
  durable(): Promise<void> {
    return this.#database.durable();
  }

  /**
   * Remembers which message shows a job, undefined where none does any more, and the message's channel if it is given.
   * @throws DamagedJobError where the job's reply address can't be understood.
   */
  answered(id: string, messageId: string | undefined, channelId?: string): void {
    this.#database.write(() => {
      const row = this.#database.get('SELECT id, reply_json FROM jobs WHERE id = ?', id);
      if (row === undefined) return;
      const reply = replyOf(row);
      const answered = { ...reply, messageId, channelId: channelId ?? reply.channelId };
      this.#change('reply_json = ?', id, 'TRUE', JSON.stringify(answered));
    });
  }

  /** Claims the right to mention a job's person. @returns true once only for each job. */
  claimMention(id: string): boolean {
    return this.#change('mentioned = 1', id, 'mentioned = 0');
  }

  /** Moves a job from delivering to closed: its person has been told. Its interaction's token is erased for good. */
  close(id: string, at: number): void {
    this.#change(
      `state = 'closed', closed_at = ?,
       reply_json = CASE WHEN json_valid(reply_json) THEN json_set(reply_json, '$.token', '') ELSE '{}' END`,
      id,
      "state = 'delivering'",
      at,
    );
  }

  /** Counts jobs that have no outcome yet. */
  countOpen(filter: JobFilter = {}): number {
    return this.#count(underWay, filter);
  }

  /** Counts jobs that don't run yet. */
  countWaiting(filter: JobFilter = {}): number {
    return this.#count(waiting, filter);
  }

  /** Counts the jobs in each state but closed. */
  countByState(): ReadonlyMap<JobState, number> {
    const rows = this.#database.all("SELECT state, count(*) AS jobs FROM jobs WHERE state <> 'closed' GROUP BY state");
    const counts = new Map(rows.map((row) => [text(row, 'state'), integer(row, 'jobs')]));
    return new Map(jobStates.filter((state) => state !== 'closed').map((state) => [state, counts.get(state) ?? 0]));
  }

  /**
   * Returns the ids of the jobs without an outcome that messages of a channel show.
   * @param messageIds - the ids of the messages; undefined: all of the channel.
   */
  shownIn(guildId: string, channelId: string, messageIds?: readonly string[]): readonly string[] {
    const named =
      messageIds === undefined ? '' : "AND reply_json ->> '$.messageId' IN (SELECT value FROM json_each(?))";
    const rows = this.#database.all(
      `SELECT id FROM jobs WHERE ${underWay} AND guild_id = ? AND json_valid(reply_json)
       AND reply_json ->> '$.channelId' = ? ${named}`,
      ...[guildId, channelId, ...(messageIds === undefined ? [] : [JSON.stringify(messageIds)])],
    );
    return rows.map((row) => text(row, 'id'));
  }

  /** Returns when the oldest job that waits was accepted, in milliseconds since 1970; undefined where none waits. */
  oldestWaiting(): number | undefined {
    const row = this.#database.get(`SELECT min(accepted_at) AS accepted_at FROM jobs WHERE ${waiting}`);
    return row && optionalInteger(row, 'accepted_at');
  }

  /** Returns the jobs that {@link countOpen} counts, in the order in which they were accepted. */
  openOf(filter: JobFilter = {}): readonly Job[] {
    return this.#jobs(underWay, filter);
  }

  /**
   * Returns when a person's jobs were accepted in one server since a time, without those that {@link settle} left out: the first one
   * first, in milliseconds since 1970. As long as this process runs, those from before the person had their data deleted count, too.
   * @param guildId - undefined: outside of servers.
   * @param since - in milliseconds since 1970; up to 24 hours ago.
   */
  acceptancesSince(ownerId: string, guildId: string | undefined, since: number): readonly number[] {
    const rows = this.#database.all(
      `SELECT accepted_at FROM acceptances
       WHERE owner_id IN (?, ?) AND guild_id IS ? AND accepted_at >= ? ORDER BY accepted_at`,
      ...[ownerId, pseudonymOf(ownerId), guildId, since],
    );
    return rows.map((row) => integer(row, 'accepted_at'));
  }

  /**
   * Removes the jobs that were closed before a time, and returns their ids: their files are to be removed, too.
   * @param closedBefore - in milliseconds since 1970.
   * @param now - in milliseconds since 1970; acceptances more than 24 hours before it are forgotten.
   */
  expire(closedBefore: number, now = Date.now()): string[] {
    return this.#database.write(() => {
      this.#database.run('DELETE FROM acceptances WHERE accepted_at < ?', now - acceptancesKeptMs);
      return this.#database
        .all("DELETE FROM jobs WHERE state = 'closed' AND closed_at < ? RETURNING id", closedBefore)
        .map((row) => text(row, 'id'));
    });
  }

  #change(assignments: string, id: string, condition = 'TRUE', ...values: Value[]): boolean {
    const sql = `UPDATE jobs SET ${assignments} WHERE id = ? AND ${condition}`;
    return this.#database.run(sql, ...values, id) > 0;
  }

  #count(states: string, filter: JobFilter): number {
    const { condition, values } = matching(states, filter);
    const row = this.#database.get(`SELECT count(*) AS jobs FROM jobs WHERE ${condition}`, ...values);
    return row === undefined ? 0 : integer(row, 'jobs');
  }

  #jobs(states: string, filter: JobFilter = {}): readonly Job[] {
    const { condition, values } = matching(states, filter);
    const sql = `SELECT * FROM jobs WHERE ${condition} ORDER BY accepted_at, rowid`;
    return this.#readable(this.#database.all(sql, ...values), jobOf);
  }

  #readable<T>(rows: readonly Row[], read: (row: Row) => T): T[] {
    return rows.flatMap((row) => {
      try {
        return [read(row)];
      } catch (error) {
        if (!(error instanceof DamagedJobError)) throw error;
        this.#onDamaged(error);
        return [];
      }
    });
  }
}

function matching(states: string, { ownerId, guildId }: JobFilter): { condition: string; values: readonly string[] } {
  return {
    condition: `${states}${ownerId === undefined ? '' : ' AND owner_id = ?'}${guildId === undefined ? '' : ' AND guild_id = ?'}`,
    values: [ownerId, guildId].filter((id) => id !== undefined),
  };
}
