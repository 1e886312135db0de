import { existsSync } from 'node:fs';
import { isCoded } from '../coded-error.js';
import { Database } from '../database/database.js';
import { Journal } from '../jobs/journal.js';
import { type Finding, failure, ok, warning } from './finding.js';

/** Checks whether the database can be opened, and whether all its jobs can be read. */
export function checkDatabase(path: string): readonly Finding[] {
  if (!existsSync(path)) return [ok('database', `${path} will be made when the bot starts.`)];
  try {
    const database = Database.open(path);
    const damaged: string[] = [];
    const journal = new Journal(database, { onDamaged: ({ message }) => damaged.push(message) });
    const open = journal.open().length;
    database.close();
    const message = `${path} has ${open} open ${open === 1 ? 'job' : 'jobs'}.`;
    if (damaged.length === 0) return [ok('database', message)];
    return [warning('database', `${message} ${damaged.join(' ')}`, 'Damaged jobs are skipped; the others go on.')];
  } catch (error) {
    if (!isCoded(error, 'database')) throw error;
    return [failure('database', error.message, 'Until then, the bot does not start.')];
  }
}
