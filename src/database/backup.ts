import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import Libsql from 'libsql';
import type { CodedError } from '../coded-error.js';
import { systemCode } from '../files/file-trouble.js';
import { Connection } from './connection.js';
import { asDatabaseError, databaseError } from './database-error.js';
import { migrations } from './migrations.js';
import { integer, isRow, type Row, text } from './row.js';

/** What a backup contains. */
export interface BackupFacts {
  readonly bytes: number;
  /** Version of the database schema. */
  readonly schema: number;
  readonly jobs: number;
  /** Number of servers with settings of their own. */
  readonly servers: number;
  readonly styles: number;
}

/**
 * Writes a database, as it is at this moment, into one new file; the bot may go on meanwhile. The file gets its content
 * once that is complete, checked and on the disk. It can be read by its owner alone: open jobs have tokens in it.
 * @returns what the backup contains.
 * @throws `database/missing` where there is no database; `database/exists` where something has the name of the backup.
 */
export async function backUp(path: string, backup: string): Promise<BackupFacts> {
  const target = resolve(backup);
  if (!existsSync(path)) throw missing(path);
  await reserve(target);
  const unfinished = `${target}.${randomBytes(6).toString('hex')}.unfinished`;
  try {
    await reserve(unfinished);
    copyInto(path, unfinished);
    const facts = await checkBackup(unfinished);
    await syncFile(unfinished);
    await rename(unfinished, target);
    return facts;
  } catch (error) {
    await rm(target, { force: true });
    throw asDatabaseError(error, target);
  } finally {
    await rm(unfinished, { force: true });
  }
}

/**
 * Checks all of a backup, and returns what it contains.
 * @throws `database/missing`, `database/not-a-database`, `database/damaged` or `database/newer-schema` where it can't
 *   be used.
 */
export async function checkBackup(path: string): Promise<BackupFacts> {
  // Empty and missing files are refused first: SQLite would take one for an empty database, and libsql make the other.
  const bytes = await sizeOf(path);
  let libsql: Libsql.Database | undefined;
  try {
    libsql = new Libsql(path, { readonly: true });
    const found = rows(libsql, 'PRAGMA integrity_check').map((row) => text(row, 'integrity_check'));
    if (found[0] !== 'ok') throw databaseError('damaged', path, `${path} is damaged: ${found.join('; ')}.`);
    const schema = integer(rows(libsql, 'PRAGMA user_version')[0] ?? {}, 'user_version');
    if (schema > migrations.length) throw newer(path, schema);
    if (schema < 1) throw notOurs(path);
    const [counts = {}] = rows(
      libsql,
      `SELECT (SELECT count(*) FROM jobs) AS jobs, (SELECT count(*) FROM server_settings) AS servers,
              (SELECT count(*) FROM server_styles) AS styles`,
    );
    return {
      bytes,
      schema,
      jobs: integer(counts, 'jobs'),
      servers: integer(counts, 'servers'),
      styles: integer(counts, 'styles'),
    };
  } catch (error) {
    throw asDatabaseError(error, path, 'not-a-database');
  } finally {
    libsql?.close();
  }
}

/** Has everything that was written to a file put on the disk, and waits for it. */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Runs a query, without a {@link Connection}: that would prepare the file for being written. */
function rows(libsql: Libsql.Database, sql: string): readonly Row[] {
  return libsql.prepare(sql).all().filter(isRow);
}

function copyInto(path: string, target: string): void {
  const connection = new Connection(path);
  try {
    // This is one reading transaction: it sees one moment, and in WAL mode nobody who writes waits for it.
    connection.run('VACUUM INTO ?', [target]);
  } finally {
    connection.close();
  }
}

/** Makes an empty file that its owner alone can read. */
async function reserve(path: string): Promise<void> {
  try {
    await (await open(path, 'wx', 0o600)).close();
  } catch (error) {
    if (systemCode(error) === 'EEXIST') {
      const message = `${path} is there already and is not overwritten. Choose another name for the backup.`;
      throw databaseError('exists', path, message, error);
    }
    throw asDatabaseError(error, path, 'unwritable');
  }
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw missing(path);
  if (!found.isFile() || found.size === 0) throw notOurs(path);
  return found.size;
}

function missing(path: string): CodedError {
  return databaseError('missing', path, `There is no database ${path}. Check the path, and DATA_DIR.`);
}

function notOurs(path: string): CodedError {
  return databaseError('not-a-database', path, `${path} is no database of whitewalker.`);
}

function newer(path: string, schema: number): CodedError {
  const message = `${path} was made by a newer whitewalker (its schema is ${schema}, this one knows ${migrations.length}).`;
  return databaseError('newer-schema', path, `${message} Install the newer version.`);
}
