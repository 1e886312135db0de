import { CodedError } from '../coded-error.js';
import type { Database } from '../database/database.js';
import { integer, optionalInteger, text } from '../database/row.js';

/** Largest number of people that a server may have blocked at once. */
export const maxBlocked = 200;

/** A person who may not use the bot in a server. */
export interface BlockedPerson {
  readonly personId: string;
  /** When the block ends by itself, in milliseconds since 1970; undefined: it never does. */
  readonly until: number | undefined;
}

/** Whom the moderators of servers have blocked from using the bot there. Times are in milliseconds since 1970. */
export class BlockedPeople {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Lists whom a server has blocked, those whose block ends first at the front. */
  list(guildId: string, now: number): readonly BlockedPerson[] {
    return this.#database
      .all(
        `SELECT person_id, until FROM blocked_people WHERE guild_id = ? AND (until IS NULL OR until > ?)
         ORDER BY until IS NULL, until, person_id`,
        ...[guildId, now],
      )
      .map((row) => ({ personId: text(row, 'person_id'), until: optionalInteger(row, 'until') }));
  }

  /** Returns a person's block in a server; undefined where there is none, or where it has ended. */
  find(guildId: string, personId: string, now: number): BlockedPerson | undefined {
    return this.list(guildId, now).find((blocked) => blocked.personId === personId);
  }

  /**
   * Blocks a person in a server; a block that the person has there already is replaced.
   * @throws CodedError `setting/too-many-blocked` where the server has blocked as many as it may.
   */
  block(guildId: string, { personId, until }: BlockedPerson, now: number): void {
    this.#database.write(() => {
      this.#database.run('DELETE FROM blocked_people WHERE until <= ?', now);
      this.unblock(guildId, personId);
      if (this.list(guildId, now).length >= maxBlocked) {
        throw new CodedError('setting', 'too-many-blocked', `Expected fewer than ${maxBlocked} blocked people`, {
          context: { max: maxBlocked },
        });
      }
      this.#database.run(
        'INSERT INTO blocked_people (guild_id, person_id, until) VALUES (?, ?, ?)',
        guildId,
        personId,
        until,
      );
    });
  }

  /** Lifts a person's block in a server. @returns whether there was one. */
  unblock(guildId: string, personId: string): boolean {
    return this.#database.run('DELETE FROM blocked_people WHERE guild_id = ? AND person_id = ?', guildId, personId) > 0;
  }

  /** Counts the servers that have blocked a person. */
  countServers(personId: string, now: number): number {
    const row = this.#database.get(
      'SELECT count(*) AS servers FROM blocked_people WHERE person_id = ? AND (until IS NULL OR until > ?)',
      ...[personId, now],
    );
    return row === undefined ? 0 : integer(row, 'servers');
  }

  /** Lifts all blocks of a server that the bot has left. */
  forget(guildId: string): void {
    this.#database.run('DELETE FROM blocked_people WHERE guild_id = ?', guildId);
  }
}
