import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { isCoded } from '../coded-error.js';
import { checkDataFolder } from '../database/data-folder-lock.js';
import { Database } from '../database/database.js';
import { counter } from '../discord/texts/language.js';
import { Journal } from '../jobs/journal.js';
import { type Finding, failure, ok, warning } from './finding.js';

/** Checks whether the database can be opened or made, and whether all its jobs can be read. */
export async function checkDatabase(path: string): Promise<readonly Finding[]> {
  try {
    await checkDataFolder(dirname(path));
    if (!existsSync(path)) return [ok('database', `${path} will be made when the bot starts.`)];
    const database = Database.open(path);
    const damaged: string[] = [];
    const journal = new Journal(database, { onDamaged: ({ message }) => damaged.push(message) });
    const open = journal.open().length;
    database.close();
    const message = `${path} has ${counter('en')(open, 'open job')}.`;
    if (damaged.length === 0) return [ok('database', message)];
    return [warning('database', `${message} ${damaged.join(' ')}`, 'Damaged jobs are skipped; the others go on.')];
  } catch (error) {
    if (!isCoded(error, 'database')) throw error;
    return [failure('database', error.message, 'Until then, the bot does not start.')];
  }
}
