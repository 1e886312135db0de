import { CodedError, isCoded } from '../coded-error.js';
import { fileFault, fileTrouble, lacksRoom } from '../files/file-trouble.js';

/** Codes of what can be wrong with a database file. */
export type DatabaseErrorCode =
  | 'not-a-database'
  | 'newer-schema'
  | 'damaged'
  | 'disk-full'
  | 'disk-error'
  | 'unwritable'
  | 'busy'
  | 'missing'
  | 'exists'
  | 'unreadable'
  | 'closed'
  | 'failed';

/** Makes the error for an unusable database. `message` names its file, as `context.path` does, and says what to do. */
export function databaseError(code: DatabaseErrorCode, path: string, message: string, cause?: unknown): CodedError {
  return new CodedError('database', code, message, { context: { path }, cause });
}

/** Our codes by SQLite's primary result code (https://sqlite.org/rescode.html), the lowest byte of an extended one. */
const codes: Readonly<Record<number, DatabaseErrorCode>> = {
  3: 'unwritable', // SQLITE_PERM
  5: 'busy', // SQLITE_BUSY
  8: 'unwritable', // SQLITE_READONLY
  10: 'disk-error', // SQLITE_IOERR
  11: 'damaged', // SQLITE_CORRUPT
  13: 'disk-full', // SQLITE_FULL
  14: 'unwritable', // SQLITE_CANTOPEN
  26: 'not-a-database', // SQLITE_NOTADB
};

/** Reasons by SQLite's primary result code, as clauses, where its own words would not help. */
const reasons: Readonly<Record<number, string>> = {
  8: 'it can only be read',
  13: 'the disk is full',
  14: "it can't be opened",
};

/**
 * Makes a `database/…` error of what libsql or the file system threw while it worked on the file at `path`.
 * @param ifUnknown - the code for an error that has none, such as libsql's when a file can't be opened.
 */
export function asDatabaseError(error: unknown, path: string, ifUnknown: DatabaseErrorCode = 'failed'): CodedError {
  if (isCoded(error, 'database')) return error;
  const code = codeOf(error) ?? ifUnknown;
  return databaseError(code, path, explain(code, path, error), error);
}

/** Codes of what an operator can mend while the program runs: the file and what it is asked are well. */
const troubles: readonly DatabaseErrorCode[] = [
  ...(['disk-full', 'disk-error', 'unwritable', 'busy', 'damaged', 'not-a-database'] as const),
];

/** Whether an error says that the database can't be written or read just now, whatever is to be written. */
export function isDiskTrouble(error: unknown): error is CodedError {
  return isCoded(error, 'database') && troubles.some((code) => code === error.code);
}

/** Makes a `database/…` error of what was thrown while a data folder was made or locked. */
export function dataFolderError(error: unknown, folder: string): CodedError {
  if (isCoded(error, 'database')) return error;
  if (!lacksRoom(error)) return unusableDataFolder(folder, reasonFor(error), error);
  const message = `The data folder ${folder} can't be used (${fileTrouble(error)}). ${fileFault(error).remedy}`;
  return databaseError('disk-full', folder, message, error);
}

/** Makes the error for a data folder that can't be used, with the reason as a clause. */
export function unusableDataFolder(folder: string, reason: string, cause?: unknown): CodedError {
  const message = `The data folder ${folder} can't be used (${reason}). Set DATA_DIR to a folder that this user can write to.`;
  return databaseError('unwritable', folder, message, cause);
}

/** Makes a `database/…` error of what was thrown while a backup was written. */
export function backupError(error: unknown, backup: string): CodedError {
  if (isCoded(error, 'database')) return error;
  const message = `The backup ${backup} can't be written (${reasonFor(error)}). ${fileFault(error).remedy}`;
  return databaseError(codeOf(error) ?? 'unwritable', backup, message, error);
}

function rawCode(error: unknown): number | undefined {
  return error instanceof Error && 'rawCode' in error && typeof error.rawCode === 'number'
    ? error.rawCode & 0xff
    : undefined;
}

function reasonFor(error: unknown): string {
  return reasons[rawCode(error) ?? 0] ?? fileTrouble(error);
}

function codeOf(error: unknown): DatabaseErrorCode | undefined {
  const result = rawCode(error);
  if (result !== undefined) return codes[result] ?? 'failed';
  if (error instanceof Error && 'syscall' in error) return lacksRoom(error) ? 'disk-full' : 'unwritable';
  return undefined;
}

function explain(code: DatabaseErrorCode, path: string, error: unknown): string {
  const reason = reasonFor(error);
  switch (code) {
    case 'not-a-database':
      return `${path} is not a database. Move it away, or choose another folder.`;
    case 'damaged':
      return `The database ${path} is damaged (${reason}). Put back a copy of it, or move it away to begin anew.`;
    case 'disk-full':
      return `There is no space left for the database ${path}. Make room on its disk.`;
    case 'disk-error':
      return `The disk of the database ${path} does not read or write as it should (${reason}). Look at that disk.`;
    case 'unwritable':
      return `The database ${path} can't be opened for writing (${reason}). Check its folder and who may write there.`;
    case 'busy':
      return `The database ${path} is in use by another program. End the other one; only one may run at a time.`;
    default:
      return `The database ${path} failed: ${reason}`;
  }
}
