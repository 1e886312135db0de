import type { Database } from '../database/database.js';
import { integer, optionalInteger, text } from '../database/row.js';
import type { Outcome } from '../jobs/job.js';
import type { JobFiles } from '../jobs/job-files.js';
import type { JobService } from '../jobs/job-service.js';
import { pseudonymOf } from '../jobs/pseudonym.js';
import type { BlockedPeople } from '../settings/blocked-people.js';
import type { KeptStyles } from '../settings/kept-styles.js';
import type { PersonalDefaultsStore } from '../settings/personal-defaults.js';
import type { SettingsStore } from '../settings/server-settings.js';

export interface ErasureParts {
  readonly database: Database;
  readonly jobs: Pick<JobService, 'settleAll'>;
  readonly files: JobFiles;
  readonly settings: SettingsStore;
  readonly blocked: BlockedPeople;
  readonly keptStyles: KeptStyles;
  readonly personalDefaults: PersonalDefaultsStore;
}

/** How much is kept of a person. */
export interface KeptOfPerson {
  /** Number of jobs whose outcome has not been told yet. */
  readonly openJobs: number;
  /** Number of jobs that are over and still kept. */
  readonly closedJobs: number;
  /** When the last of the closed jobs was closed, in milliseconds since 1970; undefined where there are none. */
  readonly lastClosedAt: number | undefined;
  /** Number of orders of the last 24 hours, which count for daily limits. */
  readonly acceptances: number;
  /** Number of styles that the person has added to servers. */
  readonly styles: number;
  /** Number of styles that the person keeps for themselves. */
  readonly personalStyles: number;
  /** Whether the person has set defaults for themselves. */
  readonly hasDefaults: boolean;
  /** Number of servers whose moderators have blocked the person. */
  readonly blocks: number;
}

/** A job that holds something of the person or server that is to be forgotten. */
interface Trace {
  readonly id: string;
  /** Whether the job is that person's or server's own; otherwise it was made from one of their pictures. */
  readonly isOwn: boolean;
}

/** Own time of the bot for telling people what became of their jobs: no wish to be forgotten waits longer for Discord. */
const toldWithinMs = 5000;

/** Removes all that is kept of a person or a server, at once. */
export class Erasure {
  readonly #parts: ErasureParts;

  constructor(parts: ErasureParts) {
    this.#parts = parts;
  }

