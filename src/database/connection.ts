import Libsql from 'libsql';
import { asDatabaseError, databaseError } from './database-error.js';
import { isRow, type Row, type Value } from './row.js';

type Statement = Libsql.Statement<[readonly Value[]]>;

/** How long a statement waits for another program that is writing, before it gives up. */
const busyTimeoutMs = 5000;

/**
 * A connection to an SQLite file: libsql with types, and without its traps. Statements are prepared once and kept. All
 * methods throw `database/…` where SQLite fails.
 */
export class Connection {
  readonly path: string;
  readonly #libsql: Libsql.Database;
  readonly #statements = new Map<string, Statement>();
  #isOpen = true;

  /** Opens a file, which is created where there is none. What is committed survives a power failure. */
  constructor(path: string) {
    this.path = path;
    try {
      this.#libsql = new Libsql(path);
    } catch (error) {
      throw asDatabaseError(error, path, 'unwritable');
    }
    try {
      this.all(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
      this.all('PRAGMA journal_mode = WAL');
      // Deleted data shall not be found in the file any more.
      this.all('PRAGMA secure_delete = ON');
      this.exec('PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
    } catch (error) {
      this.close();
      throw error;
    }
  }

  get inTransaction(): boolean {
    // libsql ends the whole process if it is asked this after close().
    return this.#isOpen && this.#libsql.inTransaction;
  }

  /** Runs statements that have neither parameters nor results. */
  exec(sql: string): void {
    this.#attempt(() => this.#libsql.exec(sql));
  }

  /** Runs a statement and returns how many rows it changed; {@link all} is for statements that return rows. */
  run(sql: string, values: readonly Value[]): number {
    requireValues(values);
    return this.#attempt(() => this.#prepared(sql).run(values).changes);
  }

  /** Runs a statement to its end and returns all of its rows. */
  all(sql: string, values: readonly Value[] = []): readonly Row[] {
    requireValues(values);
    // Unlike libsql's get(), its all() resets the statement before it runs, and adds nothing to the rows.
    return this.#attempt(() => this.#prepared(sql).all(values).filter(isRow));
  }

  /** Closes the file. Closing it again does nothing. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    // libsql lets go of the file only when its statements are garbage-collected, and SQLite would move the content of
    // the -wal file into it only then; but a copy of the one file shall be complete now. Where that fails, nothing is
    // lost.
    try {
      this.#libsql.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all();
    } catch {}
    this.#statements.clear();
    this.#libsql.close();
  }

  #prepared(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#libsql.prepare<[readonly Value[]]>(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #attempt<R>(action: () => R): R {
    if (!this.#isOpen) throw databaseError('closed', this.path, `The database ${this.path} is closed already.`);
    try {
      return action();
    } catch (error) {
      throw asDatabaseError(error, this.path);
    }
  }
}

/** Checks at run time, too, that libsql takes the values: a boolean, say, makes it end the whole process. */
function requireValues(values: readonly unknown[]): void {
  for (const value of values) {
    if (value === undefined || value === null || value instanceof Uint8Array) continue;
    if (typeof value !== 'string' && typeof value !== 'number') {
      throw new TypeError(`Expected text, a number, bytes or nothing as an SQL value, got ${typeof value}`);
    }
  }
}
