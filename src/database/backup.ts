import { existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import Libsql from 'libsql';
import { type CodedError, isCoded } from '../coded-error.js';
import { fileFault, systemCode } from '../files/file-trouble.js';
import { temporaryBeside, whyUnwritable } from '../files/whole-file.js';
import { Connection } from './connection.js';
import { asDatabaseError, backupError, databaseError } from './database-error.js';
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
  /** Number of styles that servers keep. */
  readonly styles: number;
  /** Number of styles that people keep for themselves. */
  readonly personalStyles: number;
  /** Number of people with defaults of their own. */
  readonly people: number;
}

/** The schema that first had tables for what people keep for themselves. */
const firstPersonalSchema = 5;

/**
 * Writes a database, as it is at this moment, into one new file; the bot may go on meanwhile. The file appears once its
 * content is complete, checked and on the disk. It can be read by its owner alone: open jobs have tokens in it.
 * @returns what the backup contains.
 * @throws `database/missing` where there is no database; `database/exists` where something has the name of the backup;
 *   `database/unwritable` or `database/disk-full`.
 */
export async function backUp(path: string, backup: string): Promise<BackupFacts> {
  const target = resolve(backup);
  if (!existsSync(path)) {
    throw databaseError('missing', path, `There is no database ${path}. Check DATA_DIR.`);
  }
  await checkTarget(path, backup, target);
  const unfinished = temporaryBeside(target);
  try {
    await reserve(unfinished);
    copyInto(path, unfinished, target);
    const facts = await checkBackup(unfinished);
    await syncFile(unfinished);
    // Only now, so that whatever ends this process meanwhile leaves no empty file that looks like a backup.
    await reserve(target);
    await rename(unfinished, target);
    return facts;
  } catch (error) {
    throw backupError(error, target);
  } finally {
    await rm(unfinished, { force: true });
  }
}

/**
 * Checks all of a backup, and returns what it contains.
 * @throws `database/missing`, `database/unreadable`, `database/not-a-database`, `database/damaged` or
 *   `database/newer-schema` where it can't be used.
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
    const opened = libsql;
    const count = (table: string) => integer(rows(opened, `SELECT count(*) AS rows FROM ${table}`)[0] ?? {}, 'rows');
    const isPersonal = schema >= firstPersonalSchema;
    return {
      bytes,
      schema,
      jobs: count('jobs'),
      servers: count('server_settings'),
      styles: count('server_styles'),
      personalStyles: isPersonal ? count('personal_styles') : 0,
      people: isPersonal ? count('personal_defaults') : 0,
    };
  } catch (error) {
    const trouble = asDatabaseError(error, path, 'not-a-database');
    throw trouble.code === 'not-a-database' ? notOurs(path) : trouble;
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

/** Copies a database into an empty file. @param backup - the name that errors have for that file. */
function copyInto(path: string, target: string, backup: string): void {
  const connection = new Connection(path);
  try {
    // This is one reading transaction: it sees one moment, and in WAL mode nobody who writes waits for it.
    connection.run('VACUUM INTO ?', [target]);
  } catch (error) {
    // What is read has been opened, so it is the other file that can't be written.
    const isOfTarget = isCoded(error, 'database', 'disk-full') || isCoded(error, 'database', 'unwritable');
    throw isOfTarget ? backupError(error.cause, backup) : error;
  } finally {
    connection.close();
  }
}

/**
 * Checks, before the database is read, that a backup can be written.
 * @param target - the same path, made absolute, which takes a slash at its end away.
 */
async function checkTarget(path: string, backup: string, target: string): Promise<void> {
  if (existsSync(target)) throw exists(target);
  // SQLite would take such a file for the changes that it has still to make in the database.
  if (target.startsWith(`${resolve(path)}-`)) {
    const message = `${target} would be taken for a part of the database. Choose another name for the backup.`;
    throw databaseError('unwritable', target, message);
  }
  const fault = await whyUnwritable(backup);
  if (fault === undefined) return;
  const message = `The backup ${target} can't be written (${fault.reason}). ${fault.remedy}`;
  throw databaseError('unwritable', target, message);
}

/** Makes an empty file that its owner alone can read. */
async function reserve(path: string): Promise<void> {
  try {
    await (await open(path, 'wx', 0o600)).close();
  } catch (error) {
    throw systemCode(error) === 'EEXIST' ? exists(path) : error;
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    const file = await open(path);
    try {
      const found = await file.stat();
      if (!found.isFile() || found.size === 0) throw notOurs(path);
      return found.size;
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isCoded(error, 'database')) throw error;
    const { reason, remedy } = fileFault(error);
    const code = systemCode(error) === 'ENOENT' ? 'missing' : 'unreadable';
    throw databaseError(code, path, `The backup ${path} can't be read (${reason}). ${remedy}`, error);
  }
}

function exists(path: string): CodedError {
  const message = `${path} is there already and is not overwritten. Choose another name for the backup.`;
  return databaseError('exists', path, message);
}

function notOurs(path: string): CodedError {
  const message = `${path} is no backup of whitewalker. Give a file that \`whitewalker backup\` wrote.`;
  return databaseError('not-a-database', path, message);
}

function newer(path: string, schema: number): CodedError {
  const message = `${path} was made by a newer whitewalker (its schema is ${schema}, this one knows ${migrations.length}).`;
  return databaseError('newer-schema', path, `${message} Install the newer version.`);
}