  /** Counts what is kept of a person. */
  kept(userId: string): KeptOfPerson {
    const [row = {}] = this.#parts.database.all(
      `SELECT (SELECT count(*) FROM jobs WHERE owner_id = ?1 AND state <> 'closed') AS open_jobs,
              (SELECT count(*) FROM jobs WHERE owner_id = ?1 AND state = 'closed') AS closed_jobs,
              (SELECT max(closed_at) FROM jobs WHERE owner_id = ?1 AND state = 'closed') AS last_closed_at,
              (SELECT count(*) FROM acceptances WHERE owner_id = ?1) AS acceptances,
              (SELECT count(*) FROM server_styles WHERE created_by = ?1) AS styles,
              (SELECT count(*) FROM personal_styles WHERE person_id = ?1) AS personal_styles,
              (SELECT count(*) FROM personal_defaults WHERE person_id = ?1) AS defaults`,
      userId,
    );
    return {
      openJobs: integer(row, 'open_jobs'),
      closedJobs: integer(row, 'closed_jobs'),
      lastClosedAt: optionalInteger(row, 'last_closed_at'),
      acceptances: integer(row, 'acceptances'),
      styles: integer(row, 'styles'),
      personalStyles: integer(row, 'personal_styles'),
      hasDefaults: integer(row, 'defaults') > 0,
      blocks: this.#parts.blocked.countServers(userId, Date.now()),
    };
  }

  /**
   * Forgets a person: cancels their jobs, removes these and the jobs that others made from their pictures, with all
   * files and with what they keep for themselves, and removes their id from what remains. Styles stay with their servers, orders of the last 24 hours keep
   * counting for daily limits under a pseudonym, and blocks stay for as long as moderators want them.
   * @returns how many jobs were removed.
   * @throws `database/…` where the database can't be written.
   */
  async person(userId: string): Promise<number> {
    const { database, keptStyles, personalDefaults } = this.#parts;
    return this.#erase('owner_id', userId, () => {
      const pseudonym = pseudonymOf(userId);
      database.run('UPDATE acceptances SET owner_id = ? WHERE owner_id = ?', pseudonym, userId);
      database.run("UPDATE server_styles SET created_by = '' WHERE created_by = ?", userId);
      keptStyles.forget({ personId: userId });
      personalDefaults.forget(userId);
    });
  }

  /**
   * Forgets a server that the bot has left: its jobs, with all files, its settings, its blocks and its styles.
   * @returns how many jobs were removed.
   * @throws `database/…` where the database can't be written.
   */
  async server(guildId: string): Promise<number> {
    const { database, settings, blocked, keptStyles } = this.#parts;
    return this.#erase('guild_id', guildId, () => {
      database.run('DELETE FROM acceptances WHERE guild_id = ?', guildId);
      settings.forget(guildId);
      blocked.forget(guildId);
      keptStyles.forget({ guildId });
    });
  }

  /** Lists the servers of which anything is kept. */
  servers(): readonly string[] {
    return this.#parts.database
      .all(
        `SELECT guild_id FROM server_settings UNION SELECT guild_id FROM server_styles
         UNION SELECT guild_id FROM blocked_people
         UNION SELECT guild_id FROM acceptances WHERE guild_id IS NOT NULL
         UNION SELECT guild_id FROM jobs WHERE guild_id IS NOT NULL`,
      )
      .map((row) => text(row, 'guild_id'));
  }

  async #erase(column: 'owner_id' | 'guild_id', id: string, alsoErase: () => void): Promise<number> {
    const { database, files, jobs } = this.#parts;
    const outcomes = this.#traces(column, id).map(
      ({ id: jobId, isOwn }) => [jobId, outcomeFor(column, isOwn)] as const,
    );
    await jobs.settleAll(new Map(outcomes), toldWithinMs);
    const removed = database.write(() => {
      // Jobs are looked up once more: somebody may have made something from one of the pictures meanwhile.
      const traces = this.#traces(column, id);
      for (const trace of traces) database.run('DELETE FROM jobs WHERE id = ?', trace.id);
      alsoErase();
      return traces;
    });
    await Promise.all(removed.map((trace) => files.remove(trace.id)));
    await database.durable();
    return removed.length;
  }

  /** Finds the jobs of a person or server, and those with a copy of one of their pictures, even a copy of a copy. */
  #traces(column: 'owner_id' | 'guild_id', id: string): readonly Trace[] {
    return this.#parts.database
      .all(
        `WITH RECURSIVE
           copies (id, source) AS MATERIALIZED (
             SELECT jobs.id, input.atom
             FROM jobs, json_tree(CASE WHEN json_valid(jobs.inputs_json) THEN jobs.inputs_json ELSE '{}' END) AS input
             WHERE jobs.inputs_json LIKE '%"jobId"%' AND input.key = 'jobId'),
           traces (id) AS (
             SELECT id FROM jobs WHERE ${column} = ?1
             UNION
             SELECT copies.id FROM traces JOIN copies ON copies.source = traces.id)
         SELECT jobs.id, jobs.${column} IS ?1 AS own FROM traces JOIN jobs USING (id)`,
        id,
      )
      .map((row) => ({ id: text(row, 'id'), isOwn: integer(row, 'own') === 1 }));
  }
}

function outcomeFor(column: 'owner_id' | 'guild_id', isOwn: boolean): Outcome {
  if (isOwn) return { kind: 'cancelled', by: column === 'owner_id' ? 'owner' : 'moderator' };
  return { kind: 'failed', failure: { code: 'inputs-deleted', context: {} } };
}
