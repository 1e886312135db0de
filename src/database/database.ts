import { closeSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { CodedError } from '../coded-error.js';
import { makeFolder } from '../files/make-folder.js';
import { Connection } from './connection.js';
import { asDatabaseError, dataFolderError, isDiskTrouble } from './database-error.js';
import { migrate } from './migrations.js';
import type { Row, Value } from './row.js';

export interface DatabaseOptions {
  /** Called, for the log, when changes were made but could not be committed, so that they are gone. */
  readonly onLoss?: (error: CodedError) => void;
}

/** The changes of one turn of the event loop, which are committed together. */
interface Group {
  readonly timer: NodeJS.Immediate;
  /** Calls of {@link Database.durable} that wait until the changes are safe. */
  readonly waiting: { resolve(): void; reject(error: CodedError): void }[];
  /** Why the changes are lost already, before they could be committed; undefined as long as they are not. */
  failure: CodedError | undefined;
}

/** How much is written to find out whether there is room again, in bytes: more than an order needs. */
const probeBytes = 65_536;

/**
 * The database of everything that outlives the process. Changes are seen at once through this object, and are safe once
 * {@link durable} settles: all changes of one turn of the event loop are committed together, so that many at once wait
 * for the disk no longer than one alone.
 */
export class Database {
  readonly #connection: Connection;
  readonly #onLoss: (error: CodedError) => void;
  #group: Group | undefined;
  /** Why the last change could not be written; undefined where it was. */
  #trouble: CodedError | undefined;

  /**
   * Opens a database, makes its folder and file where they are missing, and brings it up to the schema of this program.
   * @param path - the path of a file, or `:memory:`.
   * @throws `database/…` where it can't be opened.
   */
  static open(path: string, options: DatabaseOptions = {}): Database {
    const connection = new Connection(path === ':memory:' ? path : prepareFile(resolve(path)));
    try {
      migrate(connection);
    } catch (error) {
      connection.close();
      throw error;
    }
    return new Database(connection, options);
  }

  private constructor(connection: Connection, { onLoss = () => {} }: DatabaseOptions) {
    this.#connection = connection;
    this.#onLoss = onLoss;
  }

  /** Returns the first row that a query finds; undefined where it finds none. */
  get(sql: string, ...values: Value[]): Row | undefined {
    return this.all(sql, ...values)[0];
  }

  /** Returns all rows that a query finds or, within {@link write}, a change returns. */
  all(sql: string, ...values: Value[]): readonly Row[] {
    return this.#attempt(() => this.#connection.all(sql, values));
  }

  /** Makes a change of one statement, all of it or nothing, and returns how many rows it changed. */
  run(sql: string, ...values: Value[]): number {
    this.#join();
    return this.#attempt(() => this.#connection.run(sql, values));
  }

  /**
   * Makes a change of several statements, all of it or nothing, and returns what `change` returns.
   * @param change - makes the change, synchronously. Where it throws, its statements are undone, but no other changes.
   */
  write<R>(change: () => R): R {
    this.#join();
    this.#connection.exec('SAVEPOINT change');
    return this.#attempt(() => {
      try {
        const result = change();
        this.#connection.exec('RELEASE change');
        return result;
      } catch (error) {
        if (this.#connection.inTransaction) this.#connection.exec('ROLLBACK TO change; RELEASE change');
        throw error;
      }
    });
  }

  /**
   * Resolves once all changes made so far will survive anything.
   * @throws `database/…` where they could not be committed: then all changes of this turn of the event loop are undone.
   */
  durable(): Promise<void> {
    const group = this.#group;
    if (group === undefined) return Promise.resolve();
    return new Promise((resolve, reject) => group.waiting.push({ resolve, reject }));
  }

  /**
   * Looks whether changes can be written, after one couldn't: it writes more than most changes need, and takes it back.
   * @throws `database/…` where they still can't.
   */
  requireWritable(): void {
    if (this.#trouble === undefined) return;
    // Changes that are pending show by themselves what can be written.
    if (this.#group !== undefined) throw this.#trouble;
    try {
      this.#connection.exec('BEGIN IMMEDIATE');
      this.#connection.run("INSERT INTO registrations (scope, digest) VALUES ('', ?)", ['-'.repeat(probeBytes)]);
      this.#connection.run("DELETE FROM registrations WHERE scope = ''", []);
      this.#connection.exec('COMMIT');
      this.#trouble = undefined;
    } catch (error) {
      if (this.#connection.inTransaction) this.#connection.exec('ROLLBACK');
      throw error;
    }
  }

  /**
   * Commits pending changes and closes the file.
   * @throws `database/…` where they could not be committed; the file is closed all the same.
   */
  close(): void {
    const failure = this.#group === undefined ? undefined : this.#commit(this.#group);
    this.#connection.close();
    if (failure !== undefined) throw failure;
  }

  /** Joins this turn's group of changes, or begins it. */
  #join(): void {
    // Lost changes shall not be forgotten over later changes of the same turn.
    if (this.#group?.failure !== undefined) throw this.#group.failure;
    if (this.#group !== undefined) return;
    this.#attempt(() => this.#connection.exec('BEGIN IMMEDIATE'));
    const group: Group = { timer: setImmediate(() => this.#commit(group)), waiting: [], failure: undefined };
    this.#group = group;
  }

  /** Runs an action, and notices if SQLite rolls back the whole group over it, as it does when the disk is full. */
  #attempt<R>(action: () => R): R {
    try {
      return action();
    } catch (error) {
      this.#note(error);
      if (this.#group !== undefined && !this.#connection.inTransaction) {
        this.#group.failure ??= asDatabaseError(error, this.#connection.path);
      }
      throw error;
    }
  }

  #commit(group: Group): CodedError | undefined {
    clearImmediate(group.timer);
    this.#group = undefined;
    const failure = group.failure ?? this.#tryCommit();
    for (const { resolve, reject } of group.waiting) failure === undefined ? resolve() : reject(failure);
    if (failure !== undefined) this.#onLoss(failure);
    return failure;
  }

  /** Remembers what the disk is in the way of. */
  #note(error: unknown): void {
    if (isDiskTrouble(error)) this.#trouble = error;
  }

  #tryCommit(): CodedError | undefined {
    try {
      this.#connection.exec('COMMIT');
      this.#trouble = undefined;
      return undefined;
    } catch (error) {
      this.#note(error);
      if (this.#connection.inTransaction) this.#connection.exec('ROLLBACK');
      return asDatabaseError(error, this.#connection.path);
    }
  }
}

/** Makes a file that only its owner can read, since it will hold tokens. SQLite gives its companions the same mode. */
function prepareFile(path: string): string {
  try {
    makeFolder(dirname(path));
  } catch (error) {
    throw dataFolderError(error, dirname(path));
  }
  try {
    closeSync(openSync(path, 'a', 0o600));
  } catch (error) {
    throw asDatabaseError(error, path);
  }
  return path;
}
